#ifndef DETECT_WORK_H
#define DETECT_WORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "detect/cache/image.h"
#include "detect/catalogue/catalogue.h"
#include "detect/catalogue/lists.h"
#include "detect/decide/explain.h"
#include "detect/detect.h"
#include "detect/engine/engine.h"
#include "detect/id/index.h"
#include "detect/table/columns.h"
#include "detect/tile/starts.h"
#include "detect/tile/tile.h"
#include "detect/token/run.h"
#include "detect/words/hear.h"
#include "detect/words/nearby.h"
#include "detect/words/reach.h"

/*
 * work: what the parts of this room share while they look at one window.
 *
 * A decision about a stretch looks no further than WORK_REACH bytes from where
 * it starts, plus the stretch itself: that is what makes matches independent
 * of windows and tiles. Parts never keep state from one stretch to the next.
 */
#define WORK_REACH ((size_t)256)
/* The pattern engine is run over pieces of this size (and its width around) */
#define WORK_PIECE (TILE_BYTES * 4)

struct detector {
	struct catalogue *cat;
	struct arena arena; /* what is built from the catalogue */
	struct id_index ids;
	/* the one type of each of these tokens, NULL when it is not active */
	const struct data_type *iban, *email, *phone, *ip, *mac, *seed;
	uint16_t iban_index, email_index, phone_index, ip_index, mac_index,
	    seed_index;
	struct run_index runs;
	const struct reach *reach;
	struct start_plan starts;
	bool tables; /* what the columns of a table are says something */
	struct iban_list *ibans;
	struct tld_list *tlds;
	struct phone_list *phones;
	struct engine *engine;
	struct engine_scratch *proto; /* what those of scratches are like */
	struct engine_rule *rules;
	uint16_t *kin;   /* of a type: columns_alike() */
	uint16_t *cells; /* types that have one */
	size_t cell_count;
	uint16_t *rule_type; /* type index of each rule of the engine */
	size_t rule_count;
	unsigned min_confidence;
	enum tile_level level;
	struct image image; /* where all but the scratch lies, or nowhere */
};

/* A stretch that some type claims, before overlap is decided. */
struct candidate {
	size_t start, end; /* in the text */
	uint64_t reasons;
	uint16_t type; /* index in the catalogue */
	uint8_t score;
	bool general; /* of words, only those of all its kind speak for it */
	bool world;   /* it is of no one country */
	bool sent;    /* decided already, kept for masking only */
};

#define WORK_CANDIDATES 16384
#define WORK_HITS       8192
#define WORK_VALUE      CLASS_RUN_MAX

/* A match of the pattern engine, in the text. */
struct hit {
	size_t from, to;
	unsigned rule;
};

struct detect_scratch {
	const struct detector *d;
	explain_fn *explain; /* NULL but for who asks why */
	void *explain_arg;
	struct engine_scratch *engine;
	struct span text;
	size_t from, to; /* matches that start here are reported */
	size_t lo, hi;   /* candidates that start here are collected */
	size_t tile;     /* text offset of the tile in masks */
	struct tile_masks masks;
	struct tile_starts starts; /* of the same tile */
	/*
	 * As the masks: where a stretch begins that may have a word near it,
	 * in the text or as the head of its column. Elsewhere none has.
	 */
	uint64_t reach[TILE_WORDS];
	struct candidate *cand; /* WORK_CANDIDATES */
	size_t count;
	struct hit *hits; /* WORK_HITS */
	size_t hit_count;
	size_t hit_base; /* text offset of the piece the engine sees */
	size_t hit_lo, hit_hi;
	size_t sent, sent_first; /* the match that the sink is given */
	struct nearby nearby;
	struct word_stream stream; /* of this text */
	bool nearby_known;         /* it is of the stretch that is judged */
	struct hearing hearing;
	struct columns columns;
	detect_holds_fn *holds; /* NULL: nobody knows */
	void *holds_arg;
	struct sampled *sample; /* what claims are for while one is taken */
	uint8_t value[WORK_VALUE];
	char also[MATCH_ALSO_MAX];
	uint8_t masked[256];
	uint8_t context[512];
};

/* The bits of one of the masks from text[at] on: 57 at least, zeros behind. */
static inline uint64_t
work_bits(const struct detect_scratch *s, const uint64_t *mask, size_t at)
{
	size_t bit = at + 64 - s->tile;
	uint64_t bits;

	memcpy(&bits, (const uint8_t *)mask + bit / 8, sizeof(bits));
	return bits >> (bit % 8);
}

/*
 * Candidates of all tokens that begin in [at, end), end - at <= TILE_BYTES
 * (look.c).
 */
void look_tile(struct detect_scratch *s, size_t at, size_t end);
/* Which tokens a detector looks for, once it has its types. */
void look_plan(const struct detector *d, struct start_plan *out);
/*
 * Those of ids that begin with a text of at most 64 bytes, without asking
 * whether a word may be near.
 */
void look_value(struct detect_scratch *s);

/* ---- tokens: each looks at one place and adds what it finds there -------- */

/* A group of letters and digits that leads to node n begins at text[at]. */
void id_at(struct detect_scratch *s, size_t at, const struct id_node *n,
	   struct id_view v);
/* Two capitals and two digits begin at text[at]. */
void iban_at(struct detect_scratch *s, size_t at);
/* text[at] is an @. */
void email_at(struct detect_scratch *s, size_t at);
/* text[at] is + or ( and a digit follows. */
void phone_at(struct detect_scratch *s, size_t at);
/*
 * A group of digits, seven in twenty bytes, begins at text[at]; out of reach of
 * any word of one digit or three, or with a zero. All others are worth
 * PHONE_ANY without one.
 */
#define PHONE_ANY 20
void phone_digits_at(struct detect_scratch *s, size_t at);
/* False: it finds nothing there, whatever words are near. */
bool phone_digits_may(const struct detect_scratch *s, size_t at);
/* A run of at least RUN_LEAST letters and digits begins at text[at]. */
void run_at(struct detect_scratch *s, size_t at);
/* Digits and a dot begin at text[at]. */
void net_quads_at(struct detect_scratch *s, size_t at);
/* text[colon] is a colon with a colon, a letter or a digit behind it. */
void net_groups_at(struct detect_scratch *s, size_t colon);
/* Twelve letters and digits in groups of `size` begin at text[at]. */
void net_adapter_at(struct detect_scratch *s, size_t at, size_t size);
/* Words of small letters begin at text[at], and go on for a while. */
void seed_at(struct detect_scratch *s, size_t at);
/* Cells in [lo, hi) of columns whose heads say what they hold. */
void cells_look(struct detect_scratch *s, size_t lo, size_t hi);
/* All of the pattern engine that begin in [lo, hi). */
void pattern_piece(struct detect_scratch *s, size_t lo, size_t hi);

/* ---- the value of a stretch without separators, as finding.digest wants -- */

size_t id_value(struct span raw, uint8_t *out, size_t room);
size_t iban_value(struct span raw, uint8_t *out, size_t room);
size_t email_value(struct span raw, uint8_t *out, size_t room);
size_t phone_value(struct span raw, uint8_t *out, size_t room);

/* Into s->value, of whichever token the type is. */
struct span work_value(struct detect_scratch *s, const struct candidate *c);

/* Whether a stretch that begins at `start`, in the tile, may have a word near.
 */
static inline bool
work_in_reach(const struct detect_scratch *s, size_t start)
{
	size_t i = start - s->tile + 64;

	return (s->reach[i / 64] >> (i % 64) & 1) != 0;
}

/* A type's claim on a stretch; dropped when below what is asked for. */
struct verdict {
	int score;
	uint64_t reasons;
	bool general; /* of words, only those of all its kind are near */
};

void work_claim(struct detect_scratch *s, size_t start, size_t end,
		uint16_t type, const struct verdict *v);

#endif
