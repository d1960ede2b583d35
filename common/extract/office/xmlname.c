#include <stdlib.h>

#include "base/must.h"
#include "extract/office/xml.h"
#include "extract/office/xmlscan.h"

struct span
xml_local(struct span name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] == ':')
			return span_of(name.ptr + i + 1, name.len - i - 1);
	return name;
}

/* The value of the first whose name ends so; `far`: behind a prefix. */
static struct span
find(const struct xml_tag *t, const char *name, bool far)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < t->count; i++) {
		struct span have = t->attrs[i].name;
		size_t before = have.len - n;

		if (have.len < n || (have.len == n && far) ||
		    memcmp(have.ptr + before, name, n) != 0)
			continue;
		if (before == 0 || have.ptr[before - 1] == ':')
			return t->attrs[i].value;
	}
	return span_of(NULL, 0);
}

struct span
xml_attr(const struct xml_tag *t, const char *name)
{
	return find(t, name, false);
}

struct span
xml_attr_far(const struct xml_tag *t, const char *name)
{
	return find(t, name, true);
}

/* Of so many digits none is too large to be held. */
#define SMALL_COUNT 9

unsigned
xml_count(struct span value, unsigned none, unsigned max)
{
	unsigned n = 0;
	size_t i = 0;

	if (value.len <= SMALL_COUNT) {
		while (i < value.len && (uint8_t)(value.ptr[i] - '0') < 10)
			n = n * 10 + (unsigned)(value.ptr[i++] - '0');
		return i == 0 ? none : n < max ? n : max;
	}
	for (; i < value.len && value.ptr[i] >= '0' && value.ptr[i] <= '9';
	     i++) {
		unsigned digit = (unsigned)(value.ptr[i] - '0');

		n = n > (max - digit) / 10 ? max : n * 10 + digit;
		if (n >= max)
			return max;
	}
	return i == 0 ? none : n;
}

bool
xml_blank(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] > ' ')
			return false;
	return true;
}

/* ---- names -----------------------------------------------------------------
 */

uint64_t
xml_key(const char *name)
{
	struct span s = span_str(name);

	return scan_key(s.ptr, s.len, s.ptr + s.len);
}

static size_t
slot_of(uint64_t key)
{
	return (key * UINT64_C(0x9e3779b97f4a7c15)) >> 57;
}

void
xml_names_add(struct xml_names *n, const char *name, unsigned what)
{
	uint64_t key = xml_key(name);
	size_t at, used = 0;

	for (at = slot_of(key); n->slots[at].name != NULL; used++) {
		must(used < XML_NAMES_MAX);
		at = (at + 1) % XML_NAMES_SLOTS;
	}
	n->slots[at].key = key;
	n->slots[at].name = name;
	n->slots[at].what = what;
}

unsigned
xml_names_of(const struct xml_names *n, const struct xml_tag *t)
{
	for (size_t at = slot_of(t->key); n->slots[at].name != NULL;
	     at = (at + 1) % XML_NAMES_SLOTS)
		if (n->slots[at].key == t->key &&
		    (t->name.len < 8 || xml_is(t->name, n->slots[at].name)))
			return n->slots[at].what;
	return 0;
}
