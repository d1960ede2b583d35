#include "proxy-agent/source/cloud/changes.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/codec.h"
#include "model/pack.h"
#include "proxy-agent/session/sealed.h"
#include "proxy-agent/source/cloud/json.h"
#include "proxy-agent/source/turns.h"

#define DAY_S     86400
#define PLACE_MAX (64 * 1024) /* bytes of a position */
#define TEXT_MAX  (64 * 1024) /* of an element */
#define PIECE     (1u << 20)

struct changes {
	struct changes_ops ops;
	const struct source_past *past;
	struct vault key;
	struct buf kept; /* what was kept, open; drives behind the head */
	struct buf out;  /* what will be */
	struct buf place, room;
	struct buf drive; /* at hand */
	struct mirror *at;
	bool resumed, told;
};

/* One drive as it is kept. */
struct section {
	struct span drive, place, items;
	uint64_t listed_s; /* when it was listed as a whole */
};

/* ---- what is kept ---- */

static void
put_head(struct packer *p, const struct section *s, size_t items)
{
	uint8_t length[8];

	codec_put64(length, items);
	pack_span(p, s->drive);
	pack_num(p, s->listed_s);
	pack_span(p, s->place);
	pack_bytes(p, length, sizeof(length));
}

static bool
next_section(struct span *rest, struct section *out)
{
	struct unpacker u = unpacker_of(*rest);
	uint8_t length[8] = {0};

	if (rest->len == 0)
		return false;
	out->drive = unpack_span(&u);
	out->listed_s = unpack_num(&u);
	out->place = unpack_span(&u);
	unpack_bytes(&u, length, sizeof(length));
	if (u.st != ST_OK || codec_get64(length) > u.rest.len)
		return false;
	out->items = span_of(u.rest.ptr, (size_t)codec_get64(length));
	*rest = span_skip(u.rest, out->items.len);
	return true;
}

static bool
find(struct span all, struct span drive, struct section *out)
{
	while (next_section(&all, out))
		if (span_eq(out->drive, drive))
			return true;
	return false;
}

static struct span
sections(const struct buf *b)
{
	return span_skip(buf_span(b), SEALED_HEAD);
}

/* Whatever is wrong with it, it is as if there were none. */
static enum status
open_kept(struct changes *c, struct span sealed)
{
	enum status st = ST_OK;

	if (sealed.len > 0 && sealed.len <= c->kept.cap)
		st = buf_add(&c->kept, sealed.ptr, sealed.len);
	if (st == ST_OK &&
	    sealed_open(&c->key, c->kept.data, c->kept.len) != ST_OK)
		buf_clear(&c->kept);
	return st;
}

enum status
changes_open(const struct source_target *t, const struct changes_ops *ops,
	     struct changes **out)
{
	static const uint8_t head[SEALED_HEAD];
	struct changes *c;
	enum status st;

	if (t->past == NULL || t->known == NULL || t->count || t->browse)
		return ST_OK;
	c = calloc(1, sizeof(*c));
	if (c == NULL)
		return ST_NOMEM;
	c->ops = *ops;
	c->past = t->past;
	c->key.fd = -1;
	c->resumed = t->cursor.len > 0;
	buf_init(&c->kept, CHANGES_MAX);
	buf_init(&c->out, CHANGES_MAX);
	buf_init(&c->place, PLACE_MAX);
	buf_init(&c->room, TEXT_MAX);
	buf_init(&c->drive, PLACE_MAX);
	st = sealed_key(t->access, &c->key);
	if (st == ST_OK)
		st = open_kept(c, t->past->kept);
	if (st == ST_OK)
		st = buf_add(&c->out, head, sizeof(head));
	if (st == ST_OK)
		*out = c;
	else
		changes_close(c);
	return st;
}

void
changes_close(struct changes *c)
{
	if (c == NULL)
		return;
	mirror_close(c->at);
	vault_close(&c->key);
	buf_fini(&c->kept);
	buf_fini(&c->out);
	buf_fini(&c->place);
	buf_fini(&c->room);
	buf_fini(&c->drive);
	free(c);
}

/* ---- asking ---- */

static enum status
take_element(struct changes *c, const struct cloud_changes *how,
	     struct mirror *m, json_t *element)
{
	struct mirror_change one = {0};
	char *text = NULL;
	enum status st;

	buf_clear(&c->room);
	st = how->read(element, &one, &c->room);
	if (st == ST_OK && !one.gone) {
		text = json_dumps(element, JSON_COMPACT);
		st = text == NULL ? ST_NOMEM : ST_OK;
		one.text = span_str(text);
	}
	if (st == ST_OK && one.key.len > 0)
		st = mirror_add(m, &one);
	free(text);
	return st;
}

static enum status
take_page(struct changes *c, const struct cloud_changes *how, struct mirror *m,
	  json_t *root, bool *more)
{
	json_t *all = cloud_at(root, how->entries), *one;
	struct span next = cloud_text(root, how->next);
	enum status st = json_is_array(all) ? ST_OK : ST_MALFORMED;
	size_t i;

	json_array_foreach(all, i, one)
	{
		if (st == ST_OK)
			st = take_element(c, how, m, one);
	}
	*more =
	    how->go_on != NULL ? cloud_true(root, how->go_on) : next.len > 0;
	if (!*more)
		next = cloud_text(root, how->position);
	if (st == ST_OK && next.len == 0)
		st = ST_MALFORMED;
	buf_clear(&c->place);
	return st == ST_OK ? buf_add(&c->place, next.ptr, next.len) : st;
}

/* All pages from c->place on; what goes on for ever ends. */
static enum status
take_all(struct changes *c, const struct cloud_changes *how, struct mirror *m)
{
	struct turns turns;
	enum status st = ST_OK;
	bool more = true;

	turns_init(&turns);
	while (st == ST_OK && more) {
		json_t *root = NULL;

		st = c->ops.ask(c->ops.arg, how, buf_span(&c->place), &root);
		if (st == ST_OK)
			st = take_page(c, how, m, root, &more);
		if (st == ST_OK && more)
			st = turns_take(
			    &turns,
			    json_array_size(cloud_at(root, how->entries)),
			    buf_span(&c->place));
		json_decref(root);
	}
	turns_fini(&turns);
	return st;
}

/* From a position and what stood there then; both empty: all of it. */
static enum status
follow(struct changes *c, const struct cloud_changes *how,
       const struct section *from)
{
	struct mirror_change root = {0};
	struct mirror *m = NULL;
	enum status st = mirror_open(CHANGES_MAX, &m);

	buf_clear(&c->place);
	if (st == ST_OK)
		st = buf_add(&c->place, from->place.ptr, from->place.len);
	if (st == ST_OK)
		st = mirror_read(m, from->items);
	if (st == ST_OK && how->root != NULL && from->items.len == 0) {
		root.key = span_str(how->root);
		st = mirror_add(m, &root);
	}
	if (st == ST_OK)
		st = take_all(c, how, m);
	if (st == ST_OK)
		st = mirror_settle(m);
	if (st == ST_OK)
		c->at = m;
	else
		mirror_close(m);
	return st;
}

/* What does not fit is not kept, and listed anew next time. */
static void
remember(struct changes *c, struct section *s)
{
	const size_t before = c->out.len;
	struct packer p = packer_to(&c->out);
	size_t items;

	s->place = buf_span(&c->place);
	put_head(&p, s, 0);
	items = c->out.len;
	if (p.st == ST_OK)
		p.st = mirror_write(c->at, &c->out);
	if (p.st == ST_OK)
		codec_put64(c->out.data + items - 8, c->out.len - items);
	else
		c->out.len = before;
}

static bool
is_fresh(const struct section *s, int64_t now)
{
	return now >= (int64_t)s->listed_s &&
	       now - (int64_t)s->listed_s < (int64_t)CHANGES_DAYS * DAY_S;
}

enum status
changes_enter(struct changes *c, const struct cloud_changes *how,
	      struct span drive)
{
	const int64_t now = clock_wall_s(clock_system());
	struct section s = {0};
	enum status st = ST_NOTFOUND;

	if (c->at != NULL && span_eq(drive, buf_span(&c->drive)))
		return ST_OK;
	changes_leave(c);
	if (find(sections(&c->kept), drive, &s) && is_fresh(&s, now))
		st = follow(c, how, &s);
	if (st != ST_OK) {
		s = (struct section){.listed_s = (uint64_t)now};
		st = follow(c, how, &s);
	}
	if (st != ST_OK)
		return st == ST_NOMEM ? st : ST_UNSUPPORTED;
	s.drive = drive;
	remember(c, &s);
	buf_clear(&c->drive);
	return buf_add(&c->drive, drive.ptr, drive.len);
}

void
changes_leave(struct changes *c)
{
	mirror_close(c->at);
	c->at = NULL;
}

bool
changes_within(const struct changes *c)
{
	return c->at != NULL;
}

bool
changes_child(const struct changes *c, struct span parent, size_t n,
	      struct span *text)
{
	return mirror_child(c->at, parent, n, text);
}

/* ---- keeping ---- */

/* One that went on from a position did not come by the drives before it. */
static void
take_over(struct changes *c)
{
	struct span all = sections(&c->kept);
	struct section s, same;

	while (c->resumed && next_section(&all, &s)) {
		const size_t before = c->out.len;
		struct packer p = packer_to(&c->out);

		if (find(sections(&c->out), s.drive, &same))
			continue;
		put_head(&p, &s, s.items.len);
		if (p.st == ST_OK)
			pack_bytes(&p, s.items.ptr, s.items.len);
		if (p.st != ST_OK)
			c->out.len = before;
	}
}

void
changes_keep(struct changes *c)
{
	struct span rest;

	changes_leave(c);
	if (c->told)
		return;
	c->told = true;
	take_over(c);
	sealed_shut(&c->key, c->out.data, c->out.len);
	for (rest = buf_span(&c->out); rest.len > PIECE;
	     rest = span_skip(rest, PIECE))
		c->past->keep(c->past->arg, span_of(rest.ptr, PIECE), false);
	c->past->keep(c->past->arg, rest, true);
}
