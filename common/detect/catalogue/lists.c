#include "detect/catalogue/lists.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "detect/catalogue/rule.h"

#define LIST_BYTES ((size_t)1024 * 1024)
#define TLD_LABEL  63

/* One line without its end; false: it is wrong. */
typedef bool line_fn(void *list, struct span line);

static enum status
read_lines(const char *path, struct arena *a, line_fn *take, void *list,
	   struct buf *why)
{
	struct span text, line;
	size_t number = 0;
	enum status st = rule_file(a, path, LIST_BYTES, &text, why);

	if (st != ST_OK)
		return st;
	while (str_next(&text, '\n', &line)) {
		number++;
		line = str_trim(line);
		if (line.len == 0 || line.ptr[0] == '#' || take(list, line))
			continue;
		st =
		    buf_addf(why, "%s:%zu: not a line of this list: '%.*s'",
			     path, number, (int)(line.len > 40 ? 40 : line.len),
			     (const char *)line.ptr);
		return st == ST_OK ? ST_MALFORMED : st;
	}
	return ST_OK;
}

/* "4!n" or "4n": so many of a class, n a or c, behind the first four. */
static bool
iban_structure(struct span s, struct iban_country *c)
{
	size_t at = 4, i = 0;

	while (i < s.len) {
		size_t n = 0;

		while (i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9' &&
		       n < 99)
			n = n * 10 + s.ptr[i++] - '0';
		if (i < s.len && s.ptr[i] == '!')
			i++;
		if (n == 0 || n > IBAN_MAX - at || i == s.len ||
		    strchr("nac", s.ptr[i]) == NULL)
			return false;
		memset(c->structure + at, s.ptr[i++], n);
		at += n;
	}
	return at == c->length;
}

static bool
iban_line(void *list, struct span line)
{
	struct iban_list *l = list;
	struct span cc, length, structure;
	struct iban_country *c;
	uint64_t n;

	if (!str_next(&line, '\t', &cc) || !str_next(&line, '\t', &length) ||
	    !str_next(&line, '\t', &structure))
		return false;
	if (cc.len != 2 || cc.ptr[0] < 'A' || cc.ptr[0] > 'Z' ||
	    cc.ptr[1] < 'A' || cc.ptr[1] > 'Z' ||
	    str_to_u64(length, 15, IBAN_MAX, &n) != ST_OK)
		return false;
	c = &l->country[(cc.ptr[0] - 'A') * 26 + cc.ptr[1] - 'A'];
	if (c->length != 0)
		return false;
	memset(c->structure, 'n', 4);
	c->length = (uint8_t)n;
	return iban_structure(structure, c);
}

enum status
iban_list_read(const char *path, struct arena *a, struct iban_list **out,
	       struct buf *why)
{
	struct iban_list *l = arena_take(a, sizeof(*l));
	enum status st;

	if (l == NULL)
		return ST_NOMEM;
	st = read_lines(path, a, iban_line, l, why);
	if (st == ST_OK)
		*out = l;
	return st;
}

const struct iban_country *
iban_list_find(const struct iban_list *l, const uint8_t cc[2])
{
	const struct iban_country *c =
	    &l->country[(cc[0] - 'A') * 26 + cc[1] - 'A'];

	return c->length == 0 ? NULL : c;
}

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static size_t
tld_slot(const struct tld_list *l, struct span label)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	size_t i;

	for (size_t k = 0; k < label.len; k++)
		h = (h ^ lower(label.ptr[k])) * UINT64_C(0x100000001b3);
	for (i = (size_t)(h ^ h >> 32) & (l->slots - 1); l->slot[i].len > 0;
	     i = (i + 1) & (l->slots - 1)) {
		size_t k = 0;

		while (k < label.len && k < l->slot[i].len &&
		       lower(label.ptr[k]) == l->slot[i].ptr[k])
			k++;
		if (k == label.len && k == l->slot[i].len)
			break;
	}
	return i;
}

struct tld_reading {
	struct tld_list *list;
	size_t count;
};

static bool
tld_line(void *list, struct span line)
{
	struct tld_reading *r = list;

	if (line.len > TLD_LABEL || r->count >= r->list->slots / 2)
		return false;
	for (size_t i = 0; i < line.len; i++)
		if (line.ptr[i] != lower(line.ptr[i]) || line.ptr[i] == '.')
			return false;
	r->list->slot[tld_slot(r->list, line)] = line;
	r->count++;
	return true;
}

enum status
tld_list_read(const char *path, struct arena *a, struct tld_list **out,
	      struct buf *why)
{
	struct tld_list *l = arena_take(a, sizeof(*l));
	struct tld_reading r = {.list = l};
	enum status st;

	if (l == NULL)
		return ST_NOMEM;
	l->slots = 8192;
	l->slot = arena_array(a, l->slots, sizeof(*l->slot));
	if (l->slot == NULL)
		return ST_NOMEM;
	st = read_lines(path, a, tld_line, &r, why);
	if (st == ST_OK)
		*out = l;
	return st;
}

bool
tld_list_has(const struct tld_list *l, struct span label)
{
	return label.len > 0 && label.len <= TLD_LABEL &&
	       l->slot[tld_slot(l, label)].len > 0;
}

static bool
phone_line(void *list, struct span line)
{
	struct phone_list *l = list;
	struct span code, min, max;
	uint64_t c, a, b;

	if (!str_next(&line, '\t', &code) || !str_next(&line, '\t', &min) ||
	    !str_next(&line, '\t', &max) ||
	    str_to_u64(code, 1, 999, &c) != ST_OK ||
	    str_to_u64(min, 3, 14, &a) != ST_OK ||
	    str_to_u64(max, a, 14, &b) != ST_OK || l->code[c].max != 0)
		return false;
	l->code[c] = (struct phone_code){(uint8_t)a, (uint8_t)b};
	return true;
}

enum status
phone_list_read(const char *path, struct arena *a, struct phone_list **out,
		struct buf *why)
{
	struct phone_list *l = arena_take(a, sizeof(*l));
	enum status st;

	if (l == NULL)
		return ST_NOMEM;
	st = read_lines(path, a, phone_line, l, why);
	if (st == ST_OK)
		*out = l;
	return st;
}
