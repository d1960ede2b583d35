#include "extract/mail/sealed.h"

#include <string.h>

#define OID_MAX 16

/* The kinds of content, as they are written. */
static const char oid_data[] = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
static const char oid_signed[] = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
static const struct {
	const char *oid;
	const char *words;
} sealed[] = {
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03", "S/MIME, enveloped"},
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x04", "S/MIME, enveloped"},
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x06", "CMS, encrypted"},
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17", "S/MIME, enveloped"},
};
#define SEALED (sizeof(sealed) / sizeof(sealed[0]))

/* One tag with its length; len is UINT64_MAX when its end is marked. */
struct tag {
	uint8_t id;
	size_t head; /* bytes of tag and length */
	uint64_t len;
};

static bool
tag_at(struct span s, struct tag *t)
{
	size_t n;

	if (s.len < 2 || (s.ptr[0] & 0x1f) == 0x1f)
		return false;
	*t = (struct tag){.id = s.ptr[0], .head = 2, .len = s.ptr[1]};
	if (s.ptr[1] < 0x80)
		return true;
	n = s.ptr[1] & 0x7f;
	t->len = n == 0 ? UINT64_MAX : 0;
	if (n > 6 || s.len < 2 + n)
		return false;
	for (size_t i = 0; i < n; i++)
		t->len = t->len << 8 | s.ptr[2 + i];
	t->head += n;
	return true;
}

/* An object identifier behind the tag of a sequence. */
static struct span
kind_of(struct span s)
{
	struct tag t;

	if (!tag_at(s, &t) || t.id != 0x30)
		return span_of(NULL, 0);
	s = span_skip(s, t.head);
	if (!tag_at(s, &t) || t.id != 6 || t.len > OID_MAX ||
	    s.len < t.head + t.len)
		return span_of(NULL, 0);
	return span_of(s.ptr + t.head, (size_t)t.len);
}

static const char *
sealed_words(struct span kind)
{
	if (kind.ptr == NULL)
		return NULL;
	for (size_t i = 0; i < SEALED; i++)
		if (span_eq(kind, span_str(sealed[i].oid)))
			return sealed[i].words;
	return NULL;
}

bool
sealed_is_cms(struct format_look *l)
{
	struct span kind = kind_of(l->head);

	return kind.ptr != NULL && (span_eq(kind, span_str(oid_signed)) ||
				    sealed_words(kind) != NULL);
}

/* ---- signed content --------------------------------------------------------
 */

struct content {
	struct part *p;
	uint64_t left;  /* of the string at hand */
	bool in_pieces; /* strings until an end mark */
	bool end;
};

static bool
enter(struct part *p, uint8_t id, struct tag *t)
{
	if (!tag_at(part_peek(p, 8), t) || t->id != id)
		return false;
	part_consume(p, t->head);
	return true;
}

static bool
pass(struct part *p, uint8_t id)
{
	struct tag t;

	if (!enter(p, id, &t) || t.len > PART_BUF / 2 ||
	    part_peek(p, (size_t)t.len).len < t.len)
		return false;
	part_consume(p, (size_t)t.len);
	return true;
}

/* To the content; what was passed is structure and no text. */
static bool
find_content(struct part *p, struct content *c)
{
	struct span kind;
	struct tag t;

	if (!enter(p, 0x30, &t) || !pass(p, 6) || !enter(p, 0xa0, &t) ||
	    !enter(p, 0x30, &t) || !pass(p, 2) || !pass(p, 0x31))
		return false;
	kind = kind_of(part_peek(p, 32));
	if (kind.ptr == NULL || !span_eq(kind, span_str(oid_data)) ||
	    !enter(p, 0x30, &t) || !pass(p, 6) || !enter(p, 0xa0, &t))
		return false;
	*c = (struct content){.p = p};
	if (enter(p, 0x24, &t)) {
		c->in_pieces = true;
		return true;
	}
	if (!enter(p, 4, &t) || t.len == UINT64_MAX)
		return false;
	c->left = t.len;
	return true;
}

static enum status
content_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct content *c = arg;
	struct tag t;

	*got = 0;
	while (c->left == 0 && !c->end) {
		c->end =
		    !c->in_pieces || !enter(c->p, 4, &t) || t.len == UINT64_MAX;
		if (!c->end)
			c->left = t.len;
	}
	if (c->left == 0)
		return ST_OK;
	*got = part_read(c->p, dst, n < c->left ? n : (size_t)c->left);
	c->left -= *got;
	if (*got == 0)
		return c->p->failed == ST_OK ? ST_CLOSED : c->p->failed;
	return ST_OK;
}

enum status
sealed_cms(struct extractor *x, struct part *p)
{
	const char *words = sealed_words(kind_of(part_peek(p, 64)));
	struct content c;
	struct part inner = {
	    .arg = &c, .read = content_read, .size = UINT64_MAX};
	enum status st = ST_OK;

	if (words != NULL)
		job_note_words(x, COVER_ENCRYPTED, "%s", words);
	else if (find_content(p, &c) && job_count(x))
		st = job_member(x, &inner, span_str("signed content"));
	return st == ST_OK && !x->stop ? job_rest(x, p) : st;
}

enum status
sealed_pgp(struct extractor *x, struct part *p)
{
	job_note_words(x, COVER_ENCRYPTED, "a PGP message");
	return job_rest(x, p);
}
