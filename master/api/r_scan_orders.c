#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "master/api/problem.h"
#include "master/api/resources.h"
#include "master/api/scans.h"
#include "master/api/serve.h"
#include "master/store/q_scans.h"
#include "model/budget.h"
#include "model/languages.h"
#include "model/order.h"

/* Orders: a new scan, and pause, resume and stop of one. */

static void
say_scan(struct request *rq, struct reply *rp, unsigned status, uint64_t id)
{
	struct json j;
	struct scans_out o = {.rq = rq, .j = &j};
	enum status st;

	reply_json(rp, status, &j);
	json_map(&j);
	st = q_scan_get(rq->db, id, scans_row, &o);
	if (st != ST_OK) {
		reply_failed(rq, rp, st, "reading the scan");
		return;
	}
	json_end(&j);
	reply_done(rq, rp, &j);
}

static void
order(struct request *rq, struct reply *rp, const char *op)
{
	uint64_t id = serve_id(rq, rp);
	char args[48];

	if (id == 0)
		return;
	snprintf(args, sizeof(args), "{\"id\":%" PRIu64 "}", id);
	if (serve_ask(rq, rp, op, span_str(args), NULL))
		say_scan(rq, rp, 202, id);
}

void
r_scan_pause(struct request *rq, struct reply *rp)
{
	order(rq, rp, "scan.pause");
}

void
r_scan_resume(struct request *rq, struct reply *rp)
{
	order(rq, rp, "scan.resume");
}

void
r_scan_stop(struct request *rq, struct reply *rp)
{
	order(rq, rp, "scan.stop");
}

static bool
is_absolute(struct span s)
{
	return s.ptr[0] == '/';
}

static bool
is_glob(struct span s)
{
	if (str_starts(s, ORDER_PROFILE))
		s = span_skip(s, sizeof(ORDER_PROFILE) - 1);
	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = s.ptr[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    strchr("_.*?", c) == NULL)
			return false;
	}
	return true;
}

static bool
line_good(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < 0x20 || s.ptr[i] == 0x7f)
			return false;
	return true;
}

static const struct field fields[] = {
    {"name", FIELD_TEXT, false, 1, 128, 0, line_good, "must be one line"},
    {"agents", FIELD_IDS, false, 1, 200, 0, NULL, NULL},
    {"all", FIELD_BOOLEAN, false, 0, 0, 0, NULL, NULL},
    {"targets", FIELD_IDS, false, 1, 200, 0, NULL, NULL},
    {"paths", FIELD_TEXTS, false, 1, 64, 4096, is_absolute,
     "must be an absolute path"},
    {"types", FIELD_TEXTS, false, 0, 256, 64, is_glob,
     "must be an id, a glob of ids or profile:NAME"},
    {"min_confidence", FIELD_INTEGER, false, 0, 100, 0, NULL, NULL},
    {"jobs", FIELD_INTEGER, false, 0, 64, 0, NULL, NULL},
    {"bytes_per_second", FIELD_INTEGER, false, 0, INT64_MAX, 0, NULL, NULL},
    {"skip_unchanged", FIELD_BOOLEAN, false, 0, 0, 0, NULL, NULL},
    {"limits", FIELD_NUMBERS, false, 0, 32, 0, NULL, NULL},
    {"ocr", FIELD_TEXTS, false, 0, LANGUAGES_MAX, LANGUAGE_MAX, language_good,
     "must be a language as Tesseract names it: eng, chi_sim"},
};

static void
put_texts(struct json *j, const struct body *b, const char *name)
{
	if (!body_has(b, name))
		return;
	json_key(j, name);
	json_list(j);
	for (size_t i = 0; i < body_count(b, name); i++)
		json_str(j, body_item(b, name, i));
	json_end(j);
}

static void
put_ids(struct json *j, const struct body *b, const char *name)
{
	if (!body_has(b, name))
		return;
	json_key(j, name);
	json_list(j);
	for (size_t i = 0; i < body_count(b, name); i++)
		json_u64(j, body_parse_id(body_item(b, name, i)));
	json_end(j);
}

static void
put_number(struct json *j, const struct body *b, const char *name)
{
	if (body_has(b, name))
		json_put_i64(j, name, body_int(b, name, 0));
}

static void
add_limit(void *arg, struct span name, uint64_t v)
{
	char text[96];

	snprintf(text, sizeof(text), "%.*s=%" PRIu64 ",", (int)name.len,
		 (const char *)name.ptr, v);
	(void)!buf_add_str(arg, text); /* core counts what is missing */
}

/* {"depth": 4} as "depth=4", the way orders have them. */
static void
put_limits(struct json *j, const struct body *b)
{
	struct buf text;

	buf_init(&text, ORDER_LIMITS_MAX + 1);
	body_numbers(b, "limits", add_limit, &text);
	if (text.len > 0)
		json_put_str(j, "limits", span_of(text.data, text.len - 1));
	buf_fini(&text);
}

/* ["eng", "deu"] as "eng,deu". */
static void
put_ocr(struct json *j, const struct body *b)
{
	struct buf text;
	enum status st = ST_OK;

	buf_init(&text, ORDER_OCR_MAX);
	for (size_t i = 0; st == ST_OK && i < body_count(b, "ocr"); i++) {
		struct span s = body_item(b, "ocr", i);

		st = buf_addf(&text, "%s%.*s", i > 0 ? "," : "", (int)s.len,
			      (const char *)s.ptr);
	}
	if (st == ST_OK && text.len > 0)
		json_put_str(j, "ocr", buf_span(&text));
	buf_fini(&text);
}

static void
put_args(struct json *j, const struct body *b)
{
	json_map(j);
	if (body_has(b, "name"))
		json_put_str(j, "name", body_text(b, "name"));
	if (body_bool(b, "all", false))
		json_put_bool(j, "all", true);
	else
		put_ids(j, b, "agents");
	put_ids(j, b, "targets");
	put_texts(j, b, "paths");
	put_texts(j, b, "types");
	put_number(j, b, "min_confidence");
	put_number(j, b, "jobs");
	put_number(j, b, "bytes_per_second");
	if (body_bool(b, "skip_unchanged", false))
		json_put_bool(j, "skip_unchanged", true);
	put_limits(j, b);
	put_ocr(j, b);
	json_end(j);
}

static void
create(struct request *rq, struct reply *rp, const struct body *b)
{
	struct body *made = NULL;
	struct buf args;
	struct json j;
	uint64_t id;

	buf_init(&args, BODY_MAX);
	json_init(&j, &args);
	put_args(&j, b);
	if (json_done(&j) != ST_OK) {
		reply_failed(rq, rp, ST_NOMEM, "making the scan");
	} else if (serve_ask(rq, rp, "scan.create", buf_span(&args), &made)) {
		id = (uint64_t)body_int(made, "id", 0);
		say_scan(rq, rp, 201, id);
		if (rp->status == 201)
			snprintf(rp->location, sizeof(rp->location),
				 "/api/v1/scans/%" PRIu64, id);
	}
	body_close(made);
	buf_fini(&args);
}

/* A row of the table of limits, within its range. */
static void
check_limit(void *arg, struct span name, uint64_t v)
{
	const struct budget_row *r = budget_find(name);
	char at[PROBLEM_POINTER], rule[BUDGET_RULE_MAX];

	body_pointer("limits", name, at);
	if (r == NULL) {
		problem_field(arg, at, "is not known");
	} else if (!budget_allows(r, v)) {
		budget_rule(r, rule);
		problem_field(arg, at, "must be %s", rule);
	}
}

void
r_scans_post(struct request *rq, struct reply *rp)
{
	struct problem p = {.status = 0};
	struct body *b = NULL;
	bool hosts;

	if (!serve_body(rq, rp, fields, sizeof(fields) / sizeof(fields[0]), &b))
		return;
	hosts = body_bool(b, "all", false);
	if (hosts && body_has(b, "agents"))
		problem_field(&p, "/agents", "either agents or all is given");
	hosts = hosts || body_has(b, "agents");
	if (!hosts && !body_has(b, "targets"))
		problem_field(&p, "/agents",
			      "agents, all, or targets is given");
	if (hosts != body_has(b, "paths"))
		problem_field(&p, "/paths",
			      hosts ? "is missing" : "is for agents only");
	body_numbers(b, "limits", check_limit, &p);
	if (p.count > 0)
		problem_reply(rq, rp, &p);
	else
		create(rq, rp, b);
	body_close(b);
}
