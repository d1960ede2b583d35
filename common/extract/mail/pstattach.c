#include <stdio.h>

#include "extract/mail/pstmessage_impl.h"
#include "extract/ole/le.h"
#include "extract/ole/mapi.h"

static enum status
inner_message(struct pst *s, const struct pst_node *n, struct span name)
{
	enum status st = ST_OK;
	struct job_outer o;

	if (!job_count(s->x))
		return ST_OK;
	job_begin_member(s->x, name, &o);
	if (s->x->depth >= s->x->budget.depth) {
		job_note(s->x, COVER_DEPTH);
		st = pst_properties(s, n);
	} else {
		st = pst_message(s, n);
	}
	job_end_member(s->x, &o);
	return st;
}

/* A node below the attachment holds a message, or an object of a program. */
static enum status
object(struct owner *o, const struct pst_property *p, struct span name)
{
	struct pst_heap h;
	struct pst_value v;
	struct pst_node n;
	uint8_t raw[4];
	bool there;

	if (!pst_value_open(&o->heap, p->value, &v))
		return ST_OK;
	there = part_pread(&v.part, raw, sizeof(raw), 0);
	pst_value_close(&v);
	if (!there || !pst_subs_find(o->s, o->heap.subs, le32(raw), &n)) {
		o->s->damage++;
		return ST_OK;
	}
	if (!pst_heap_open(o->s, &n, &h))
		return pst_bytes(o->s, &n, name);
	there = h.client == PST_CLIENT_PROPERTIES;
	pst_heap_close(&h);
	return there ? inner_message(o->s, &n, name)
		     : pst_bytes(o->s, &n, name);
}

static enum status
content(struct owner *o, struct span name)
{
	const struct pst_property *p = pst_properties_find(&o->list, MAPI_DATA);
	enum status st = ST_OK;
	struct pst_value v;

	if (p == NULL)
		return ST_OK;
	if (p->type == MAPI_OBJECT)
		return object(o, p, name);
	if (p->type != MAPI_BINARY || !pst_value_open(&o->heap, p->value, &v))
		return ST_OK;
	if (job_count(o->x))
		st = job_member(o->x, &v.part, name);
	pst_value_close(&v);
	return st;
}

static struct span
attachment_name(struct owner *o, uint8_t *dst, size_t room)
{
	static const unsigned ids[] = {MAPI_LONG_FILE_NAME, MAPI_FILE_NAME,
				       MAPI_DISPLAY_NAME};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]) && n == 0; i++)
		n = pst_short_text(&o->heap, &o->list, ids[i], dst, room);
	return n > 0 ? span_of(dst, n) : span_str("attachment");
}

static enum status
attachment(struct pst *s, const struct pst_node *n)
{
	uint8_t dst[NAME_MAX_LEN * 2];
	enum status st = ST_OK;
	struct span name;
	struct owner o;
	size_t place;

	if (!pst_owner_open(s, n, &o))
		return pst_bytes(s, n, span_str("attachment"));
	name = attachment_name(&o, dst, sizeof(dst));
	st = content(&o, name);
	if (st == ST_OK && !s->x->stop) {
		place = job_enter(s->x, name);
		st = pst_text(&o);
		if (st == ST_OK && !s->x->stop)
			st = pst_binaries(&o);
		job_leave(s->x, place);
	}
	pst_owner_close(&o);
	return st;
}

/* Is a node below the value of one of the properties? */
static bool
is_value(const struct owner *o, uint32_t nid)
{
	for (size_t i = 0; i < o->list.count; i++)
		if (o->list.list[i].value == nid)
			return true;
	return false;
}

enum status
pst_below(struct owner *o)
{
	struct pst_subs l = {.s = o->s, .bid = o->heap.subs};
	enum status st = ST_OK;
	struct pst_node n;
	char name[32];

	while (st == ST_OK && !o->x->stop && job_in_time(o->x) &&
	       pst_subs_next(&l, &n)) {
		unsigned kind = PST_NID_KIND(n.nid);

		if (kind == PST_ATTACHMENT) {
			st = attachment(o->s, &n);
		} else if (kind != PST_ATTACHMENTS && kind != PST_RECIPIENTS &&
			   !is_value(o, n.nid)) {
			snprintf(name, sizeof(name), "node %x", n.nid);
			st = pst_bytes(o->s, &n, span_str(name));
		}
	}
	return st;
}
