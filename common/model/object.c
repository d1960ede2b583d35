#include "model/object.h"

#include <stddef.h>
#include <sys/stat.h>

#include "base/str.h"

static const struct {
	const char *name, *brief, *text;
} reasons[] = {
#define COVER_ROW(code, name, brief, text) {name, brief, text},
    COVER_TABLE(COVER_ROW)
#undef COVER_ROW
};

const char *
cover_name(unsigned reason)
{
	return reason < COVER__COUNT ? reasons[reason].name : "unknown";
}

const char *
cover_brief(unsigned reason)
{
	return reason < COVER__COUNT ? reasons[reason].brief
				     : "for an unknown reason";
}

const char *
cover_text(unsigned reason)
{
	return reason < COVER__COUNT ? reasons[reason].text : "unknown reason";
}

bool
cover_find(struct span name, uint8_t *reason)
{
	for (unsigned i = 0; i < COVER__COUNT; i++)
		if (str_is(name, reasons[i].name)) {
			*reason = (uint8_t)i;
			return true;
		}
	return false;
}

bool
cover_counts(unsigned reason)
{
	return reason != COVER_LINK && reason != COVER_OWN;
}

uint64_t
object_unread(const struct object *o)
{
	if (o->coverage == COVERAGE_FULL || S_ISDIR(o->mode) ||
	    o->read >= o->size)
		return 0;
	return o->size - o->read;
}

const char *
coverage_name(unsigned coverage)
{
	static const char *const names[] = {"unknown", "full", "partial",
					    "none"};

	return coverage < sizeof(names) / sizeof(names[0]) ? names[coverage]
							   : names[0];
}
