#ifndef MASTER_API_FILTERS_H
#define MASTER_API_FILTERS_H

#include "base/json.h"
#include "base/status.h"
#include "master/api/problem.h"
#include "master/api/query.h"
#include "master/store/filter.h"

/*
 * filters: query parameters to the store's filter. One reading of them serves
 * rows, counts, facets, exports and bulk changes.
 *
 * skip: names that are not the filter's, one space between. Every parameter
 * that is wrong or not known is named in *p; then ST_MALFORMED.
 */
NODISCARD enum status filters_read(const struct query *q, const char *skip,
				   struct filter *f, struct problem *p);

/* True when `name` is one of the words. */
bool filters_word(const char *words, struct span name);

/* The filter as JSON {key: [values]}, as core takes it. */
void filters_json(const struct query *q, struct json *j);

#endif
