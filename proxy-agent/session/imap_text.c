#include "proxy-agent/session/imap_text.h"

#include <ctype.h>
#include <string.h>

#include "base/str.h"
#include "base/utf.h"

/* ---- words ---- */

static bool
ends_word(uint8_t c)
{
	return c == ' ' || c == '(' || c == ')';
}

/* Behind the closing quote; the whole when there is none. */
static size_t
quoted_end(struct span s)
{
	size_t i = 1;

	while (i < s.len && s.ptr[i] != '"')
		i += s.ptr[i] == '\\' ? 2 : 1;
	return i < s.len ? i + 1 : s.len;
}

bool
imap_word(struct span *rest, struct span *word)
{
	size_t n = 0;

	while (rest->len > 0 && ends_word(rest->ptr[0]))
		*rest = span_skip(*rest, 1);
	if (rest->len == 0)
		return false;
	if (rest->ptr[0] == '"') {
		n = quoted_end(*rest);
		*word = span_of(rest->ptr + 1, n >= 2 ? n - 2 : 0);
	} else {
		while (n < rest->len && !ends_word(rest->ptr[n]))
			n++;
		*word = span_of(rest->ptr, n);
	}
	*rest = span_skip(*rest, n);
	return true;
}

bool
imap_literal(struct span line, uint64_t *len)
{
	const uint8_t *open;

	if (line.len < 3 || line.ptr[line.len - 1] != '}')
		return false;
	open = memrchr(line.ptr, '{', line.len);
	if (open == NULL)
		return false;
	open++;
	return str_to_u64(
		   span_of(open, (size_t)(line.ptr + line.len - 1 - open)), 0,
		   UINT32_MAX, len) == ST_OK;
}

static bool
same(struct span a, struct span b)
{
	for (size_t i = 0; i < a.len && i < b.len; i++)
		if (tolower(a.ptr[i]) != tolower(b.ptr[i]))
			return false;
	return a.len == b.len;
}

bool
imap_numbered(struct span line, struct span verb, uint64_t *number,
	      struct span *rest)
{
	struct span word;

	if (!str_starts(line, "* "))
		return false;
	line = span_skip(line, 2);
	if (!imap_word(&line, &word) ||
	    str_to_u64(word, 0, UINT32_MAX, number) != ST_OK ||
	    !imap_word(&line, &word) || !same(word, verb))
		return false;
	*rest = line;
	return true;
}

bool
imap_number_of(struct span list, const char *name, uint64_t *number)
{
	struct span word;

	while (imap_word(&list, &word))
		if (same(word, span_str(name)))
			return imap_word(&list, &word) &&
			       str_to_u64(word, 0, UINT64_MAX, number) == ST_OK;
	return false;
}

/* ---- quoting ---- */

enum status
imap_quote(struct buf *to, struct span s)
{
	enum status st = buf_add_byte(to, '"');

	for (size_t i = 0; st == ST_OK && i < s.len; i++) {
		if (s.ptr[i] == '\r' || s.ptr[i] == '\n' || s.ptr[i] == 0)
			return ST_MALFORMED;
		if (s.ptr[i] == '"' || s.ptr[i] == '\\')
			st = buf_add_byte(to, '\\');
		if (st == ST_OK)
			st = buf_add_byte(to, s.ptr[i]);
	}
	return st == ST_OK ? buf_add_byte(to, '"') : st;
}

enum status
imap_plain(struct buf *to, struct span word)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < word.len; i++) {
		if (word.ptr[i] == '\\' && i + 1 < word.len)
			i++;
		st = buf_add_byte(to, word.ptr[i]);
	}
	return st;
}

/* ---- names of folders ---- */

static int
value64(uint8_t c)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm"
				      "nopqrstuvwxyz0123456789+,";
	const char *at = c == 0 ? NULL : strchr(letters, c);

	return at == NULL ? -1 : (int)(at - letters);
}

static enum status
add_rune(struct buf *to, uint32_t r)
{
	uint8_t b[4];
	size_t n = utf_encode(r, b);

	return n > 0 ? buf_add(to, b, n) : ST_OK;
}

/* UTF-16 that is met unit by unit. */
struct units {
	uint32_t bits, count; /* of base64 that make no unit yet */
	uint32_t high;        /* first half of a pair, or 0 */
};

static enum status
add_unit(struct buf *to, struct units *u, uint32_t unit)
{
	uint32_t rune = unit;

	if ((unit & 0xfc00) == 0xd800) {
		u->high = unit;
		return ST_OK;
	}
	if ((unit & 0xfc00) == 0xdc00) {
		rune = u->high == 0 ? 0xfffd
				    : 0x10000 + ((u->high & 0x3ff) << 10) +
					  (unit & 0x3ff);
		u->high = 0;
	}
	return add_rune(to, rune);
}

/* What stands between "&" and "-"; false: it is no base64. */
static bool
add_shifted(struct buf *to, struct span s, enum status *st)
{
	struct units u = {0};

	*st = ST_OK;
	for (size_t i = 0; *st == ST_OK && i < s.len; i++) {
		int v = value64(s.ptr[i]);

		if (v < 0)
			return false;
		u.bits = u.bits << 6 | (uint32_t)v;
		u.count += 6;
		if (u.count >= 16) {
			u.count -= 16;
			*st = add_unit(to, &u, u.bits >> u.count & 0xffff);
		}
	}
	return true;
}

enum status
imap_folder_name(struct buf *to, struct span name)
{
	enum status st = ST_OK;

	while (st == ST_OK && name.len > 0) {
		size_t n = str_find(span_skip(name, 1), '-');
		struct span in = span_of(name.ptr + 1, n);
		size_t mark = to->len;

		if (name.ptr[0] != '&' || n + 1 >= name.len) {
			st = buf_add_byte(to, name.ptr[0]);
			name = span_skip(name, 1);
			continue;
		}
		if (in.len == 0)
			st = buf_add_byte(to, '&');
		else if (!add_shifted(to, in, &st)) {
			to->len = mark;
			st = buf_add(to, name.ptr, n + 2);
		}
		name = span_skip(name, n + 2);
	}
	return st;
}
