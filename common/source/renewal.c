#include "source/renewal.h"

#include <string.h>

#include "base/must.h"
#include "base/str.h"
#include "source/credential.h"
#include "source/pairs.h"

static const char the_one[] = "refresh_token";

/* What stands in JSON as it is. */
static bool
is_plain(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] <= ' ' || s.ptr[i] >= 0x7f || s.ptr[i] == '"' ||
		    s.ptr[i] == '\\')
			return false;
	return s.len > 0;
}

enum status
/* NOLINTNEXTLINE(readability-non-const-parameter): pairs_add() writes there */
renewal_pack(const struct renewal *r, uint8_t *to, size_t room, size_t *len)
{
	size_t n = 0;
	enum status st = pairs_add(to, room, &n, span_str("name"), r->name);

	if (st == ST_OK)
		st = pairs_add(to, room, &n, span_str("was"), r->was);
	if (st == ST_OK)
		st = pairs_add(to, room, &n, span_str("is"), r->is);
	if (st == ST_OK)
		*len = n;
	return st;
}

enum status
renewal_unpack(struct span s, struct renewal *out)
{
	const struct pairs w = {s};
	const struct renewal r = {
	    .name = pairs_find(w, "name"),
	    .was = pairs_find(w, "was"),
	    .is = pairs_find(w, "is"),
	};

	if (!pairs_check(s) || !str_is(r.name, the_one) || r.was.len == 0 ||
	    !is_plain(r.is))
		return ST_MALFORMED;
	*out = r;
	return ST_OK;
}

/* ---- in a file ---- */

struct copy {
	const struct renewal *r;
	struct span rest; /* of the file, not yet copied */
	uint8_t *to;
	size_t room, len, count;
	enum status st;
};

static void
put(struct copy *c, struct span s)
{
	if (c->st == ST_OK && s.len > c->room - c->len)
		c->st = ST_LIMIT;
	if (c->st != ST_OK || s.len == 0)
		return;
	memcpy(c->to + c->len, s.ptr, s.len);
	c->len += s.len;
}

static void
on_text(void *arg, const struct credential_text *t)
{
	struct copy *c = arg;
	size_t before = (size_t)(t->at.ptr - c->rest.ptr) + 1; /* its quote */

	if (!span_eq(t->name, c->r->name) || !span_eq(t->value, c->r->was))
		return;
	put(c, span_of(c->rest.ptr, before));
	put(c, c->r->is);
	c->rest = span_skip(c->rest, before - 1 + t->at.len - 1);
	c->count++;
}

enum status
renewal_apply(const struct renewal *r, struct span json, uint8_t *to,
	      size_t room, size_t *len)
{
	struct copy c = {
	    .r = r, .rest = json, .to = to, .room = room - PAIRS_MAX};
	const char *why;
	enum status st;

	must(room >= RENEWAL_ROOM && json.len <= room - RENEWAL_ROOM);
	st = credential_texts(json, to + c.room, PAIRS_MAX, on_text, &c, &why);
	put(&c, c.rest);
	if (st == ST_OK)
		st = c.st;
	if (st == ST_OK && c.count == 0)
		st = ST_NOTFOUND;
	if (st == ST_OK)
		*len = c.len;
	return st;
}
