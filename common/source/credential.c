#include "source/credential.h"

#include <stdbool.h>
#include <string.h>

#include "base/codec.h"
#include "base/str.h"
#include "base/utf.h"
#include "source/pairs.h"

/* What is being read, and where its values go. */
struct pick {
	const uint8_t *at, *end;
	struct span target;
	uint8_t *to;
	size_t room, len;
	const char *why;
	size_t best; /* length of the target's name that fits best, + 1 */
	bool flat;   /* values stand in the outer object */
	credential_text_fn *each; /* hears of texts; or NULL */
	void *arg;
};

static enum status
wrong(struct pick *p, const char *why)
{
	p->why = why;
	return ST_MALFORMED;
}

static void
skip_space(struct pick *p)
{
	while (p->at < p->end && (*p->at == ' ' || *p->at == '\t' ||
				  *p->at == '\n' || *p->at == '\r'))
		p->at++;
}

static bool
take(struct pick *p, uint8_t c)
{
	skip_space(p);
	if (p->at == p->end || *p->at != c)
		return false;
	p->at++;
	return true;
}

static bool
hex4(struct pick *p, uint32_t *out)
{
	uint64_t n;

	if (p->end - p->at < 4 || str_to_hex(span_of(p->at, 4), &n) != ST_OK)
		return false;
	p->at += 4;
	*out = (uint32_t)n;
	return true;
}

/* A character behind \u, of two halves where need be. */
static bool
take_unicode(struct pick *p, uint32_t *out)
{
	uint32_t c, low;

	if (!hex4(p, &c))
		return false;
	if (c >= 0xd800 && c < 0xdc00) {
		if (p->end - p->at < 2 || p->at[0] != '\\' || p->at[1] != 'u')
			return false;
		p->at += 2;
		if (!hex4(p, &low) || low < 0xdc00 || low > 0xdfff)
			return false;
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	} else if (c >= 0xdc00 && c < 0xe000) {
		return false;
	}
	*out = c;
	return true;
}

/* What a backslash and the bytes behind it stand for; 0: nothing. */
static size_t
take_escape(struct pick *p, uint8_t dst[4])
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *found;
	uint32_t c;

	if (p->at == p->end)
		return 0;
	c = *p->at++;
	if (c == 'u')
		return take_unicode(p, &c) ? utf_encode(c, dst) : 0;
	found = c == 0 ? NULL : strchr(from, (int)c);
	if (found == NULL)
		return 0;
	dst[0] = (uint8_t)to[found - from];
	return 1;
}

/*
 * A text, behind its first quote. Its bytes go to the end of what there is, but
 * are counted only when their owner says so; *out borrows them.
 */
static enum status
take_text(struct pick *p, size_t from, struct span *out)
{
	size_t n = 0;

	for (;;) {
		uint8_t some[4];
		size_t k = 1;

		if (p->at == p->end || *p->at < 0x20)
			return wrong(p, "a text in it does not end");
		some[0] = *p->at++;
		if (some[0] == '"')
			break;
		if (some[0] == '\\') {
			k = take_escape(p, some);
			if (k == 0)
				return wrong(p, "an escape in it is not JSON");
		}
		if (from > p->room || k > p->room - from - n)
			return ST_LIMIT;
		memcpy(p->to + from + n, some, k);
		n += k;
	}
	*out = span_of(p->to + from, n);
	return ST_OK;
}

/* A number or a word (true, false, null), as it stands there. */
static struct span
take_bare(struct pick *p)
{
	const uint8_t *from = p->at;

	while (p->at < p->end &&
	       (*p->at == '+' || *p->at == '-' || *p->at == '.' ||
		(*p->at >= '0' && *p->at <= '9') ||
		(*p->at >= 'A' && *p->at <= 'Z') ||
		(*p->at >= 'a' && *p->at <= 'z')))
		p->at++;
	return span_of(from, (size_t)(p->at - from));
}

static bool
is_bare_value(struct span s)
{
	return str_is(s, "true") || str_is(s, "false") || str_is(s, "null") ||
	       (s.len > 0 &&
		(s.ptr[0] == '-' || (s.ptr[0] >= '0' && s.ptr[0] <= '9')));
}

static void
tell_text(const struct pick *p, struct span name, struct span value,
	  const uint8_t *quote)
{
	const struct credential_text t = {
	    .name = name,
	    .value = value,
	    .at = span_of(quote, (size_t)(p->at - quote)),
	};

	p->each(p->arg, &t);
}

/*
 * One value, behind its name, which stands at `from` (NUL and room for the
 * length are behind it): the shape of pairs.
 */
static enum status
take_value(struct pick *p, size_t from, size_t name_len, bool keep)
{
	const size_t body = from + name_len + 5;
	const uint8_t *quote;
	struct span value;
	enum status st = ST_OK;

	if (body > p->room)
		return ST_LIMIT;
	if (take(p, '"')) {
		quote = p->at - 1;
		st = take_text(p, body, &value);
		if (st == ST_OK && p->each != NULL)
			tell_text(p, span_of(p->to + from, name_len), value,
				  quote);
	} else {
		value = take_bare(p);
		if (!is_bare_value(value))
			return wrong(p, "a value is neither a text nor a "
					"number");
		if (str_is(value, "null"))
			keep = false;
		else if (value.len > p->room - body)
			st = ST_LIMIT;
		else
			memcpy(p->to + body, value.ptr, value.len);
	}
	if (st != ST_OK || !keep)
		return st;
	p->to[from + name_len] = 0;
	codec_put32(p->to + from + name_len + 1, (uint32_t)value.len);
	p->len = body + value.len;
	return ST_OK;
}

static enum status take_members(struct pick *p, bool outer, bool keep);

/* How well a target's name in the file fits; 0: not at all. */
static size_t
fits(const struct pick *p, struct span name)
{
	if (name.len > p->target.len ||
	    memcmp(name.ptr, p->target.ptr, name.len) != 0)
		return 0;
	return name.len + 1;
}

static enum status
take_member(struct pick *p, bool outer, bool keep)
{
	const size_t from = p->len;
	struct span name;
	enum status st;
	size_t fit;

	if (!take(p, '"'))
		return wrong(p, "a name is missing");
	st = take_text(p, from, &name);
	if (st != ST_OK)
		return st;
	if (!take(p, ':'))
		return wrong(p, "there is a name without a value");
	if (outer && take(p, '{')) {
		fit = fits(p, name);
		keep = fit > p->best;
		if (keep) {
			p->best = fit;
			p->len = 0;
		}
		return take_members(p, false, keep);
	}
	if (name.len == 0 || name.len > PAIRS_NAME_MAX ||
	    memchr(name.ptr, 0, name.len) != NULL)
		return wrong(p, "a name is empty or too long");
	p->flat = p->flat || outer;
	return take_value(p, from, name.len, keep);
}

/* Up to the closing bracket, behind the opening one. */
static enum status
take_members(struct pick *p, bool outer, bool keep)
{
	enum status st;

	if (take(p, '}'))
		return ST_OK;
	do {
		st = take_member(p, outer, keep);
		if (st != ST_OK)
			return st;
	} while (take(p, ','));
	return take(p, '}') ? ST_OK : wrong(p, "an object in it does not end");
}

enum status
/* NOLINTNEXTLINE(readability-non-const-parameter): written through pick */
credential_pick(struct span json, struct span target, uint8_t *to, size_t room,
		size_t *len, const char **why)
{
	struct pick p = {
	    .at = json.ptr,
	    .end = json.ptr + json.len,
	    .target = target,
	    .to = to,
	    .room = room < PAIRS_MAX ? room : PAIRS_MAX,
	};
	enum status st;

	*why = "";
	if (json.len == 0 || !take(&p, '{'))
		st = wrong(&p, "it is not a JSON object");
	else
		st = take_members(&p, true, true);
	skip_space(&p);
	if (st == ST_OK && p.at != p.end)
		st = wrong(&p, "something stands behind its object");
	if (st == ST_OK && p.flat && p.best > 0)
		st = wrong(&p, "it mixes values with objects by target");
	*why = p.why == NULL ? "" : p.why;
	if (st != ST_OK)
		return st;
	if (!p.flat && p.best == 0)
		return ST_NOTFOUND;
	*len = p.len;
	return ST_OK;
}

enum status
/* NOLINTNEXTLINE(readability-non-const-parameter): written through pick */
credential_texts(struct span json, uint8_t *to, size_t room,
		 credential_text_fn *each, void *arg, const char **why)
{
	struct pick p = {
	    .at = json.ptr,
	    .end = json.ptr + json.len,
	    .to = to,
	    .room = room < PAIRS_MAX ? room : PAIRS_MAX,
	    .each = each,
	    .arg = arg,
	};
	enum status st;

	*why = "";
	if (json.len == 0 || !take(&p, '{'))
		st = wrong(&p, "it is not a JSON object");
	else
		st = take_members(&p, true, false);
	*why = p.why == NULL ? "" : p.why;
	return st;
}

/* One scope and what stands in its object, from the beginning of `to`. */
static enum status
take_scope(struct pick *p, credential_fn *each, void *arg)
{
	struct span scope;
	enum status st;
	size_t n;

	p->len = 0;
	if (!take(p, '"'))
		return wrong(p, "a name is missing");
	st = take_text(p, 0, &scope);
	if (st != ST_OK)
		return st;
	if (!take(p, ':'))
		return wrong(p, "there is a name without a value");
	if (!take(p, '{'))
		return wrong(p, "it does not say for which targets it is: "
				"{\"sftp://host/\": {\"user\": ...}}");
	n = p->len = scope.len;
	st = take_members(p, false, true);
	if (st != ST_OK)
		return st;
	return each(arg, scope, (struct pairs){span_of(p->to + n, p->len - n)});
}

enum status
/* NOLINTNEXTLINE(readability-non-const-parameter): written through pick */
credential_each(struct span json, uint8_t *to, size_t room, credential_fn *each,
		void *arg, const char **why)
{
	struct pick p = {
	    .at = json.ptr,
	    .end = json.ptr + json.len,
	    .to = to,
	    .room = room < PAIRS_MAX ? room : PAIRS_MAX,
	};
	enum status st = ST_OK;

	*why = "";
	if (json.len == 0 || !take(&p, '{'))
		st = wrong(&p, "it is not a JSON object");
	else if (!take(&p, '}')) {
		do
			st = take_scope(&p, each, arg);
		while (st == ST_OK && take(&p, ','));
		if (st == ST_OK && !take(&p, '}'))
			st = wrong(&p, "an object in it does not end");
	}
	skip_space(&p);
	if (st == ST_OK && p.at != p.end)
		st = wrong(&p, "something stands behind its object");
	*why = p.why == NULL ? "" : p.why;
	return st;
}
