/*
 * Property: what a list of Swift names has a name of UTF-8 behind the one that
 * was asked for; the next page begins behind the last of them; the same list
 * says the same again; and what is refused says why.
 */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/utf.h"
#include "proxy-agent/source/swift/list.h"

#define ASKED "b"

struct heard {
	struct buf said, last;
	size_t count;
};

static enum status
take(void *arg, const struct swift_entry *e)
{
	struct heard *h = arg;

	if (e->name.len == 0 || e->name.len > SWIFT_NAME_MAX ||
	    !utf_valid(e->name) || memchr(e->name.ptr, 0, e->name.len) != NULL)
		abort();
	h->count++;
	buf_clear(&h->last);
	if (buf_add(&h->last, e->name.ptr, e->name.len) != ST_OK)
		abort();
	return buf_addf(&h->said, "%.*s %.*s %llu %lld %d%d%d\n",
			(int)e->name.len, (const char *)e->name.ptr,
			(int)e->hash.len, (const char *)e->hash.ptr,
			(unsigned long long)e->size, (long long)e->mtime,
			e->folder, e->marks, e->manifest);
}

static void
check(const struct heard *h, const struct swift_page *p, enum status st,
      const struct buf *marker)
{
	bool moved = !str_is(buf_span(marker), ASKED);

	if (st != ST_OK && st != ST_MALFORMED && st != ST_LIMIT)
		abort();
	if ((st != ST_OK || p->bad > 0) != (p->why != NULL) ||
	    p->bad > p->count)
		abort();
	if (st != ST_OK && moved)
		abort();
	if (st != ST_OK || p->count == 0)
		return;
	if (h->count + p->bad != p->count || h->count == 0 ||
	    str_order(buf_span(marker), span_str(ASKED)) <= 0 ||
	    !span_eq(buf_span(marker), buf_span(&h->last)))
		abort();
}

static enum status
hear(struct heard *h, struct span body, struct swift_page *p)
{
	struct buf marker;
	enum status st;

	buf_init(&h->said, 1u << 24);
	buf_init(&h->last, SWIFT_NAME_MAX);
	buf_init(&marker, SWIFT_NAME_MAX);
	h->count = 0;
	if (buf_add_str(&marker, ASKED) != ST_OK)
		abort();
	st = swift_list_read(body, &marker, p, take, h);
	check(h, p, st, &marker);
	buf_fini(&marker);
	return st;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct heard first, second;
	struct swift_page one, two;
	enum status a, b;

	a = hear(&first, span_of(data, size), &one);
	b = hear(&second, span_of(data, size), &two);
	if (a != b || one.why != two.why || one.bad != two.bad ||
	    !span_eq(buf_span(&first.said), buf_span(&second.said)))
		abort();
	buf_fini(&first.said);
	buf_fini(&first.last);
	buf_fini(&second.said);
	buf_fini(&second.last);
	return 0;
}
