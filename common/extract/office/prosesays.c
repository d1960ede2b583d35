#include <string.h>

#include "base/str.h"
#include "extract/office/prose.h"

/* Names that only programs read. */
static bool
machine_name(struct span name)
{
	static const char *const names[] = {
	    "rsid", "paraId",    "textId", "durableId",
	    "uri",  "Ignorable", "fmtid",  "style-name"};

	name = xml_local(name);
	if (xml_is(name, "d") || xml_is(name, "points") ||
	    xml_is(name, "viewBox") || xml_is(name, "path"))
		return true; /* what is drawn */
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_starts(name, names[i]))
			return true;
	return false;
}

/* A number with a point is a length. */
static bool
is_measure(struct span v)
{
	for (size_t i = 0; i < v.len; i++)
		if ((v.ptr[i] < '0' || v.ptr[i] > '9') && v.ptr[i] != '-' &&
		    v.ptr[i] != '.')
			return false;
	return memchr(v.ptr, '.', v.len) != NULL;
}

static bool
says_something(struct span v)
{
	unsigned digits = 0, gaps = 0;

	if (v.len < 5)
		return false;
	for (size_t i = 0; i < v.len; i++) {
		uint8_t c = v.ptr[i];

		digits += (uint8_t)(c - '0') <= 9;
		gaps += c == ' ' || c == '@' || c >= 0x80;
	}
	return (gaps > 0 || digits >= 7) && !is_measure(v);
}

bool
prose_says(const struct xml_attr *a)
{
	return says_something(a->value) && !str_starts(a->name, "xmlns") &&
	       !machine_name(a->name);
}
