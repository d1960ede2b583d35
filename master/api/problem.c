#include "master/api/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"

static const struct word {
	unsigned status;
	const char *type, *title;
} words[] = {
    {400, "/problems/invalid", "The request is not valid"},
    {401, "/problems/signed-out", "Nobody is signed in"},
    {403, "/problems/forbidden", "This is not allowed"},
    {404, "/problems/not-found", "There is no such thing"},
    {405, "/problems/method", "The method is not known here"},
    {409, "/problems/conflict", "It does not fit the present state"},
    {412, "/problems/changed", "It was changed in the meantime"},
    {413, "/problems/too-large", "The request is too large"},
    {414, "/problems/too-long", "The address is too long"},
    {415, "/problems/not-json", "The body must be JSON"},
    {422, "/problems/unusable", "The request cannot be done"},
    {428, "/problems/if-match", "If-Match is missing"},
    {429, "/problems/too-often", "Too many requests"},
    {500, "/problems/internal", "The server failed"},
    {503, "/problems/unavailable", "A part of the server is not there"},
    {507, "/problems/full", "The server has no space left"},
};

static const struct word *
word_of(unsigned status)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].status == status)
			return &words[i];
	return word_of(500);
}

void
problem_field(struct problem *p, const char *pointer, const char *fmt, ...)
{
	va_list ap;

	if (p->status == 0)
		p->status = 400;
	if (p->count++ >= PROBLEM_ERRORS_MAX)
		return;
	snprintf(p->errors[p->count - 1].pointer, PROBLEM_POINTER, "%s",
		 pointer);
	va_start(ap, fmt);
	vsnprintf(p->errors[p->count - 1].detail, PROBLEM_TEXT, fmt, ap);
	va_end(ap);
}

static void
put_errors(struct json *j, const struct problem *p)
{
	if (p->count == 0)
		return;
	json_key(j, "errors");
	json_list(j);
	for (size_t i = 0; i < p->count && i < PROBLEM_ERRORS_MAX; i++) {
		json_map(j);
		json_put_cstr(j, "pointer", p->errors[i].pointer);
		json_put_cstr(j, "detail", p->errors[i].detail);
		json_end(j);
	}
	json_end(j);
}

static void
put_detail(struct json *j, const struct problem *p)
{
	char text[64];

	if (p->detail[0] != '\0') {
		json_put_cstr(j, "detail", p->detail);
		return;
	}
	if (p->count == 0)
		return;
	snprintf(text, sizeof(text), "%zu %s wrong", p->count,
		 p->count == 1 ? "field is" : "fields are");
	json_put_cstr(j, "detail", text);
}

void
problem_reply(const struct request *rq, struct reply *rp,
	      const struct problem *p)
{
	const struct word *w = word_of(p->status);
	struct json j;

	buf_clear(&rp->body);
	rp->status = w->status;
	rp->type = "application/problem+json";
	rp->etag[0] = rp->location[0] = rp->disposition[0] = '\0';
	rp->cache = NULL;
	json_init(&j, &rp->body);
	json_map(&j);
	json_put_cstr(&j, "type", w->type);
	json_put_cstr(&j, "title", w->title);
	json_put_u64(&j, "status", w->status);
	put_detail(&j, p);
	json_put_cstr(&j, "instance", rq->id);
	put_errors(&j, p);
	json_end(&j);
	if (json_done(&j) != ST_OK)
		buf_clear(&rp->body); /* no memory: the status says enough */
}

void
problem_say(const struct request *rq, struct reply *rp, unsigned status,
	    const char *fmt, ...)
{
	struct problem p = {.status = status};
	va_list ap;

	if (fmt != NULL) {
		va_start(ap, fmt);
		vsnprintf(p.detail, sizeof(p.detail), fmt, ap);
		va_end(ap);
	}
	problem_reply(rq, rp, &p);
}
