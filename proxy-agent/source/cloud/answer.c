#include "proxy-agent/source/cloud/answer.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/session/stream.h"
#include "proxy-agent/source/cloud/json.h"

/* What services call their words for people. */
static void
note_error(struct cloud_answer *a, json_t *root, unsigned code)
{
	static const char *const paths[] = {
	    "error/message", "error_summary",       "error_description",
	    "message",       "context_info/errors", "error/code",
	};
	char words[CLOUD_SAID - 60];
	struct span text = span_of("", 0);

	for (size_t i = 0;
	     text.len == 0 && i < sizeof(paths) / sizeof(paths[0]); i++)
		text = cloud_text(root, paths[i]);
	stream_words(words, sizeof(words), text);
	snprintf(a->said, CLOUD_SAID, "the service answered %u%s%s", code,
		 words[0] != 0 ? ": " : "", words);
}

/* Google says in a 403 what others say by 429. */
static bool
wants_rest(json_t *root, unsigned code)
{
	struct span why = cloud_text(root, "error/errors/0/reason");

	return code == 403 && str_listed("rateLimitExceeded "
					 "userRateLimitExceeded "
					 "sharingRateLimitExceeded "
					 "dailyLimitExceeded",
					 why);
}

static enum status
code_of(json_t *root, unsigned code)
{
	struct span summary = cloud_text(root, "error_summary");

	if (code == 409 && memmem(summary.ptr, summary.len, "not_found", 9))
		return ST_NOTFOUND;
	return code == 409 || code == 400 ? ST_DENIED : http_code(code);
}

static enum status
ask_once(struct cloud_answer *a, const struct http_request *r, json_t **out,
	 unsigned *code)
{
	struct buf body;
	enum status st;

	buf_init(&body, CLOUD_PAGE);
	st = http_fetch(a->http, r, &body, code);
	if (st == ST_OK) {
		*out = json_loadb((const char *)body.data, body.len, 0, NULL);
		if (*code == 200 && *out == NULL)
			st = ST_MALFORMED;
	} else {
		snprintf(a->said, CLOUD_SAID, "%s", http_why(a->http));
	}
	buf_fini(&body);
	return st;
}

enum status
cloud_answer_ask(struct cloud_answer *a, const struct http_request *r,
		 json_t **out)
{
	unsigned code = 0;
	enum status st;

	for (unsigned i = 0;; i++) {
		*out = NULL;
		st = ask_once(a, r, out, &code);
		if (st != ST_OK || code == 200)
			break;
		note_error(a, *out, code);
		st = code_of(*out, code);
		if (!wants_rest(*out, code) || i + 1 >= a->tries)
			break;
		json_decref(*out);
		http_rest(a->http, i + 1);
	}
	if (st != ST_OK) {
		json_decref(*out);
		*out = NULL;
	}
	return st;
}

bool
cloud_answer_busy(void *arg, unsigned code, struct span body)
{
	json_t *root = json_loadb((const char *)body.ptr, body.len, 0, NULL);
	bool is = wants_rest(root, code);

	(void)arg;
	json_decref(root);
	return is;
}
