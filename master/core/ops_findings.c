#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "master/core/events.h"
#include "master/core/flow.h"
#include "master/core/ops.h"
#include "master/store/q_findings.h"

#define BULK_IDS_MAX 10000

static bool
ask_state(struct ask *a, enum finding_state *to)
{
	struct span word;
	unsigned n;

	if (!ask_text(a, "state", 32, &word)) {
		ask_missing(a, "state");
		return false;
	}
	n = finding_state_number(word);
	if (n == 0 || n == FINDING_GONE) {
		answer_problem(a->reply, 422,
			       "state: open, confirmed or false_positive is "
			       "wanted.");
		return false;
	}
	*to = n;
	return true;
}

static enum status
note_version(void *arg, const struct finding_row *row)
{
	*(uint64_t *)arg = row->version;
	return ST_OK;
}

void
op_finding_state(struct ask *a)
{
	struct core *c = a->core;
	enum finding_state to = FINDING_OPEN;
	uint64_t id = 0, version = 0;
	struct json j;
	enum status st;

	if (!ask_id(a, "id", &id)) {
		ask_missing(a, "id");
		return;
	}
	(void)ask_number(a, "version", 1, INT64_MAX, &version);
	if (ask_failed(a) || !ask_state(a, &to))
		return;
	st = flow_begin(c);
	if (st == ST_OK) {
		st = q_finding_set_state(c->store, c->rollup, id, to, version);
		if (st == ST_OK)
			st = audit_on(c, &a->who, "finding.state", "finding",
				      id);
		if (st == ST_AGAIN)
			st = ST_USAGE; /* another version; not the disk */
		st = flow_end(c, st);
	}
	if (st == ST_USAGE) {
		answer_problem(a->reply, 412,
			       "It has changed since: look at it again.");
		return;
	}
	if (st == ST_OK)
		st = q_finding_get(c->store, id, note_version, &version);
	if (st != ST_OK) {
		answer_status(a->reply, st);
		return;
	}
	answer_begin(a->reply, 200, &j);
	json_put_u64(&j, "id", id);
	json_put_cstr(&j, "state", finding_state_word(to));
	json_put_u64(&j, "version", version);
	answer_end(a->reply, &j);
	events_findings(c);
}

static bool
add_value(struct ask *a, struct filter *f, const char *key, const json_t *v)
{
	enum status st = ST_MALFORMED;

	if (json_is_string(v))
		st = filter_add(
		    f, span_str(key),
		    span_of(json_string_value(v), json_string_length(v)));
	if (st == ST_OK)
		return true;
	answer_problem(a->reply, 422,
		       st == ST_NOTFOUND ? "filter: there is no such key."
					 : "filter: a value is not good.");
	return false;
}

static bool
ask_filter(struct ask *a, struct filter *f)
{
	json_t *filter = json_object_get(a->args, "filter");
	const char *key;
	json_t *v, *one;
	size_t i;

	json_object_foreach(filter, key, v)
	{
		if (!json_is_array(v)) {
			if (!add_value(a, f, key, v))
				return false;
			continue;
		}
		json_array_foreach(v, i, one)
		{
			if (!add_value(a, f, key, one))
				return false;
		}
	}
	return true;
}

static bool
ask_ids(struct ask *a, uint64_t **ids, size_t *n)
{
	const json_t *list = json_object_get(a->args, "ids");
	size_t i, count = json_array_size(list);
	json_t *v;

	*n = 0;
	if (list == NULL || json_is_null(list))
		return true;
	if (!json_is_array(list) || count == 0 || count > BULK_IDS_MAX) {
		answer_problem(a->reply, 422, "ids: 1 to 10,000 are wanted.");
		return false;
	}
	*ids = calloc(count, sizeof(**ids));
	if (*ids == NULL)
		return false;
	json_array_foreach(list, i, v)
	{
		uint64_t id = 0;

		if (!answer_id_of(v, &id)) {
			answer_problem(a->reply, 422, "ids: one is no id.");
			return false;
		}
		(*ids)[(*n)++] = id;
	}
	return true;
}

/* True when the filter means as many as the person was told. */
static bool
count_is_right(struct ask *a, const struct filter *f, size_t ids)
{
	struct finding_count have = {.findings = ids, .exact = true};
	uint64_t want = 0;
	struct json j;
	enum status st = ST_OK;

	if (!ask_number(a, "expected_count", 0, INT64_MAX, &want))
		return !ask_failed(a);
	if (ids == 0)
		st = q_findings_count_all(a->core->store, f, &have);
	if (st != ST_OK) {
		answer_status(a->reply, st);
		return false;
	}
	if (have.findings == want)
		return true;
	answer_begin(a->reply, 409, &j);
	json_put_cstr(&j, "type", "about:blank");
	json_put_cstr(&j, "title", "Conflict");
	json_put_u64(&j, "status", 409);
	json_put_cstr(&j, "detail",
		      "It would change another number of findings than you "
		      "were shown.");
	json_put_u64(&j, "count", have.findings);
	answer_end(a->reply, &j);
	return false;
}

static void
change(struct ask *a, const struct bulk_change *b)
{
	struct core *c = a->core;
	uint64_t changed = 0;
	char detail[96];
	struct json j;
	enum status st = flow_begin(c);

	if (st == ST_OK) {
		st = q_findings_set_state(c->store, c->rollup, b, &changed);
		snprintf(detail, sizeof(detail),
			 "{\"state\":\"%s\",\"changed\":%llu}",
			 finding_state_word(b->to),
			 (unsigned long long)changed);
		if (st == ST_OK)
			st =
			    audit_write(c, &a->who, "finding.bulk",
					span_str("findings"), span_str(detail));
		st = flow_end(c, st);
	}
	if (st != ST_OK) {
		answer_status(a->reply, st);
		return;
	}
	answer_begin(a->reply, 200, &j);
	json_put_u64(&j, "changed", changed);
	answer_end(a->reply, &j);
	events_findings(c);
}

void
op_finding_bulk(struct ask *a)
{
	struct filter *f = calloc(1, sizeof(*f));
	enum finding_state to = FINDING_OPEN;
	uint64_t *ids = NULL;
	size_t n = 0;

	if (f == NULL) {
		answer_status(a->reply, ST_NOMEM);
	} else if (ask_state(a, &to) && ask_filter(a, f) &&
		   ask_ids(a, &ids, &n)) {
		if (n == 0 && json_object_get(a->args, "filter") == NULL)
			answer_problem(a->reply, 422,
				       "ids or filter is wanted.");
		else if (count_is_right(a, f, n))
			change(a, &(struct bulk_change){.filter = f,
							.ids = ids,
							.id_count = n,
							.to = to});
	}
	free(ids);
	free(f);
}
