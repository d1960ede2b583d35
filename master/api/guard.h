#ifndef MASTER_API_GUARD_H
#define MASTER_API_GUARD_H

#include <stdbool.h>

#include "master/api/request.h"

/*
 * guard: may this request change anything? What a browser sends with its
 * cookies must come from our own pages: the cookie is SameSite=Strict, and
 * beside that Sec-Fetch-Site must say same-origin, or, where a browser does not
 * send it, Origin must be this very host. Bearer tokens are never sent by a
 * browser on its own and need none of it.
 */
bool guard_same_origin(const struct request *rq);

/* "application/json", with or without a charset. */
bool guard_is_json(const char *content_type);

#endif
