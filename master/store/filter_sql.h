#ifndef STORE_FILTER_SQL_H
#define STORE_FILTER_SQL_H

#include <stdbool.h>

#include "base/buf.h"
#include "master/store/filter.h"
#include "master/store/sql.h"

/*
 * filter_sql: a filter as a condition, for this room only. The condition speaks
 * of f (finding, or a summary table) and, where filter_needs_rows(), of o
 * (object) and t (target).
 */
enum filter_field {
	FIELD_Q,
	FIELD_RISK,
	FIELD_STATE,
	FIELD_TYPE,
	FIELD_CATEGORY,
	FIELD_TARGET,
	FIELD_AGENT,
	FIELD_SCAN,
	FIELD_FOLDER,
	FIELD_OBJECT,
	FIELD_GROUP,
	FIELD__COUNT
};

#define FIELD_NONE FIELD__COUNT

/* A query under construction: its text and what is bound to it, in order. */
#define CLAUSE_BINDS_MAX (FILTER_TERMS_MAX * 3 + 16)

struct clause {
	struct buf text;
	struct clause_bind {
		uint8_t kind; /* enum in filter.c */
		int64_t number;
		struct span span;
	} binds[CLAUSE_BINDS_MAX];
	size_t bind_count;
	enum status st;      /* the first trouble */
	struct buf patterns; /* LIKE patterns that were made */
};

void clause_init(struct clause *c);
void clause_fini(struct clause *c);
void clause_add(struct clause *c, const char *text);
void clause_int(struct clause *c, int64_t v); /* bound where the next ? is */
void clause_text(struct clause *c, struct span v);
void clause_blob(struct clause *c, struct span v);

/* Opens the statement and binds; clause_fini() only after sql_close(). */
void clause_open(struct clause *c, struct store *s, struct sql *q);

/* "AND (...)" for every term, those of field `skip` left out. */
void filter_clause(struct clause *c, const struct filter *f,
		   enum filter_field skip);

/* Binds text as the pattern of a LIKE that finds it anywhere. */
void filter_like(struct clause *c, struct span text);

/* Summaries cannot answer it. */
bool filter_needs_rows(const struct filter *f, enum filter_field skip);
/* It asks for target, agent or group: summary_total is not enough. */
bool filter_needs_targets(const struct filter *f, enum filter_field skip);

/* The one included term of a field, NULL when there are none or several. */
const struct filter_term *filter_only(const struct filter *f,
				      enum filter_field field);
bool filter_has(const struct filter *f, enum filter_field field);

/* Terms with globs are not "only". */
bool filter_is_glob(struct span text);

#endif
