#include "proxy-agent/session/href.h"

#include <string.h>

#include "base/codec.h"
#include "base/str.h"

/* ---- apart -----------------------------------------------------------------
 */

static bool
is_alpha(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* Bytes of the scheme, 0 when the text begins with none. */
static size_t
scheme_len(struct span s)
{
	if (s.len == 0 || !is_alpha(s.ptr[0]))
		return 0;
	for (size_t i = 1; i < s.len; i++) {
		uint8_t c = s.ptr[i];

		if (c == ':')
			return i;
		if (!is_alpha(c) && !is_digit(c) && c != '+' && c != '-' &&
		    c != '.')
			return 0;
	}
	return 0;
}

static bool
is_slash(uint8_t c)
{
	return c == '/' || c == '\\'; /* as browsers do */
}

static struct span
take_until(struct span *rest, const char *ends)
{
	size_t n = 0;
	struct span got;

	while (n < rest->len && strchr(ends, (char)rest->ptr[n]) == NULL)
		n++;
	got = span_of(rest->ptr, n);
	*rest = span_skip(*rest, n);
	return got;
}

void
href_split(struct span text, struct href *out)
{
	size_t n = scheme_len(text);

	*out = (struct href){0};
	if (n > 0) {
		out->scheme = span_of(text.ptr, n);
		text = span_skip(text, n + 1);
	}
	if (text.len >= 2 && is_slash(text.ptr[0]) && is_slash(text.ptr[1])) {
		text = span_skip(text, 2);
		out->has_authority = true;
		out->authority = take_until(&text, "/\\?#");
	}
	out->path = take_until(&text, "?#");
	if (text.len > 0 && text.ptr[0] == '?') {
		text = span_skip(text, 1);
		out->has_query = true;
		out->query = take_until(&text, "#");
	}
	out->fragment = span_skip(text, 1);
}

/* Where the port begins: behind the last colon outside of brackets. */
static size_t
colon_of(struct span s)
{
	for (size_t i = s.len; i > 0; i--) {
		if (s.ptr[i - 1] == ':')
			return i - 1;
		if (!is_digit(s.ptr[i - 1]))
			break;
	}
	return s.len;
}

enum status
href_place(struct span authority, struct href_place *out)
{
	struct href_place p = {0};
	struct span rest = authority;
	uint64_t port = 0;
	size_t at;

	for (size_t i = authority.len; i > 0; i--)
		if (authority.ptr[i - 1] == '@') {
			p.has_user = true;
			p.user = span_of(authority.ptr, i - 1);
			rest = span_skip(authority, i);
			break;
		}
	at = colon_of(rest);
	p.host = span_of(rest.ptr, at);
	if (at + 1 < rest.len &&
	    str_to_u64(span_skip(rest, at + 1), 1, 65535, &port) != ST_OK)
		return ST_MALFORMED;
	p.port = (uint16_t)port;
	if (p.host.len > 2 && p.host.ptr[0] == '[' &&
	    p.host.ptr[p.host.len - 1] == ']') {
		p.v6 = true;
		p.host = span_of(p.host.ptr + 1, p.host.len - 2);
	}
	if (p.host.len == 0)
		return ST_MALFORMED;
	*out = p;
	return ST_OK;
}

uint16_t
href_port(struct span scheme)
{
	static const struct {
		const char *scheme;
		uint16_t port;
	} known[] = {{"http", 80}, {"https", 443}};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (str_is(scheme, known[i].scheme))
			return known[i].port;
	return 0;
}

/* ---- percent signs ---------------------------------------------------------
 */

static bool
is_unreserved(uint8_t c)
{
	return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_' ||
	       c == '~';
}

/* The byte that %XX at s[i] stands for, or -1. */
static int
escaped(struct span s, size_t i)
{
	int high, low;

	if (i + 2 >= s.len || s.ptr[i] != '%')
		return -1;
	high = codec_digit(s.ptr[i + 1]);
	low = codec_digit(s.ptr[i + 2]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static enum status
add_escaped(struct buf *to, uint8_t c)
{
	return buf_addf(to, "%%%02X", c);
}

enum status
href_escape(struct span s, const char *keep, struct buf *to)
{
	enum status st = ST_OK;

	for (size_t i = 0; i < s.len && st == ST_OK; i++) {
		uint8_t c = s.ptr[i];

		if (is_unreserved(c) ||
		    (c != 0 && strchr(keep, (char)c) != NULL))
			st = buf_add_byte(to, c);
		else
			st = add_escaped(to, c);
	}
	return st;
}

enum status
href_unescape(struct span s, struct buf *to)
{
	enum status st = ST_OK;

	for (size_t i = 0; i < s.len && st == ST_OK; i++) {
		int c = escaped(s, i);

		if (c < 0) {
			st = buf_add_byte(to, s.ptr[i]);
			continue;
		}
		st = buf_add_byte(to, (uint8_t)c);
		i += 2;
	}
	return st;
}

bool
href_param(struct span query, const char *name, struct buf *to)
{
	struct span pair;

	while (str_next(&query, '&', &pair)) {
		size_t eq = str_find(pair, '=');

		if (!str_is(span_of(pair.ptr, eq), name))
			continue;
		buf_clear(to);
		return href_unescape(span_skip(pair, eq + 1), to) == ST_OK;
	}
	return false;
}

/* ---- together --------------------------------------------------------------
 */

/* One spelling: %7e is ~, %2f stays, but as %2F; what may not stand is. */
static enum status
add_plain(struct buf *to, struct span s, const char *keep)
{
	enum status st = ST_OK;

	for (size_t i = 0; i < s.len && st == ST_OK; i++) {
		uint8_t c = s.ptr[i];
		int is = escaped(s, i);

		if (is >= 0) {
			st = is_unreserved((uint8_t)is)
				 ? buf_add_byte(to, (uint8_t)is)
				 : add_escaped(to, (uint8_t)is);
			i += 2;
		} else if (c != 0 && (is_unreserved(c) || strchr(keep, c))) {
			st = buf_add_byte(to, c);
		} else {
			st = add_escaped(to, c);
		}
	}
	return st;
}

static bool
is_dots(struct span part, size_t n)
{
	for (size_t i = 0; i < part.len; i++)
		if (part.ptr[i] != '.')
			return false;
	return part.len == n;
}

/* Back to the slash before the last part. */
static void
drop_part(struct buf *to, size_t from)
{
	while (to->len > from && to->data[to->len - 1] != '/')
		to->len--;
	if (to->len > from)
		to->len--;
}

static struct span
part_of(struct span path, size_t from, size_t to)
{
	return from == to ? span_of(NULL, 0)
			  : span_of(path.ptr + from, to - from);
}

/*
 * The path part by part, each behind a slash; "." and ".." are carried out
 * (RFC 3986, 5.2.4), whether or not they were spelt with percent signs.
 */
static enum status
add_path(struct buf *to, size_t from, struct span path, bool first)
{
	enum status st = ST_OK;
	size_t i = 0;

	while (st == ST_OK && (i < path.len || first)) {
		size_t start = i, at;
		bool last;

		while (i < path.len && !is_slash(path.ptr[i]))
			i++;
		last = i == path.len;
		at = to->len;
		st = buf_add_byte(to, '/');
		if (st == ST_OK)
			st = add_plain(to, part_of(path, start, i),
				       "!$&'()*+,;=:@|");
		if (st == ST_OK) {
			struct span part =
			    span_of(to->data + at + 1, to->len - at - 1);
			bool one = is_dots(part, 1), two = is_dots(part, 2);

			if (one || two)
				to->len = at;
			if (two)
				drop_part(to, from);
			if ((one || two) && last)
				st = buf_add_byte(to, '/');
		}
		i++;
		first = !last && i == path.len; /* "a/" ends in an empty part */
	}
	return st;
}

static enum status
add_lower(struct buf *to, struct span s)
{
	enum status st = ST_OK;

	for (size_t i = 0; i < s.len && st == ST_OK; i++) {
		uint8_t c = s.ptr[i];

		st = buf_add_byte(to, c >= 'A' && c <= 'Z' ? c | 0x20 : c);
	}
	return st;
}

static enum status
add_site(struct buf *to, const struct href *u)
{
	struct href_place p;
	enum status st = href_place(u->authority, &p);
	size_t from = to->len;

	if (st == ST_OK)
		st = add_lower(to, u->scheme);
	if (st != ST_OK)
		return st;
	if (p.port == href_port(span_of(to->data + from, to->len - from)))
		p.port = 0;
	for (size_t i = 0; i < p.host.len; i++)
		if (p.host.ptr[i] <= ' ' || p.host.ptr[i] == 0x7F ||
		    strchr("<>\"\\^`{|}[]%", p.host.ptr[i]) != NULL ||
		    (!p.v6 && p.host.ptr[i] == ':'))
			return ST_MALFORMED;
	st = buf_add_str(to, p.v6 ? "://[" : "://");
	if (st == ST_OK)
		st = add_lower(to, p.host);
	if (st == ST_OK && p.v6)
		st = buf_add_byte(to, ']');
	if (st == ST_OK && p.port != 0)
		st = buf_addf(to, ":%u", p.port);
	return st;
}

/* All but the last part of the path of the base. */
static struct span
folder_of(struct span path)
{
	while (path.len > 0 && !is_slash(path.ptr[path.len - 1]))
		path.len--;
	if (path.len > 0)
		path.len--;
	return path;
}

static struct span
behind_slash(struct span path)
{
	return path.len > 0 && is_slash(path.ptr[0]) ? span_skip(path, 1)
						     : path;
}

static enum status
join_path(struct buf *to, const struct href *base, const struct href *ref)
{
	size_t from = to->len;
	struct span folder;
	enum status st;

	if (ref->has_authority ||
	    (ref->path.len > 0 && is_slash(ref->path.ptr[0])))
		return add_path(to, from, behind_slash(ref->path), true);
	if (ref->path.len == 0)
		return add_path(to, from, behind_slash(base->path), true);
	folder = folder_of(base->path);
	st = folder.len == 0 ? ST_OK
			     : add_path(to, from, behind_slash(folder), false);
	if (st == ST_OK && to->len > from && to->data[to->len - 1] == '/')
		to->len--; /* the folder ended in dots */
	return st == ST_OK ? add_path(to, from, ref->path, true) : st;
}

static enum status
join(const struct href *base, const struct href *ref, struct buf *to)
{
	const struct href *site = ref->has_authority ? ref : base;
	const struct href *asked =
	    ref->has_authority || ref->has_query || ref->path.len > 0 ? ref
								      : base;
	struct href named = *site;
	enum status st;

	if (ref->has_authority && ref->scheme.len == 0)
		named.scheme = base->scheme;
	st = add_site(to, &named);
	if (st == ST_OK)
		st = join_path(to, base, ref);
	if (st == ST_OK && asked->has_query) {
		st = buf_add_byte(to, '?');
		if (st == ST_OK)
			st = add_plain(to, asked->query, "!$&'()*+,;=:@/?|[]");
	}
	return st;
}

/* Without blanks around it and without tabs and line ends anywhere. */
static enum status
clean(struct span ref, struct buf *to)
{
	enum status st = ST_OK;

	while (ref.len > 0 && ref.ptr[0] <= ' ')
		ref = span_skip(ref, 1);
	while (ref.len > 0 && ref.ptr[ref.len - 1] <= ' ')
		ref.len--;
	for (size_t i = 0; i < ref.len && st == ST_OK; i++)
		if (ref.ptr[i] != '\t' && ref.ptr[i] != '\n' &&
		    ref.ptr[i] != '\r')
			st = buf_add_byte(to, ref.ptr[i]);
	return st;
}

enum status
href_join(struct span base, struct span ref, struct buf *to)
{
	struct href from, way;
	struct buf text, out;
	enum status st;

	buf_init(&text, HREF_MAX);
	buf_init(&out, HREF_MAX);
	st = clean(ref, &text);
	if (st != ST_OK)
		goto done;
	href_split(base, &from);
	href_split(buf_span(&text), &way);
	/* "http:page" is what old pages write for "page" */
	if (way.scheme.len > 0 && !way.has_authority &&
	    way.scheme.len == from.scheme.len &&
	    span_eq(way.scheme, from.scheme))
		way.scheme = span_of(NULL, 0);
	st = way.scheme.len > 0 && !way.has_authority ? ST_MALFORMED
						      : join(&from, &way, &out);
	if (st == ST_OK) {
		buf_clear(to);
		st = buf_add(to, out.data, out.len);
	}
done:
	buf_fini(&text);
	buf_fini(&out);
	return st;
}

enum status
href_tidy(struct span text, struct buf *to)
{
	return href_join(text, text, to);
}

bool
href_same_site(struct span a, struct span b)
{
	struct href one, two;

	href_split(a, &one);
	href_split(b, &two);
	return span_eq(one.scheme, two.scheme) &&
	       span_eq(one.authority, two.authority);
}
