#include "extract/mail/header.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "extract/made.h"
#include "extract/mail/phrase.h"

#define NAMES        64 /* fields of different names that are told apart */
#define NAME_MAX_LEN 40

struct names {
	char name[NAMES][NAME_MAX_LEN];
	unsigned count;
};

struct reading {
	struct extractor *x;
	struct header *h;
	struct made *made;
	struct chars *chars;
	struct names names;
	uint8_t *field; /* unfolded, HEADER_FIELD bytes */
	size_t len;
	bool going; /* a field was begun whose rest goes out as it is */
};

static size_t
say(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	static const char word[] = "header";
	const struct names *names = arg;
	size_t n = sizeof(word) - 1, len;

	if (room < n + 1 + NAME_MAX_LEN)
		return 0;
	memcpy(dst, word, n);
	if (m->a >= names->count)
		return n;
	dst[n++] = ' ';
	len = strlen(names->name[m->a]);
	memcpy(dst + n, names->name[m->a], len);
	return n + len;
}

static uint32_t
name_number(struct names *names, struct span s)
{
	unsigned i;

	if (s.len == 0 || s.len >= NAME_MAX_LEN)
		return NAMES;
	for (i = 0; i < names->count; i++)
		if (strlen(names->name[i]) == s.len &&
		    strncasecmp(names->name[i], (const char *)s.ptr, s.len) ==
			0)
			return i;
	if (i == NAMES)
		return NAMES;
	memcpy(names->name[i], s.ptr, s.len);
	names->name[i][s.len] = 0;
	names->count++;
	return i;
}

static void
copy_lower(char *dst, size_t room, struct span s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len && n + 1 < room; i++)
		dst[n++] = (char)tolower(s.ptr[i]);
	dst[n] = 0;
}

/* A parameter into dst of `room`, when it is there. */
static void
param(struct reading *r, struct span field, const char *name, char *dst,
      size_t room)
{
	struct buf b;
	size_t n;

	buf_init(&b, HEADER_FIELD * 4);
	if (phrase_param(r->chars, field, name, &b) == ST_OK && b.len > 0) {
		n = b.len < room - 1 ? b.len : room - 1;
		memcpy(dst, b.data, n);
		dst[n] = 0;
	}
	buf_fini(&b);
}

static void
content_type(struct reading *r, struct span v)
{
	struct header *h = r->h;

	copy_lower(h->type, sizeof(h->type), phrase_first(v));
	param(r, v, "charset", h->charset, sizeof(h->charset));
	param(r, v, "boundary", h->boundary, sizeof(h->boundary));
	param(r, v, "smime-type", h->smime, sizeof(h->smime));
	if (h->name[0] == 0)
		param(r, v, "name", h->name, sizeof(h->name));
}

static void
content_disposition(struct reading *r, struct span v)
{
	struct span word = phrase_first(v);

	r->h->attached = word.len == 10 && strncasecmp((const char *)word.ptr,
						       "attachment", 10) == 0;
	param(r, v, "filename", r->h->name, sizeof(r->h->name));
}

static void
transfer_encoding(struct reading *r, struct span v)
{
	struct span word = phrase_first(v);

	r->h->coding = coder_find(word);
	copy_lower(r->h->coding_word, sizeof(r->h->coding_word), word);
}

static void
keep(struct reading *r, struct span name, struct span value)
{
	static const struct {
		const char *name;
		void (*keep)(struct reading *r, struct span value);
	} fields[] = {
	    {"Content-Type", content_type},
	    {"Content-Disposition", content_disposition},
	    {"Content-Transfer-Encoding", transfer_encoding},
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (name.len == strlen(fields[i].name) &&
		    strncasecmp((const char *)name.ptr, fields[i].name,
				name.len) == 0)
			fields[i].keep(r, value);
}

/* One field, as far as it was held. */
static enum status
field(struct reading *r)
{
	struct span s = span_of(r->field, r->len), name = s;
	const uint8_t *colon = s.len == 0 ? NULL : memchr(s.ptr, ':', s.len);
	struct buf text;
	enum status st;

	r->len = 0;
	if (s.len == 0)
		return ST_OK;
	name.len = colon == NULL ? 0 : (size_t)(colon - s.ptr);
	if (colon != NULL)
		keep(r, phrase_trim(name), span_skip(s, name.len + 1));
	r->h->any = r->h->any || colon != NULL;
	made_mark(r->made, name_number(&r->names, phrase_trim(name)), 0);
	buf_init(&text, HEADER_FIELD * 4);
	st = phrase_add(r->chars, s, &text);
	made_text(r->made, st == ST_OK ? buf_span(&text) : s);
	if (!r->going)
		made_byte(r->made, '\n');
	buf_fini(&text);
	return st == ST_LIMIT ? ST_OK : st;
}

static bool
folded(const struct reading *r, const uint8_t *line, size_t len)
{
	return r->len > 0 && len > 0 && (line[0] == ' ' || line[0] == '\t');
}

/* A field that is longer than what we hold goes out in pieces. */
static enum status
piece(struct reading *r, struct lines *l)
{
	enum status st;

	r->going = true;
	st = field(r);
	while (st == ST_OK && l->inside &&
	       lines_read(l, r->field, HEADER_FIELD, &r->len))
		made_text(r->made, span_of(r->field, r->len));
	made_byte(r->made, '\n');
	r->going = false;
	r->len = 0;
	return st;
}

static enum status
lines_of_header(struct reading *r, struct lines *l)
{
	uint8_t *line = r->field + HEADER_FIELD;
	enum status st = ST_OK;
	size_t n;

	while (st == ST_OK && !r->x->stop &&
	       lines_read(l, line, HEADER_FIELD, &n) && n > 0) {
		if (!folded(r, line, n) || n > HEADER_FIELD - r->len)
			st = field(r);
		memcpy(r->field + r->len, line, n);
		r->len += n;
		if (st == ST_OK && l->inside)
			st = piece(r, l);
	}
	return st == ST_OK ? field(r) : st;
}

enum status
header_read(struct extractor *x, struct lines *l, struct span before,
	    struct header *h)
{
	struct reading *r = calloc(1, sizeof(*r));
	enum status st = ST_NOMEM, end;

	*h = (struct header){.coding = CODING_NONE};
	if (r == NULL)
		return ST_NOMEM;
	*r = (struct reading){.x = x, .h = h, .chars = chars_of(x)};
	r->field = malloc(2 * (size_t)HEADER_FIELD);
	if (r->field != NULL)
		st = made_begin(x, &r->made, say, &r->names);
	if (st == ST_OK) {
		made_text(r->made, before);
		if (before.len > 0)
			made_byte(r->made, '\n');
		st = lines_of_header(r, l);
		end = made_end(r->made);
		st = st == ST_OK ? end : st;
	}
	free(r->field);
	free(r);
	return st;
}
