#include "master/api/guard.h"

#include <string.h>
#include <strings.h>

#include "base/span.h"
#include "base/str.h"

#define SCHEME "https://"

bool
guard_same_origin(const struct request *rq)
{
	const char *site = rq->header[HEADER_FETCH_SITE];
	const char *origin = rq->header[HEADER_ORIGIN];
	const char *host = rq->header[HEADER_HOST];

	if (site != NULL)
		return strcmp(site, "same-origin") == 0;
	if (origin == NULL || host == NULL || host[0] == '\0')
		return false;
	return strncmp(origin, SCHEME, strlen(SCHEME)) == 0 &&
	       strcasecmp(origin + strlen(SCHEME), host) == 0;
}

bool
guard_is_json(const char *content_type)
{
	struct span s = span_str(content_type);
	struct span type = str_trim(span_of(s.ptr, str_find(s, ';')));
	const char want[] = "application/json";

	return type.len == strlen(want) &&
	       strncasecmp((const char *)type.ptr, want, type.len) == 0;
}
