#ifndef EXTRACT_OFFICE_SHARED_H
#define EXTRACT_OFFICE_SHARED_H

#include "extract/archive/zipview.h"
#include "extract/office/numfmt.h"

/*
 * shared: what the sheets of a workbook have in common: strings, kept as far as
 * budget.memory goes, and how numbers are shown.
 */
struct shared {
	struct extractor *x;
	struct buf text;
	size_t *ends; /* of each string in text */
	bool *used;   /* a cell has it */
	size_t count, room, most;
	uint64_t kept;
	bool lines; /* a string has more than one */
	bool full;  /* strings that do not fit went out by themselves */
	enum status st;

	struct numfmt *formats; /* by the number of a cell's style */
	size_t format_count;
	bool base_1904;
};

/* NULL entries: the workbook has none. */
NODISCARD enum status shared_open(struct zip_view *v, struct zip_entry *strings,
				  struct zip_entry *styles, struct shared *s);
void shared_close(struct shared *s);

/* Empty when there is none. */
struct span shared_string(struct shared *s, size_t i);

static inline const struct numfmt *
shared_format(const struct shared *s, size_t style)
{
	return style < s->format_count ? &s->formats[style] : NULL;
}

/* Strings that no cell has: what was deleted. */
NODISCARD enum status shared_rest(struct shared *s);

#endif
