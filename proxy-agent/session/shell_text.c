#include "proxy-agent/session/shell_text.h"

#include <string.h>
#include <sys/stat.h>

#include "base/str.h"

void
shell_mark_make(struct shell_mark *m, const uint8_t random[16])
{
	static const char digits[] = "0123456789abcdef";
	char *to = m->text;

	*to++ = '\n';
	for (size_t i = 0; i < 16; i++) {
		*to++ = digits[random[i] >> 4];
		*to++ = digits[random[i] & 15];
	}
	*to++ = ' ';
	*to = 0;
}

/* Bytes at the end that may be the front of the mark. */
static size_t
held_back(struct span have, const struct shell_mark *m)
{
	size_t n = have.len < SHELL_MARK - 1 ? have.len : SHELL_MARK - 1;

	while (n > 0 && memcmp(have.ptr + have.len - n, m->text, n) != 0)
		n--;
	return n;
}

size_t
shell_output(struct span have, const struct shell_mark *m, uint8_t *letter)
{
	const uint8_t *at;
	size_t before;

	*letter = 0;
	if (have.len == 0)
		return 0;
	at = memmem(have.ptr, have.len, m->text, SHELL_MARK);
	if (at == NULL)
		return have.len - held_back(have, m);
	before = (size_t)(at - have.ptr);
	if (have.len - before >= SHELL_MARK + SHELL_TAIL)
		*letter = at[SHELL_MARK];
	return before;
}

enum status
shell_quote(struct buf *to, struct span word)
{
	enum status st = buf_add_byte(to, '\'');

	if (word.len > 0 && memchr(word.ptr, 0, word.len) != NULL)
		return ST_MALFORMED;
	while (st == ST_OK && word.len > 0) {
		size_t n = str_find(word, '\'');

		st = buf_add(to, word.ptr, n);
		if (st == ST_OK && n < word.len)
			st = buf_add_str(to, "'\\''");
		word = span_skip(word, n + 1);
	}
	return st == ST_OK ? buf_add_byte(to, '\'') : st;
}

/* ---- entries ---------------------------------------------------------------
 */

static bool
take_octal(struct span s, uint32_t *out)
{
	*out = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '7')
			return false;
		*out = *out << 3 | (uint32_t)(s.ptr[i] - '0');
	}
	return s.len > 0 && s.len <= 4;
}

static bool
take_mode(struct span word, uint32_t *mode)
{
	static const struct {
		uint8_t letter;
		uint32_t kind;
	} kinds[] = {
	    {'f', S_IFREG}, {'d', S_IFDIR},  {'l', S_IFLNK}, {'p', S_IFIFO},
	    {'c', S_IFCHR}, {'s', S_IFSOCK}, {'b', S_IFBLK},
	};
	uint64_t whole;

	if (word.len == 0)
		return false;
	if (word.ptr[0] == '=') {
		if (str_to_hex(span_skip(word, 1), &whole) != ST_OK ||
		    whole > UINT32_MAX)
			return false;
		*mode = (uint32_t)whole;
		return true;
	}
	if (!take_octal(span_skip(word, 1), mode))
		return false;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (word.ptr[0] == kinds[i].letter)
			*mode |= kinds[i].kind;
	/* a kind of no name here is no file */
	if ((*mode & S_IFMT) == 0)
		*mode |= S_IFSOCK;
	return true;
}

static bool
take_id(struct span word, uint32_t *out)
{
	uint64_t n;

	if (str_to_u64(word, 0, UINT32_MAX, &n) != ST_OK)
		return false;
	*out = (uint32_t)n;
	return true;
}

bool
shell_entry(struct span record, struct sftp_attr *a, struct span *name)
{
	struct span w[5];

	*a = (struct sftp_attr){.has_size = true, .has_mode = true};
	for (size_t i = 0; i < 5; i++)
		if (!str_next(&record, ' ', &w[i]))
			return false;
	*name = record;
	w[2].len = str_find(w[2], '.');
	return take_mode(w[0], &a->mode) &&
	       str_to_u64(w[1], 0, UINT64_MAX, &a->size) == ST_OK &&
	       str_to_i64(w[2], INT64_MIN, INT64_MAX, &a->mtime) == ST_OK &&
	       take_id(w[3], &a->uid) && take_id(w[4], &a->gid);
}
