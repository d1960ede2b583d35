#include "extract/mail/phrase.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "extract/mail/coder.h"

#define PARAM_PIECES 256        /* of one value */
#define VALUE_MAX    (1u << 16) /* bytes of it */

static bool
blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct span
phrase_trim(struct span s)
{
	while (s.len > 0 && blank(s.ptr[0]))
		s = span_of(s.ptr + 1, s.len - 1);
	while (s.len > 0 && blank(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

struct span
phrase_first(struct span field)
{
	const uint8_t *end =
	    field.len == 0 ? NULL : memchr(field.ptr, ';', field.len);

	if (end != NULL)
		field.len = (size_t)(end - field.ptr);
	return phrase_trim(field);
}

/* ---- encoded words ---------------------------------------------------------
 */

struct word {
	struct span charset, text;
	uint8_t coding; /* 'b' or 'q' */
	size_t len;     /* of all of it */
};

static bool
up_to(struct span *rest, uint8_t mark, struct span *out)
{
	const uint8_t *end =
	    rest->len == 0 ? NULL : memchr(rest->ptr, mark, rest->len);

	if (end == NULL)
		return false;
	*out = span_of(rest->ptr, (size_t)(end - rest->ptr));
	*rest = span_skip(*rest, out->len + 1);
	return true;
}

/* "=?charset*language?B?text?=" at the beginning of s */
static bool
word_at(struct span s, struct word *w)
{
	struct span rest = span_skip(s, 2), coding;
	const uint8_t *star;

	if (s.len < 8 || s.ptr[0] != '=' || s.ptr[1] != '?' ||
	    !up_to(&rest, '?', &w->charset) || !up_to(&rest, '?', &coding) ||
	    !up_to(&rest, '?', &w->text) || coding.len != 1 ||
	    w->charset.len == 0 || w->charset.len > 64 || rest.len == 0 ||
	    rest.ptr[0] != '=')
		return false;
	w->coding = coding.ptr[0] | 0x20;
	w->len = (size_t)(rest.ptr + 1 - s.ptr);
	star = memchr(w->charset.ptr, '*', w->charset.len);
	if (star != NULL)
		w->charset.len = (size_t)(star - w->charset.ptr);
	return w->coding == 'b' || w->coding == 'q';
}

/* Bytes of words in one charset: a character may be cut between them. */
struct run {
	struct chars *chars;
	struct span charset;
	struct buf bytes;
	struct buf *to;
};

static enum status
run_flush(struct run *r)
{
	struct span s = buf_span(&r->bytes);
	enum status st = ST_OK;

	if (s.len > 0)
		st = chars_add(chars_label(r->chars, r->charset), s, r->to);
	buf_clear(&r->bytes);
	r->charset.len = 0;
	return st;
}

static enum status
run_add(struct run *r, const struct word *w)
{
	struct coder c = {
	    .coding = w->coding == 'b' ? CODING_BASE64 : CODING_QUOTED,
	    .word = true,
	};
	enum status st = ST_OK;
	bool cut;

	if (!span_eq(r->charset, w->charset))
		st = run_flush(r);
	r->charset = w->charset;
	if (st == ST_OK)
		st = buf_reserve(&r->bytes, w->text.len + 4);
	if (st != ST_OK)
		return st;
	r->bytes.len += coder_put(&c, w->text, r->bytes.data + r->bytes.len);
	r->bytes.len += coder_end(&c, r->bytes.data + r->bytes.len, &cut);
	return ST_OK;
}

/* Text up to the next encoded word; blanks between two of them are dropped. */
static enum status
plain_add(struct run *r, struct span s, bool between)
{
	enum status st = ST_OK;

	if (s.len == 0 || (between && phrase_trim(s).len == 0))
		return ST_OK;
	st = run_flush(r);
	return st == ST_OK ? buf_add(r->to, s.ptr, s.len) : st;
}

enum status
phrase_add(struct chars *c, struct span field, struct buf *to)
{
	struct run r = {.chars = c, .to = to};
	enum status st = ST_OK;
	size_t from = 0, at = 0;
	bool after = false; /* an encoded word */
	struct word w;

	buf_init(&r.bytes, VALUE_MAX * 8);
	while (st == ST_OK && at < field.len) {
		const uint8_t *next =
		    memchr(field.ptr + at, '=', field.len - at);

		if (next == NULL)
			break;
		at = (size_t)(next - field.ptr);
		if (!word_at(span_skip(field, at), &w)) {
			at++;
			continue;
		}
		st = plain_add(&r, span_of(field.ptr + from, at - from), after);
		if (st == ST_OK)
			st = run_add(&r, &w);
		from = at += w.len;
		after = true;
	}
	if (st == ST_OK)
		st = run_flush(&r);
	if (st == ST_OK)
		st = plain_add(&r, span_skip(field, from), false);
	buf_fini(&r.bytes);
	return st;
}

/* ---- parameters ------------------------------------------------------------
 */

struct param {
	struct span key, value; /* a quoted value without its quotes */
	bool escapes;           /* a backslash may stand in it */
};

static struct span
quoted_value(struct span *rest)
{
	struct span s = span_skip(*rest, 1);
	size_t n = 0;

	while (n < s.len && s.ptr[n] != '"')
		n += s.ptr[n] == '\\' && n + 1 < s.len ? 2 : 1;
	*rest = span_skip(s, n + 1);
	return span_of(s.ptr, n);
}

/* The next one behind a ';'; false: there is none. */
static bool
param_next(struct span *rest, struct param *p)
{
	struct span s, skipped;
	size_t n = 0;

	if (!up_to(rest, ';', &skipped))
		return false;
	*rest = phrase_trim(*rest);
	s = *rest;
	while (n < s.len && s.ptr[n] != '=' && s.ptr[n] != ';')
		n++;
	p->key = phrase_trim(span_of(s.ptr, n));
	p->value = span_of(NULL, 0);
	p->escapes = false;
	if (n == s.len || s.ptr[n] == ';') {
		*rest = span_skip(s, n);
		return true;
	}
	*rest = phrase_trim(span_skip(s, n + 1));
	if (rest->len > 0 && rest->ptr[0] == '"') {
		p->value = quoted_value(rest);
		p->escapes = true;
		return true;
	}
	for (n = 0; n < rest->len && rest->ptr[n] != ';';)
		n++;
	p->value = phrase_trim(span_of(rest->ptr, n));
	*rest = span_skip(*rest, n);
	return true;
}

static bool
key_is(struct span key, const char *want)
{
	return key.len == strlen(want) &&
	       strncasecmp((const char *)key.ptr, want, key.len) == 0;
}

/* Piece n of a value (or all of it, for n = 0); *coded: %XX stands in it. */
static bool
piece(struct span field, const char *name, unsigned n, struct param *out,
      bool *coded)
{
	char numbered[64], starred[64], whole[64];
	struct span rest = field;

	snprintf(numbered, sizeof(numbered), "%s*%u", name, n);
	snprintf(starred, sizeof(starred), "%s*%u*", name, n);
	snprintf(whole, sizeof(whole), "%s*", name);
	while (param_next(&rest, out)) {
		*coded = key_is(out->key, starred) ||
			 (n == 0 && key_is(out->key, whole));
		if (*coded || key_is(out->key, numbered))
			return true;
	}
	return false;
}

static bool
hex(uint8_t c, unsigned *v)
{
	if (c >= '0' && c <= '9')
		*v = *v << 4 | (unsigned)(c - '0');
	else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		*v = *v << 4 | (unsigned)((c | 0x20) - 'a' + 10);
	else
		return false;
	return true;
}

/* A value without its escapes behind what `to` holds. */
static enum status
value_add(const struct param *p, bool coded, struct buf *to)
{
	struct span s = p->value;
	enum status st = ST_OK;

	for (size_t i = 0; i < s.len && st == ST_OK; i++) {
		unsigned v = 0;

		if (coded && s.ptr[i] == '%' && i + 2 < s.len &&
		    hex(s.ptr[i + 1], &v) && hex(s.ptr[i + 2], &v)) {
			st = buf_add_byte(to, (uint8_t)v);
			i += 2;
			continue;
		}
		if (p->escapes && s.ptr[i] == '\\' && i + 1 < s.len)
			i++;
		st = buf_add_byte(to, s.ptr[i]);
	}
	return st;
}

/* charset'language'value: what it is in, and only the value is left. */
static struct span
coded_charset(struct param *p)
{
	struct span charset, language, rest = p->value;

	if (!up_to(&rest, '\'', &charset) || !up_to(&rest, '\'', &language))
		return span_of(NULL, 0);
	p->value = rest;
	return charset;
}

static enum status
plain_param(struct chars *c, struct span field, const char *name,
	    struct buf *to)
{
	struct span rest = field;
	struct param p;
	struct buf raw;
	enum status st;

	while (param_next(&rest, &p)) {
		if (!key_is(p.key, name))
			continue;
		buf_init(&raw, VALUE_MAX);
		st = value_add(&p, false, &raw);
		if (st == ST_OK)
			st = phrase_add(c, buf_span(&raw), to);
		buf_fini(&raw);
		return st;
	}
	return ST_OK;
}

enum status
phrase_param(struct chars *c, struct span field, const char *name,
	     struct buf *to)
{
	struct span charset = {0};
	enum status st = ST_OK;
	struct param p;
	struct buf raw;
	bool coded;
	unsigned n = 0;

	buf_init(&raw, VALUE_MAX);
	while (n < PARAM_PIECES && st == ST_OK &&
	       piece(field, name, n, &p, &coded)) {
		if (n++ == 0 && coded)
			charset = coded_charset(&p);
		st = value_add(&p, coded, &raw);
	}
	if (st == ST_OK && n > 0)
		st = chars_add(chars_label(c, charset), buf_span(&raw), to);
	else if (st == ST_OK)
		st = plain_param(c, field, name, to);
	buf_fini(&raw);
	return st;
}
