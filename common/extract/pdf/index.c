#include "extract/pdf/index.h"

#include <stdlib.h>
#include <string.h>

#include "extract/pdf/unpack.h"

#define ENDSTREAM "endstream"
#define NUM_MAX   UINT32_C(0x7fffffff)

/* The walk over the bytes. */
struct walk {
	struct pdf_file *f;
	size_t at, last; /* last: end of the object before */
	bool no_end;     /* no stream behind here has an end */
};

static struct pdf_object *
add(struct pdf_file *f, uint32_t num, uint32_t gen, struct span raw)
{
	if (f->count == f->room) {
		uint32_t room = f->room == 0 ? 256 : f->room * 2;
		struct pdf_object *o;

		if (f->count >= PDF_OBJECTS_MAX)
			return NULL;
		o = realloc(f->objects, room * sizeof(*o));
		if (o == NULL)
			return NULL;
		f->objects = o;
		f->room = room;
	}
	f->objects[f->count] = (struct pdf_object){
	    .num = num, .gen = gen, .seq = f->count, .raw = raw};
	return &f->objects[f->count++];
}

static size_t
back_digits(struct span s, size_t *at, uint32_t *v)
{
	size_t end = *at, n = 0;
	uint64_t unit = 1, sum = 0;

	while (n < 10 && n < end && s.ptr[end - n - 1] >= '0' &&
	       s.ptr[end - n - 1] <= '9') {
		sum += unit * (uint64_t)(s.ptr[end - n - 1] - '0');
		unit *= 10;
		n++;
	}
	*at = end - n;
	*v = sum <= NUM_MAX ? (uint32_t)sum : NUM_MAX;
	return n;
}

static size_t
back_blank(struct span s, size_t *at)
{
	size_t end = *at;

	while (*at > 0 && end - *at < 16 && pdf_blank(s.ptr[*at - 1]))
		(*at)--;
	return end - *at;
}

/* "12 0 " in front of the word at `at`; *head: where it begins. */
static bool
numbered(struct span s, size_t at, size_t *head, uint32_t *num, uint32_t *gen)
{
	*head = at;
	(void)back_blank(s, head);
	if (back_digits(s, head, gen) == 0 || back_blank(s, head) == 0)
		return false;
	return back_digits(s, head, num) > 0;
}

bool
pdf_body_ends(const struct pdf_file *f, const uint8_t *body, uint64_t n)
{
	const uint8_t *end = f->bytes.ptr + f->bytes.len;

	if (n > (uint64_t)(end - body))
		return false;
	body += n;
	for (int i = 0; i < 4 && body < end && pdf_blank(*body); i++)
		body++;
	return (size_t)(end - body) >= strlen(ENDSTREAM) &&
	       memcmp(body, ENDSTREAM, strlen(ENDSTREAM)) == 0;
}

/* Without a length that is right it ends where the word stands. */
static size_t
body_length(struct walk *w, struct span raw, const uint8_t *body)
{
	const uint8_t *end = w->f->bytes.ptr + w->f->bytes.len, *at = NULL;
	uint64_t n;

	if (pdf_whole(pdf_get(raw, "Length"), &n) &&
	    pdf_body_ends(w->f, body, n))
		return (size_t)n;
	if (!w->no_end)
		at = memmem(body, (size_t)(end - body), ENDSTREAM,
			    strlen(ENDSTREAM));
	w->no_end = at == NULL;
	if (at == NULL)
		w->f->damaged = true;
	return (size_t)((at == NULL ? end : at) - body);
}

/* The stream behind a dictionary, if there is one. */
static void
take_body(struct walk *w, struct pdf_object *o, struct span after)
{
	struct span word;
	size_t skip = 0;

	if (pdf_kind(o->raw) != PDF_DICT ||
	    pdf_next(&after, &word) != PDF_WORD || word.len < 6 ||
	    memcmp(word.ptr, "stream", 6) != 0)
		return;
	after =
	    span_of(word.ptr + 6,
		    w->f->bytes.len - (size_t)(word.ptr + 6 - w->f->bytes.ptr));
	if (after.len > 0 && after.ptr[0] == '\r')
		skip++;
	if (after.len > skip && after.ptr[skip] == '\n')
		skip++;
	if (after.len <= skip)
		return;
	o->body.ptr = after.ptr + skip;
	o->body.len = body_length(w, o->raw, o->body.ptr);
	/* one without an end may have swallowed others: look into it */
	if (!w->no_end)
		w->at = (size_t)(o->body.ptr + o->body.len - w->f->bytes.ptr);
}

/* The last that names a root; that an older one was encrypted still counts. */
static void
take_trailer(struct pdf_file *f, struct span dict)
{
	if (pdf_get(dict, "Root").len > 0)
		f->trailer = dict;
	if (pdf_get(dict, "Encrypt").len > 0)
		f->sealer = dict;
}

static void
look_between(struct pdf_file *f, size_t from, size_t to)
{
	static const char word[] = "trailer";
	struct span gap = span_of(f->bytes.ptr + from, to - from), dict;
	const uint8_t *at;

	while (gap.len > 0 && (at = memmem(gap.ptr, gap.len, word,
					   sizeof(word) - 1)) != NULL) {
		gap = span_skip(gap, (size_t)(at - gap.ptr) + sizeof(word) - 1);
		if (pdf_next(&gap, &dict) == PDF_DICT)
			take_trailer(f, dict);
	}
}

/* One that has no end ends where the next object begins. */
static void
cut_body(struct pdf_file *f, size_t head)
{
	struct pdf_object *o = f->count > 0 ? &f->objects[f->count - 1] : NULL;
	const uint8_t *at = f->bytes.ptr + head;

	if (o != NULL && o->body.ptr != NULL && o->body.ptr <= at &&
	    o->body.len > (size_t)(at - o->body.ptr))
		o->body.len = (size_t)(at - o->body.ptr);
}

static enum status
take_object(struct walk *w, size_t head, uint32_t num, uint32_t gen)
{
	struct span after = span_skip(w->f->bytes, w->at), raw;
	struct pdf_object *o;

	cut_body(w->f, head);
	look_between(w->f, w->last, head);
	(void)pdf_item(&after, &raw);
	if (pdf_kind(raw) == PDF_WORD && raw.len == 6 &&
	    memcmp(raw.ptr, "endobj", 6) == 0)
		raw.len = 0;
	o = add(w->f, num, gen, raw);
	if (o == NULL)
		return ST_LIMIT;
	if (raw.len > 0)
		w->at = (size_t)(raw.ptr + raw.len - w->f->bytes.ptr);
	take_body(w, o, after);
	w->last = w->at;
	if (o->body.ptr != NULL && pdf_is(pdf_get(raw, "Type"), "XRef"))
		take_trailer(w->f, raw);
	return ST_OK;
}

enum status
pdf_index(struct pdf_file *f)
{
	struct walk w = {.f = f};
	enum status st = ST_OK;
	const uint8_t *at;
	uint32_t num, gen;
	size_t head;

	while (w.at < f->bytes.len &&
	       (at = memmem(f->bytes.ptr + w.at, f->bytes.len - w.at, "obj",
			    3)) != NULL) {
		size_t found = (size_t)(at - f->bytes.ptr);

		w.at = found + 3;
		if (!numbered(f->bytes, found, &head, &num, &gen) ||
		    head < w.last)
			continue;
		if (f->count % 64 == 0 && !job_in_time(f->x))
			break;
		st = take_object(&w, head, num, gen);
		if (st != ST_OK)
			break;
	}
	look_between(f, w.last, f->bytes.len);
	f->damaged |= f->trailer.len == 0;
	if (st == ST_LIMIT)
		job_note_words(f->x, COVER_MEMORY, "more than %u objects",
			       f->count);
	return ST_OK;
}

/* ---- streams of objects
 * ----------------------------------------------------------
 */

static struct buf *
new_store(struct pdf_file *f)
{
	struct buf *s = realloc(f->stores, (f->store_count + 1) * sizeof(*s));
	uint64_t used = 0;

	if (s == NULL)
		return NULL;
	f->stores = s;
	for (size_t i = 0; i < f->store_count; i++)
		used += s[i].len;
	if (used >= f->x->budget.memory / 2)
		return NULL;
	s += f->store_count++;
	buf_init(s, (size_t)(f->x->budget.memory / 2 - used));
	return s;
}

/* Pairs of number and offset, then the objects; offsets grow. */
static void
take_packed(struct pdf_file *f, uint32_t seq, struct span all, uint64_t n,
	    uint64_t first)
{
	struct span head = span_of(all.ptr, (size_t)first), s, raw;
	uint64_t num, off, next = 0;
	bool more = n > 0 && pdf_next(&head, &s) == PDF_NUMBER &&
		    pdf_whole(s, &num) && pdf_next(&head, &s) == PDF_NUMBER &&
		    pdf_whole(s, &off);

	for (uint64_t i = 1; more && off <= all.len - first; i++) {
		uint64_t this = num, end = all.len - first;
		struct pdf_object *o;

		more = i < n && pdf_next(&head, &s) == PDF_NUMBER &&
		       pdf_whole(s, &num) &&
		       pdf_next(&head, &s) == PDF_NUMBER && pdf_whole(s, &next);
		if (more && next >= off && next < end)
			end = next;
		raw = span_of(all.ptr + first + off, (size_t)(end - off));
		(void)pdf_item(&raw, &s);
		o = this <= NUM_MAX ? add(f, (uint32_t)this, 0, s) : NULL;
		if (o == NULL || (more && next < off))
			return;
		o->seq = seq;
		o->packed = true;
		off = next;
	}
}

static void
open_packed(struct pdf_file *f, uint32_t i)
{
	struct pdf_value v = {f->objects[i].raw, &f->objects[i]};
	struct pdf_unpacked u;
	uint64_t n, first;
	struct buf *to;

	if (!pdf_whole(pdf_at(f, v, "N").raw, &n) ||
	    !pdf_whole(pdf_at(f, v, "First").raw, &first))
		return;
	to = new_store(f);
	if (to == NULL) {
		f->damaged = true;
		return;
	}
	pdf_unpack(f, &f->objects[i], to, &u);
	f->damaged |= u.damaged || u.full || u.left.len > 0;
	if (first < to->len) {
		f->objects[i].seen = true;
		take_packed(f, f->objects[i].seq, buf_span(to), n, first);
	}
}

enum status
pdf_index_packed(struct pdf_file *f)
{
	uint32_t count = f->count;

	for (uint32_t i = 0; i < count && job_in_time(f->x); i++)
		if (f->objects[i].body.ptr != NULL &&
		    pdf_is(pdf_get(f->objects[i].raw, "Type"), "ObjStm"))
			open_packed(f, i);
	return ST_OK;
}
