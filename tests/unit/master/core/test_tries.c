#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "fake/core_world.h"
#include "master/core/agents.h"
#include "master/core/ops.h"
#include "master/core/tries.h"
#include "model/object.h"

#define URL  "sftp://svc@files.example/srv"
#define CONN 201

struct place {
	struct core_world w;
	uint64_t proxy, target;
	char args[256];
};

static int
setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return -1;
	core_world_open(&p->w);
	p->proxy = core_world_proxy(&p->w, "px1");
	p->target = (uint64_t)core_world_ask(&p->w, 201, "remote.create",
					     "{\"url\": \"" URL
					     "\", \"credential\": \"files\"}");
	*state = p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;

	core_world_close(&p->w);
	free(p);
	return 0;
}

static uint64_t
try(struct place *p, unsigned http, const char *more)
{
	snprintf(p->args, sizeof(p->args), "{\"id\": %d%s}", (int)p->target,
		 more);
	return (uint64_t)core_world_ask(&p->w, http, "remote.try", p->args);
}

/* What is said of one now: the caller's to free. */
static json_t *
tried(struct place *p, uint64_t id)
{
	const struct actor who = {.user = 1};
	struct answer r;
	json_t *body;

	answer_init(&r);
	snprintf(p->args, sizeof(p->args), "{\"try\": \"%d\"}", (int)id);
	ops_run(p->w.core, &who, span_str("remote.tried"), span_str(p->args),
		&r);
	assert_int_equal(r.http, 200);
	body = json_loadb((const char *)r.body.data, r.body.len, 0, NULL);
	answer_fini(&r);
	assert_non_null(body);
	return body;
}

static void
is(struct place *p, uint64_t id, const char *state, const char *status)
{
	json_t *body = tried(p, id);
	const char *have = json_string_value(json_object_get(body, "status"));

	assert_string_equal(json_string_value(json_object_get(body, "state")),
			    state);
	if (status == NULL)
		assert_null(have);
	else
		assert_string_equal(have, status);
	json_decref(body);
}

/* What an agent answers over a connection. */
static void
answers(struct place *p, uint64_t conn, uint64_t agent,
	const struct agent_answer *m)
{
	struct peer_said said = {.conn = conn, .agent = agent};
	struct buf inner, body;

	buf_init(&inner, 256 * 1024);
	buf_init(&body, 256 * 1024);
	assert_int_equal(agent_answer_pack(m, &inner), ST_OK);
	said.body = buf_span(&inner);
	assert_int_equal(peer_said_pack(&said, &body), ST_OK);
	tries_answered(p->w.core, buf_span(&body));
	buf_fini(&inner);
	buf_fini(&body);
}

static void
a_proxy_that_may_is_asked_and_its_answer_is_told(void **state)
{
	static struct agent_answer m = {
	    .status = ANSWER_GOOD,
	    .entries = {{.path = {(const uint8_t *)URL "/a", sizeof(URL) + 1},
			 .folder = 1},
			{.path = {(const uint8_t *)URL "/b", sizeof(URL) + 1},
			 .size = 7,
			 .reason = COVER_DENIED}},
	    .entry_count = 2,
	    .more = 1,
	};
	struct place *p = *state;
	struct agent_ask asked = {0};
	struct span body;
	uint64_t conn, id;
	json_t *got, *entries;

	core_world_proxy_up(&p->w, CONN, p->proxy, "sftp", "files");
	core_deaf(&p->w);
	id = try(p, 202, ", \"probe\": true, \"path\": \"" URL "/x\"");
	assert_true(core_said(&p->w, PEER_TRY, &conn, &body));
	assert_int_equal(conn, CONN);
	assert_int_equal(agent_ask_unpack(body, &asked), ST_OK);
	assert_int_equal(asked.id, id);
	assert_int_equal(asked.probe, 1);
	assert_true(str_is(asked.path, URL "/x"));
	assert_true(str_is(asked.credential, "files"));
	is(p, id, "waiting", NULL);
	m.id = id;
	answers(p, CONN, p->proxy, &m);
	got = tried(p, id);
	entries = json_object_get(got, "entries");
	assert_string_equal(json_string_value(json_object_get(got, "status")),
			    "good");
	assert_string_equal(json_string_value(json_object_get(got, "proxy")),
			    "px");
	assert_int_equal(json_array_size(entries), 2);
	assert_true(json_is_true(
	    json_object_get(json_array_get(entries, 0), "folder")));
	assert_true(json_is_null(
	    json_object_get(json_array_get(entries, 0), "reason")));
	assert_string_equal(json_string_value(json_object_get(
				json_array_get(entries, 1), "reason")),
			    cover_text(COVER_DENIED));
	assert_true(json_is_true(json_object_get(got, "more")));
	json_decref(got);
}

static void
nobody_answers_for_another_and_only_the_first_answer_counts(void **state)
{
	static struct agent_answer m = {.status = ANSWER_DENIED};
	struct place *p = *state;
	uint64_t id;

	core_world_proxy_up(&p->w, CONN, p->proxy, "sftp", "files");
	m.id = id = try(p, 202, "");
	answers(p, CONN, p->w.db.agent, &m);
	answers(p, CONN + 1, p->proxy, &m);
	is(p, id, "waiting", NULL);
	m.id = id + 1; /* nobody asked that */
	answers(p, CONN, p->proxy, &m);
	is(p, id, "waiting", NULL);
	m.id = id;
	answers(p, CONN, p->proxy, &m);
	m.status = ANSWER_GOOD;
	answers(p, CONN, p->proxy, &m);
	is(p, id, "done", "denied");
}

static void
without_an_able_proxy_it_is_said_what_is_lacking(void **state)
{
	struct place *p = *state;

	(void)try(p, 409, "");
	core_world_proxy_up(&p->w, CONN, p->proxy, "sftp", "other");
	(void)try(p, 409, "");
	core_world_proxy_up(&p->w, CONN, p->proxy, "sftp", "files");
	(void)try(p, 422, ", \"path\": \"sftp://svc@files.example/etc\"");
	(void)try(p, 422, ", \"path\": \"" URL "2\"");
	(void)try(p, 202, ", \"path\": \"" URL "/2\"");
	p->target = 99;
	(void)try(p, 404, "");
}

static void
a_silent_proxy_and_one_that_left_are_answers_too(void **state)
{
	struct place *p = *state;
	uint64_t silent, left;

	core_world_proxy_up(&p->w, CONN, p->proxy, "sftp", "files");
	silent = try(p, 202, "");
	clock_fake_pass(&p->w.clock, (TRIES_WAIT_MS + 1) * 1000);
	is(p, silent, "done", "timeout");
	left = try(p, 202, "");
	agents_forget_conns(p->w.core);
	is(p, left, "done", "trouble");
	/* They are forgotten when somebody else asks. */
	clock_fake_pass(&p->w.clock, (TRIES_KEPT_MS + 1) * 1000);
	core_world_proxy_up(&p->w, CONN + 1, p->proxy, "sftp", "files");
	(void)try(p, 202, "");
	snprintf(p->args, sizeof(p->args), "{\"try\": %d}", (int)left);
	(void)core_world_ask(&p->w, 404, "remote.tried", p->args);
}

static void
so_many_are_tried_at_a_time_and_no_more(void **state)
{
	struct place *p = *state;

	core_world_proxy_up(&p->w, CONN, p->proxy, "sftp", "files");
	for (unsigned i = 0; i < TRIES_MAX; i++) {
		(void)try(p, 202, "");
		core_deaf(&p->w);
	}
	(void)try(p, 429, "");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_proxy_that_may_is_asked_and_its_answer_is_told),
	    TEST(nobody_answers_for_another_and_only_the_first_answer_counts),
	    TEST(without_an_able_proxy_it_is_said_what_is_lacking),
	    TEST(a_silent_proxy_and_one_that_left_are_answers_too),
	    TEST(so_many_are_tried_at_a_time_and_no_more),
	};
#undef TEST

	return cmocka_run_group_tests(tests, NULL, NULL);
}
