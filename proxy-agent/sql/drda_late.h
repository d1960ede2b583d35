#ifndef PROXY_AGENT_SQL_DRDA_LATE_H
#define PROXY_AGENT_SQL_DRDA_LATE_H

#include "proxy-agent/sql/drda_talk.h"

/*
 * drda_late: large objects that did not come with their row, because they are
 * too large for that: piece by piece, in the order of their columns.
 *
 * Owner:   drda_late_fini(); starts with drda_late_init().
 * Errors:  of the connection; ST_CLOSED, too, where the answer lacks one.
 */
struct drda_late {
	size_t at; /* the column that comes next, or is under way */
	enum {
		DRDA_LATE_NONE,
		DRDA_LATE_NEXT,
		DRDA_LATE_FLOWS,
		DRDA_LATE_CAME
	} step;
	uint8_t half[4]; /* bytes of a letter that goes on */
	size_t halves;
	struct buf text;
};

void drda_late_init(struct drda_late *l);
void drda_late_fini(struct drda_late *l);

/* Those of a row that was taken. */
void drda_late_begin(struct drda_late *l, const struct drda_row *r,
		     size_t columns);
/* A piece of column i; an empty one is its end. Good until the next call. */
NODISCARD enum status drda_late_piece(struct drda_late *l, struct drda_talk *t,
				      const struct drda_row *r, size_t i,
				      struct span *piece);
/* All that is left of them. */
NODISCARD enum status drda_late_pass(struct drda_late *l, struct drda_talk *t,
				     const struct drda_row *r);

#endif
