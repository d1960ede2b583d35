#include "model/object.h"

#include <stddef.h>

static const struct {
	const char *name, *text;
} reasons[] = {
#define COVER_ROW(code, name, text) {name, text},
    COVER_TABLE(COVER_ROW)
#undef COVER_ROW
};

const char *
cover_name(unsigned reason)
{
	return reason < COVER__COUNT ? reasons[reason].name : "unknown";
}

const char *
cover_text(unsigned reason)
{
	return reason < COVER__COUNT ? reasons[reason].text : "unknown reason";
}

const char *
coverage_name(unsigned coverage)
{
	static const char *const names[] = {"unknown", "full", "partial",
					    "none"};

	return coverage < sizeof(names) / sizeof(names[0]) ? names[coverage]
							   : names[0];
}
