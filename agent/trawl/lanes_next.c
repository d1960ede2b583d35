#include <string.h>
#include <strings.h>

#include "agent/trawl/lanes.h"
#include "base/must.h"
#include "source/kind.h"
#include "source/url.h"

/* False: it stands on no server that could be asked too much. */
static bool
server_of(const struct scan_order *order, size_t part, struct url *out)
{
	struct scan_order one;
	const struct kind *k;

	lanes_part(order, part, &one);
	k = kind_find(source_scheme(one.paths[0]));
	if (k == NULL || url_parse(one.paths[0], out) != ST_OK)
		return false;
	out->port = kind_port(k, out);
	return out->host.len > 0 && out->port != 0;
}

static bool
same_server(const struct url *a, const struct url *b)
{
	return a->port == b->port && a->host.len == b->host.len &&
	       strncasecmp((const char *)a->host.ptr, (const char *)b->host.ptr,
			   a->host.len) == 0;
}

static bool
has_room(const struct scan_order *order, size_t part, const size_t *running,
	 size_t n)
{
	struct url u, other;
	size_t here = 0;

	if (!server_of(order, part, &u))
		return true;
	for (size_t i = 0; i < n; i++)
		here += server_of(order, running[i], &other) &&
			same_server(&u, &other);
	return here < LANES_SERVER;
}

size_t
lanes_next(const struct scan_order *order, uint64_t begun,
	   const size_t *running, size_t n)
{
	const size_t parts = lanes_parts(order);

	must(parts <= 64);
	for (size_t i = 0; i < parts; i++)
		if (!(begun >> i & 1) && has_room(order, i, running, n))
			return i;
	return parts;
}
