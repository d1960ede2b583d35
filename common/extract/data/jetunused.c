#include <string.h>

#include "extract/data/jet_impl.h"
#include "extract/ole/le.h"

/* Long values of rows that were deleted. */
static void
unused_values(struct jet_reader *r, uint32_t page)
{
	for (unsigned i = 0; i < jet_row_count(r->j, page); i++) {
		unsigned flags;
		struct span s = jet_row(r->j, page, i, &flags);
		const uint8_t *p = jet_page(r->j, page);
		uint64_t at = (uint64_t)page * r->j->page_size;

		if (s.len == 0 || p == NULL || !(flags & JET_DELETED))
			continue;
		at += (uint64_t)(s.ptr - p);
		(void)stretches_add(&r->unused, at, at + s.len);
	}
}

static void
unused_of_page(struct jet_reader *r, uint32_t page)
{
	const uint8_t *p = jet_page(r->j, page);
	uint64_t from = (uint64_t)page * r->j->page_size;
	uint64_t to = from + r->j->page_size;
	uint32_t owner;

	if (p == NULL || (p[0] > JET_ROWS && p[0] <= 5))
		return; /* definitions, indexes, maps */
	if (p[0] == JET_ROWS) {
		owner = le32(p + 4);
		if (memcmp(p + 4, "LVAL", 4) == 0) {
			unused_values(r, page);
			jet_unused(r->j, page, &from, &to);
		} else if (owner < r->j->count && r->j->first[owner] != 0) {
			jet_unused(r->j, page, &from, &to);
		}
	}
	(void)stretches_add(&r->unused, from, to);
}

enum status
jet_put_unused(struct jet_reader *r)
{
	uint64_t end = (uint64_t)r->j->count * r->j->page_size;

	for (uint32_t n = 1; n < r->j->count && job_in_time(r->x); n++)
		unused_of_page(r, n);
	(void)stretches_add(&r->unused, end, r->j->p->size);
	return stretches_put(&r->unused, span_str("unused space"));
}
