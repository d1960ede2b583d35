#ifndef MASTER_API_ROUTER_H
#define MASTER_API_ROUTER_H

#include <stddef.h>

#include "base/arena.h"
#include "base/span.h"
#include "base/status.h"
#include "master/api/request.h"
#include "master/api/work.h"

/*
 * router: the table of all that can be asked, the same as openapi.yaml. A
 * resource adds its lines there and nowhere else.
 */
typedef void route_fn(struct request *rq, struct reply *rp);

enum route_flag {
	ROUTE_FILTER = 1, /* takes the filter of findings */
	ROUTE_PAGE = 2,   /* takes limit and cursor */
	ROUTE_ONCE = 4,   /* honours Idempotency-Key */
	ROUTE_BODY = 8,   /* needs a body */
	ROUTE_LONG = 16,  /* the answer is a stream: no HEAD */
};

struct route {
	enum method method;
	const char *path; /* "/api/v1/findings/{id}" */
	enum permission permission;
	enum lane lane;
	unsigned flags;
	const char *params; /* other query parameters, one space between */
	route_fn *run;
};

/*
 * ST_OK and the route with its decoded {id}; ST_NOTFOUND: no such path;
 * ST_UNSUPPORTED: not with this method, *allow says with which; ST_MALFORMED:
 * the id is not well formed.
 */
NODISCARD enum status router_find(enum method method, struct span path,
				  struct arena *a, const struct route **route,
				  struct span *param, const char **allow);

/* The i-th line; NULL behind the last. For tests and for --routes. */
const struct route *router_line(size_t i);

const char *method_name(enum method m);

/* "read"; bits of permissions by name, in the order of the table. */
const char *permission_name(enum permission p);

#endif
