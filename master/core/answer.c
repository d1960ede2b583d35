#include "master/core/answer.h"

#include <stdio.h>

#include "base/str.h"

void
answer_init(struct answer *r)
{
	r->http = 0;
	buf_init(&r->body, ANSWER_MAX);
}

void
answer_fini(struct answer *r)
{
	buf_fini(&r->body);
}

void
answer_begin(struct answer *r, uint16_t http, struct json *j)
{
	r->http = http;
	buf_clear(&r->body);
	json_init(j, &r->body);
	json_map(j);
}

void
answer_end(struct answer *r, struct json *j)
{
	json_end(j);
	if (json_done(j) != ST_OK)
		answer_problem(r, 500, "The answer does not fit.");
}

void
answer_empty(struct answer *r, uint16_t http)
{
	struct json j;

	answer_begin(r, http, &j);
	answer_end(r, &j);
}

static const char *
title_of(unsigned http)
{
	static const struct {
		unsigned http;
		const char *title;
	} titles[] = {
	    {400, "Bad request"},         {403, "Forbidden"},
	    {404, "Not found"},           {409, "Conflict"},
	    {412, "Precondition failed"}, {422, "Unprocessable content"},
	    {429, "Too many requests"},   {500, "Internal error"},
	    {503, "Not available now"},   {507, "Insufficient storage"},
	};

	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		if (titles[i].http == http)
			return titles[i].title;
	return "Error";
}

void
answer_problem(struct answer *r, uint16_t http, const char *detail)
{
	struct json j;

	answer_begin(r, http, &j);
	json_put_cstr(&j, "type", "about:blank");
	json_put_cstr(&j, "title", title_of(http));
	json_put_u64(&j, "status", http);
	json_put_cstr(&j, "detail", detail);
	json_end(&j);
	if (json_done(&j) != ST_OK)
		r->http = 500;
}

void
answer_status(struct answer *r, enum status st)
{
	if (st == ST_NOTFOUND)
		answer_problem(r, 404, "There is no such thing.");
	else if (st == ST_EXISTS)
		answer_problem(r, 409, "It exists already.");
	else if (st == ST_FULL)
		answer_problem(r, 507,
			       "The disk of the database is full. Nothing was "
			       "changed.");
	else if (st == ST_LIMIT || st == ST_USAGE || st == ST_MALFORMED)
		answer_problem(r, 422, "A value is not one that can be kept.");
	else
		answer_problem(
		    r, 503,
		    "The database cannot be written now. Nothing was "
		    "changed.");
}

bool
ask_failed(const struct ask *a)
{
	return a->reply->http >= 400;
}

static void
complain(struct ask *a, const char *key, const char *what)
{
	char text[160];

	if (ask_failed(a))
		return;
	snprintf(text, sizeof(text), "%s: %s.", key, what);
	answer_problem(a->reply, 422, text);
}

void
ask_missing(struct ask *a, const char *key)
{
	complain(a, key, "is missing");
}

/* An id may come as text, as the web has it. */
bool
answer_id_of(const json_t *v, uint64_t *out)
{
	if (json_is_integer(v) && json_integer_value(v) > 0) {
		*out = (uint64_t)json_integer_value(v);
		return true;
	}
	return json_is_string(v) &&
	       str_to_u64(span_of(json_string_value(v), json_string_length(v)),
			  1, INT64_MAX, out) == ST_OK;
}

bool
ask_id(struct ask *a, const char *key, uint64_t *out)
{
	const json_t *v = json_object_get(a->args, key);

	if (answer_id_of(v, out))
		return true;
	if (v != NULL)
		complain(a, key, "is no id");
	return false;
}

bool
ask_number(struct ask *a, const char *key, uint64_t low, uint64_t high,
	   uint64_t *out)
{
	const json_t *v = json_object_get(a->args, key);
	json_int_t n = json_integer_value(v);

	if (v == NULL || json_is_null(v))
		return false;
	if (!json_is_integer(v) || n < 0 || (uint64_t)n < low ||
	    (uint64_t)n > high) {
		complain(a, key, "is no number in the allowed range");
		return false;
	}
	*out = (uint64_t)n;
	return true;
}

bool
ask_text(struct ask *a, const char *key, size_t max, struct span *out)
{
	const json_t *v = json_object_get(a->args, key);

	if (v == NULL || json_is_null(v))
		return false;
	if (!json_is_string(v) || json_string_length(v) == 0 ||
	    json_string_length(v) > max) {
		complain(a, key, "is no text, or too long");
		return false;
	}
	*out = span_of(json_string_value(v), json_string_length(v));
	return true;
}
