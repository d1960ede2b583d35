#include "scan/errand.h"

#include <string.h>

#include "model/order.h"
#include "scan/slot.h"

#define BROWSE 1u
#define GIVEN  2u
#define KNOWN  4u
#define PAST   8u

/* In the memory layout of one build: the rest of the talk is, too. */
struct head {
	char build[16];
	uint64_t seq, bytes_per_second;
	uint32_t layout; /* bytes of a slot's head */
	uint32_t root, slots, secret;
	uint32_t flags;                 /* BROWSE, GIVEN, KNOWN, PAST */
	uint32_t path, cursor, options; /* bytes of each, behind this */
};

static const char build[] = TRAWL_VERSION;

enum status
errand_pack(const struct errand *e, struct buf *to)
{
	struct head h = {
	    .seq = e->seq,
	    .bytes_per_second = e->bytes_per_second,
	    .layout = sizeof(struct slot_head),
	    .root = e->root,
	    .slots = e->slots,
	    .secret = e->secret,
	    .flags = (e->browse ? BROWSE : 0) | (e->given ? GIVEN : 0) |
		     (e->known ? KNOWN : 0) | (e->past ? PAST : 0),
	    .path = (uint32_t)e->path.len,
	    .cursor = (uint32_t)e->cursor.len,
	    .options = (uint32_t)e->options.bytes.len,
	};
	enum status st;

	memcpy(h.build, build,
	       sizeof(build) < sizeof(h.build) ? sizeof(build)
					       : sizeof(h.build));
	st = buf_add(to, &h, sizeof(h));
	if (st == ST_OK)
		st = buf_add(to, e->path.ptr, e->path.len);
	if (st == ST_OK)
		st = buf_add(to, e->cursor.ptr, e->cursor.len);
	if (st == ST_OK)
		st = buf_add(to, e->options.bytes.ptr, e->options.bytes.len);
	return st;
}

/* The first n bytes of *rest; ST_MALFORMED when it has less. */
static enum status
cut(struct span *rest, uint32_t n, struct span *out)
{
	if (n > rest->len)
		return ST_MALFORMED;
	*out = span_of(rest->ptr, n);
	*rest = span_skip(*rest, n);
	return ST_OK;
}

enum status
errand_unpack(struct span body, struct errand *out)
{
	struct errand e;
	struct head h;

	if (body.len < sizeof(h))
		return ST_UNSUPPORTED;
	memcpy(&h, body.ptr, sizeof(h));
	if (strncmp(h.build, build, sizeof(h.build)) != 0 ||
	    h.layout != sizeof(struct slot_head))
		return ST_UNSUPPORTED;
	e = (struct errand){
	    .seq = h.seq,
	    .bytes_per_second = h.bytes_per_second,
	    .root = h.root,
	    .slots = h.slots,
	    .secret = h.secret,
	    .browse = (h.flags & BROWSE) != 0,
	    .given = (h.flags & GIVEN) != 0,
	    .known = (h.flags & KNOWN) != 0,
	    .past = (h.flags & PAST) != 0,
	};
	body = span_skip(body, sizeof(h));
	if (cut(&body, h.path, &e.path) != ST_OK ||
	    cut(&body, h.cursor, &e.cursor) != ST_OK ||
	    cut(&body, h.options, &e.options.bytes) != ST_OK || body.len > 0 ||
	    (e.given && e.secret > 0) || e.root >= ORDER_PATHS_MAX ||
	    e.path.len == 0 || !pairs_check(e.options.bytes))
		return ST_MALFORMED;
	*out = e;
	return ST_OK;
}
