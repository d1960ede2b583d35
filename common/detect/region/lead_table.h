#ifndef DETECT_REGION_LEAD_TABLE_H
#define DETECT_REGION_LEAD_TABLE_H

#include "base/arena.h"
#include "detect/region/lead.h"
#include "detect/tile/tile.h"

/*
 * lead_table: where in a text leads stand, quickly. One look at the first four
 * bytes of each word tells most that are none, one at the first eight nearly
 * all others.
 *
 * A bit for each hash of four bytes without their upper three bits; then, each
 * after how many hashes are below it, the leads that begin with one of that
 * hash, and what they have in common.
 */
#define LEAD_HALVED 3
#define LEAD_BITS   17
#define LEAD_WORDS  ((size_t)1 << (LEAD_BITS - 6))

/* text & mask == byte, of eight bytes: of a lead, or all leads of a hash. */
struct lead_head {
	uint64_t byte, mask;
};

struct lead_table {
	uint64_t *bits;           /* of LEAD_WORDS */
	uint32_t *below;          /* bits before each of the words */
	uint32_t *first;          /* of each hash: its place in `order` */
	uint16_t *order;          /* of leads */
	struct lead_head *common; /* of each hash */
	struct lead_head *head;   /* of each lead: most are told by it alone */
	struct lead *lead;
	size_t count;
	/*
	 * A bit for each of eight parts of the leads: which of them have such a
	 * half of one of their first bytes. Few leads are told by these alone.
	 */
	uint8_t low[LEAD_HALVED][16], high[LEAD_HALVED][16];
	bool halved;     /* worth asking */
	uint32_t widest; /* the most that a match reaches back */
};

/* All of it lies in the arena. ST_NOMEM. */
NODISCARD enum status lead_table_open(const struct lead_list *leads,
				      struct arena *arena,
				      struct lead_table *out);

/*
 * Told in order; they do not overlap, and whatever can match for one of the
 * leads lies in one of them with a byte around it, as far as the text goes.
 * Nothing is cut within a word. It only ever errs by telling too much: without
 * AVX2 it tells the whole text.
 * False from `tell` stops; lead_regions() then gives false.
 */
typedef bool lead_tell(void *arg, size_t from, size_t to);
bool lead_regions(enum tile_level level, const struct lead_table *t,
		  struct span text, lead_tell *tell, void *arg);

#endif
