#include "extract/names.h"

#include <string.h>

#include "base/utf.h"
#include "extract/charset_pair.h"
#include "extract/job.h"

#define FEW 6 /* bytes of 80 and above: little to tell a page by */

void
names_begin(struct names_seen *n)
{
	n->len = 0;
	n->dos = false;
	n->page = NULL;
}

void
names_learn(struct names_seen *n, struct span name)
{
	if (name.len >= NAMES_SEEN - n->len || utf_valid(name))
		return;
	memcpy(n->seen + n->len, name.ptr, name.len);
	n->len += name.len;
	n->seen[n->len++] = '\n';
	n->page = NULL;
}

static const struct charset *
page_of(struct names_seen *n, struct span name)
{
	struct span seen = span_of(n->seen, n->len);
	bool few;
	size_t high = 0;

	if (n->page != NULL)
		return n->page;
	if (seen.len == 0) /* too long to be learned */
		seen = name;
	for (size_t i = 0; i < seen.len; i++)
		high += seen.ptr[i] >= 0x80;
	few = high < FEW;
	n->page = charset_names(seen, n->dos && few);
	return n->page;
}

/* One character behind another; false: there is no room for it. */
static bool
put(uint32_t c, uint8_t *to, size_t room, size_t *len)
{
	uint8_t utf8[4];
	size_t n = utf_encode(c, utf8);

	if (n > room - *len)
		return false;
	memcpy(to + *len, utf8, n);
	*len += n;
	return true;
}

static struct span
by_bytes(const struct charset *c, struct span name, uint8_t *to, size_t room)
{
	size_t len = 0;

	for (size_t i = 0; i < name.len; i++)
		if (!put(charset_char(c, name.ptr[i]), to, room, &len))
			break;
	return span_of(to, len);
}

static struct span
by_pairs(struct pair_text *t, struct span name, uint8_t *to, size_t room)
{
	size_t len = 0, used;
	uint32_t c;

	for (size_t at = 0; at < name.len; at += used) {
		used = pair_next(t, name.ptr + at, name.len - at, true, &c);
		if (used == 0 || !put(c, to, room, &len))
			break;
	}
	return span_of(to, len);
}

struct span
names_text(struct extractor *x, struct names_seen *n, struct span name,
	   uint8_t *to, size_t room)
{
	struct pair_text t = {.kind = PAIR_NONE};
	const struct charset *c;

	if (utf_valid(name))
		return name;
	names_learn(n, name);
	c = page_of(n, name);
	if (c == NULL)
		return name;
	if (c->pair == PAIR_NONE)
		return by_bytes(c, name, to, room);
	t.kind = c->pair;
	t.table = pair_table(x, c->pair);
	return t.table == NULL ? name : by_pairs(&t, name, to, room);
}
