#include "agent/trawl/narrow.h"

#include "base/str.h"

static const char *const names[] = {
    "attributes", "before", "exclude", "filter", "include", "max_size",
    "newer",      "older",  "query",   "sample", "since",
};

static bool
narrows(struct span name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_is(name, names[i]))
			return true;
	return false;
}

void
narrow_map(struct pairs options, struct json *j)
{
	struct span name, value;
	bool any = false;

	while (pairs_next(&options, &name, &value)) {
		char word[PAIRS_NAME_MAX + 1];

		if (!narrows(name) ||
		    str_copy(word, sizeof(word), name) != ST_OK)
			continue;
		if (!any) {
			json_key(j, "narrowed");
			json_map(j);
		}
		any = true;
		json_put_str(j, word, value);
	}
	if (any)
		json_end(j);
}
