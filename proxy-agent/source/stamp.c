#include "proxy-agent/source/stamp.h"

#include <stddef.h>
#include <time.h>

#include "base/str.h"

int64_t
stamp_parse(struct span s)
{
	static const char *const forms[] = {"%Y-%m-%dT%H:%M:%S",
					    "%a, %d %b %Y %H:%M:%S"};
	char text[64];

	if (str_copy(text, sizeof(text), s) != ST_OK)
		return 0;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct tm tm = {0};

		if (strptime(text, forms[i], &tm) != NULL)
			return timegm(&tm);
	}
	return 0;
}
