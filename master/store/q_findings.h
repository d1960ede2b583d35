#ifndef STORE_Q_FINDINGS_H
#define STORE_Q_FINDINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "master/store/filter.h"
#include "master/store/store.h"
#include "master/store/words.h"
#include "model/batch.h"

/*
 * q_findings: one finding is one data type in one object; its matches are
 * counted in it and listed apart.
 */
struct finding_row {
	uint64_t id, target, agent, object, folder, scan; /* agent 0: removed */
	struct span type, type_title, category;
	uint8_t risk, state; /* enum risk, enum finding_state */
	uint8_t level, confidence;
	uint64_t matches;
	int64_t first_seen, last_seen;
	uint64_t version; /* for ETag and If-Match */
	struct span target_name, group;
	struct span path; /* bytes */
	uint64_t size;
	int64_t mtime; /* seconds */
	uint32_t mode, uid, gid, members;
	uint8_t coverage,
	    reason; /* of the object: enum coverage, cover_reason */
};

typedef enum status finding_fn(void *arg, const struct finding_row *row);

enum finding_sort {
	SORT_RISK,    /* critical first, then most matches; the default */
	SORT_MATCHES, /* fewest first */
	SORT_PATH,    /* target by target, paths bytewise */
	SORT_FOUND,   /* oldest first */
};

/* "risk", "-matches": ST_MALFORMED for anything else. */
NODISCARD enum status
finding_sort_parse(struct span text, enum finding_sort *sort, bool *reverse);

#define CURSOR_TEXT_MAX 128

struct finding_page {
	enum finding_sort sort;
	bool reverse;
	uint32_t limit;     /* rows */
	struct span cursor; /* from `next` of the page before, or empty */
	uint64_t at;        /* without a cursor: rows to pass over */
	char next[CURSOR_TEXT_MAX]; /* out: "" when nothing is left */
};

/* ST_MALFORMED: the cursor is not one of ours, or of another filter or sort. */
NODISCARD enum status q_findings_list(struct store *s, const struct filter *f,
				      struct finding_page *page, finding_fn *fn,
				      void *arg);

/*
 * How many there are. From summaries, exact, when the filter asks only for
 * risk, state, type, category, target, agent and group; else counted up to
 * COUNT_CAP rows, and *exact says whether that was the end.
 */
#define COUNT_CAP 100000
struct finding_count {
	uint64_t findings, matches;
	bool exact;
};
NODISCARD enum status q_findings_count(struct store *s, const struct filter *f,
				       struct finding_count *out);

/*
 * Facets: counts by value of one field under the filter. Terms of that same
 * field are left out of it, so that other values can be chosen too.
 * dimension: "risk" "state" "type" "category" "target" "agent" "group".
 */
struct facet_row {
	struct span value; /* what a filter term would say: "card_visa", "7" */
	struct span title; /* for people: "Visa", name of the target */
	uint64_t findings, matches;
};
typedef enum status facet_fn(void *arg, const struct facet_row *row);
NODISCARD enum status q_findings_facet(struct store *s, const struct filter *f,
				       const char *dimension, uint32_t limit,
				       facet_fn *fn, void *arg);

/* One row; ST_NOTFOUND. */
NODISCARD enum status q_finding_get(struct store *s, uint64_t id,
				    finding_fn *fn, void *arg);

struct match_row {
	struct span type, place; /* place: bytes */
	uint64_t offset;
	uint32_t length;
	uint8_t confidence, level;
	uint64_t reasons; /* REASON() bits */
	struct span masked, context;
	struct span also; /* other types of it, "pl_nip,ru_inn", or empty */
	uint8_t fingerprint[FINGERPRINT_LEN];
};
typedef enum status match_fn(void *arg, const struct match_row *row);

/*
 * A page of rows that have no short key: the cursor is a row number. next is
 * set to "" when nothing is left.
 */
struct row_page {
	struct span cursor; /* from `next` of the page before, or empty */
	uint32_t limit;
	char next[CURSOR_TEXT_MAX]; /* out */
};

/* Matches of one finding by place and offset. */
NODISCARD enum status q_finding_matches(struct store *s, uint64_t finding,
					struct row_page *page, match_fn *fn,
					void *arg);

/* Other findings of the same object, at most `limit`. */
NODISCARD enum status q_finding_siblings(struct store *s, uint64_t object,
					 uint32_t limit, finding_fn *fn,
					 void *arg);

/*
 * Every match with its finding, ordered by path, place, offset and type; for
 * export. Findings that are gone have no matches any more and do not appear.
 */
typedef enum status export_fn(void *arg, const struct finding_row *finding,
			      const struct match_row *match);
NODISCARD enum status q_findings_export(struct store *s, const struct filter *f,
					export_fn *fn, void *arg);

/* As q_findings_count(), exact whatever it takes; for bulk changes. */
NODISCARD enum status q_findings_count_all(struct store *s,
					   const struct filter *f,
					   struct finding_count *out);

/* Writing, core only ---------------------------------------------------- */

struct rollup;

/* ST_NOTFOUND; ST_AGAIN when version is not 0 and is not its version. */
NODISCARD enum status q_finding_set_state(struct store *s, struct rollup *r,
					  uint64_t id, enum finding_state to,
					  uint64_t version);

/*
 * Set the state of the ids, or when there are none of all that the filter
 * means; what is gone stays gone. *changed counts those that were in another
 * state before.
 */
struct bulk_change {
	const struct filter *filter;
	const uint64_t *ids;
	size_t id_count;
	enum finding_state to;
};
NODISCARD enum status q_findings_set_state(struct store *s, struct rollup *r,
					   const struct bulk_change *b,
					   uint64_t *changed);

#endif
