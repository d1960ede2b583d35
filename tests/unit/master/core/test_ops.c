#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "fake/store_world.h"
#include "master/core/core.h"
#include "master/store/q_agents.h"
#include "master/store/q_audit.h"
#include "master/store/q_scans.h"
#include "master/store/q_sessions.h"
#include "master/store/q_users.h"

/* Every operation is asked as the command line does it while nothing runs. */
struct asked {
	unsigned http;
	json_t *body;
};

static struct asked
ask(struct store_world *w, const char *op, const char *args)
{
	static const char pin[] =
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaa";
	struct core_config config = {.database = w->file,
				     .public_host = "master.example",
				     .public_port = 11117,
				     .ca_pin = pin,
				     .heartbeat = 60,
				     .certificate_days = 30};
	struct core_question q = {
	    .config = &config, .op = span_str(op), .args = span_str(args)};
	struct asked a = {.http = 0};
	struct buf answer, why;

	buf_init(&answer, 1024 * 1024);
	buf_init(&why, 4096);
	assert_int_equal(core_ask_offline(&q, &a.http, &answer, &why), ST_OK);
	a.body = json_loadb((const char *)answer.data, answer.len, 0, NULL);
	assert_true(json_is_object(a.body));
	if (a.http >= 400)
		assert_non_null(
		    json_string_value(json_object_get(a.body, "detail")));
	buf_fini(&answer);
	buf_fini(&why);
	return a;
}

/* Asks, wants a status, and gives a number of the answer (0: not there). */
static int64_t
want(struct store_world *w, unsigned http, const char *op, const char *args,
     const char *key)
{
	struct asked a = ask(w, op, args);
	int64_t n =
	    key == NULL ? 0 : json_integer_value(json_object_get(a.body, key));

	if (a.http != http)
		fail_msg("%s %s: %u, not %u", op, args, a.http, http);
	json_decref(a.body);
	return n;
}

static void
what_is_wrong_is_a_problem_and_changes_nothing(void **state)
{
	static const struct {
		const char *op, *args;
		unsigned http;
	} cases[] = {
	    {"no.such", "{}", 404},
	    {"token.create", "[]", 400},
	    {"token.create", "{", 400},
	    {"token.create", "{\"uses\": 0}", 422},
	    {"token.create", "{\"uses\": \"1\"}", 422},
	    {"token.create", "{\"ttl\": 1}", 422},
	    {"token.delete", "{}", 422},
	    {"token.delete", "{\"id\": 99}", 404},
	    {"agent.verify", "{\"id\": 99}", 404},
	    {"agent.verify", "{\"id\": 1}", 409},
	    {"agent.verify", "{\"id\": -1}", 422},
	    {"agent.unblock", "{\"id\": 1}", 409},
	    {"scan.create", "{}", 422},
	    {"scan.create", "{\"paths\": [\"srv\"], \"all\": true}", 422},
	    {"scan.create", "{\"paths\": [], \"all\": true}", 422},
	    {"scan.create", "{\"paths\": [\"/srv\"]}", 422},
	    {"scan.create", "{\"paths\": [\"/\"], \"agents\": [99]}", 404},
	    {"scan.create",
	     "{\"paths\": [\"/\"], \"all\": true, \"types\": [\"A B\"]}", 422},
	    {"scan.create", "{\"paths\": [\"/\"], \"all\": true, \"jobs\": 65}",
	     422},
	    {"scan.create",
	     "{\"paths\": [\"/\"], \"all\": true, \"limits\": \"depth=17\"}",
	     422},
	    {"scan.create",
	     "{\"paths\": [\"/\"], \"all\": true, \"limits\": {\"depth\": 4}}",
	     422},
	    {"scan.create",
	     "{\"paths\": [\"/\"], \"all\": true, \"ocr\": \"../eng\"}", 422},
	    {"scan.create",
	     "{\"paths\": [\"/\"], \"all\": true, \"ocr\": [\"eng\"]}", 422},
	    {"scan.pause", "{\"id\": 99}", 404},
	    {"finding.state", "{\"id\": 1, \"state\": \"open\"}", 404},
	    {"finding.state", "{\"id\": 1, \"state\": \"gone\"}", 422},
	    {"finding.bulk", "{\"state\": \"open\"}", 422},
	    {"finding.bulk",
	     "{\"state\": \"open\", \"filter\": {\"x\": \"1\"}}", 422},
	    {"session.create", "{\"user\": 1, \"id\": \"zz\"}", 422},
	    {"session.touch",
	     "{\"id\": \"00000000000000000000000000000000"
	     "00000000000000000000000000000000\"}",
	     404},
	    {"setup.create", "{\"code\": \"x\"}", 422},
	    {"setup.create",
	     "{\"code\": \"x\", \"name\": \"a\", \"password\": \"b\"}", 403},
	};
	struct store_world *w = *state;
	struct agent_counts counts;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		(void)want(w, cases[i].http, cases[i].op, cases[i].args, NULL);
	assert_int_equal(q_agents_count(w->store, &counts), ST_OK);
	assert_int_equal(counts.verified, 1);
	assert_true(world_is_sound(w));
}

static void
the_setup_code_makes_one_user_and_is_burnt(void **state)
{
	struct store_world *w = *state;
	struct asked a = ask(w, "setup.code", "{}");
	char args[256];
	bool any = false;

	assert_int_equal(a.http, 201);
	snprintf(args, sizeof(args),
		 "{\"code\": \"%s\", \"name\": \"admin\", \"password\": "
		 "\"$argon2id$x\"}",
		 json_string_value(json_object_get(a.body, "code")));
	json_decref(a.body);
	assert_int_equal(want(w, 201, "setup.create", args, "user"), 1);
	(void)want(w, 409, "setup.create", args, NULL);
	(void)want(w, 409, "setup.code", "{}", NULL);
	assert_int_equal(q_users_any(w->store, &any), ST_OK);
	assert_true(any);
}

static void
a_new_code_makes_the_old_one_void(void **state)
{
	struct store_world *w = *state;
	struct asked old = ask(w, "setup.code", "{}");
	char args[256];

	snprintf(args, sizeof(args),
		 "{\"code\": \"%s\", \"name\": \"admin\", \"password\": \"x\"}",
		 json_string_value(json_object_get(old.body, "code")));
	json_decref(old.body);
	(void)want(w, 201, "setup.code", "{}", NULL);
	(void)want(w, 403, "setup.create", args, NULL);
}

static enum status
note_user(void *arg, const struct session_row *row)
{
	*(uint64_t *)arg = row->user;
	return ST_OK;
}

static void
a_session_lives_until_it_is_ended(void **state)
{
	static const char id[] = "\"id\": \"11111111111111111111111111111111"
				 "11111111111111111111111111111111\"";
	struct store_world *w = *state;
	uint8_t hash[SESSION_HASH_LEN];
	uint64_t user = 0;
	char args[256];
	int64_t ends;

	memset(hash, 0x11, sizeof(hash));
	assert_int_equal(q_user_add(w->store, span_str("eve"), span_str("x"),
				    span_str("admin"), w->now, &user),
			 ST_OK);
	snprintf(args, sizeof(args), "{%s, \"user\": 1, \"address\": \"::1\"}",
		 id);
	ends = want(w, 201, "session.create", args, "expires");
	assert_int_equal(q_session_get(w->store, hash,
				       ends - SESSION_ABSOLUTE_MS + 1,
				       note_user, &user),
			 ST_OK);
	/* Too long without a click, and too long in all. */
	assert_int_equal(
	    q_session_get(w->store, hash,
			  ends - SESSION_ABSOLUTE_MS + SESSION_IDLE_MS,
			  note_user, &user),
	    ST_NOTFOUND);
	assert_int_equal(q_session_get(w->store, hash, ends, note_user, &user),
			 ST_NOTFOUND);
	snprintf(args, sizeof(args), "{%s}", id);
	(void)want(w, 200, "session.touch", args, NULL);
	(void)want(w, 200, "session.delete", args, NULL);
	(void)want(w, 404, "session.delete", args, NULL);
}

static enum status
note_state(void *arg, const struct task_row *row)
{
	*(struct task_row *)arg = *row;
	return ST_OK;
}

static void
a_scan_waits_for_an_agent_that_is_away(void **state)
{
	struct store_world *w = *state;
	struct task_row t;

	assert_int_equal(want(w, 201, "scan.create",
			      "{\"paths\": [\"/srv\", \"/opt/\\\\xffz\"],"
			      " \"agents\": [\"pay-db-01\", 1], \"types\":"
			      " [\"card_*\"]}",
			      "id"),
			 1);
	assert_int_equal(q_task_get(w->store, 1, note_state, &t), ST_OK);
	assert_int_equal(t.state, TASK_QUEUED);
	(void)want(w, 202, "scan.pause", "{\"id\": \"1\"}", NULL);
	assert_int_equal(q_task_get(w->store, 1, note_state, &t), ST_OK);
	assert_int_equal(t.state, TASK_PAUSED);
	(void)want(w, 202, "scan.resume", "{\"id\": 1}", NULL);
	assert_int_equal(q_task_get(w->store, 1, note_state, &t), ST_OK);
	assert_int_equal(t.state, TASK_QUEUED);
	(void)want(w, 202, "scan.stop", "{\"id\": 1}", NULL);
	assert_int_equal(q_task_get(w->store, 1, note_state, &t), ST_OK);
	assert_int_equal(t.state, TASK_STOPPED);
	assert_true(t.swept);
	(void)want(w, 409, "scan.stop", "{\"id\": 1}", NULL);
}

static enum status
note_path(void *arg, struct span path)
{
	struct buf *all = arg;

	return buf_add(all, path.ptr, path.len);
}

static void
a_path_that_is_not_utf8_can_be_ordered(void **state)
{
	struct store_world *w = *state;
	struct buf all;

	(void)want(w, 201, "scan.create",
		   "{\"paths\": [\"/opt/\\\\xffz\\\\x41\"], \"all\": true}",
		   NULL);
	buf_init(&all, 4096);
	assert_int_equal(q_scan_paths(w->store, 1, note_path, &all), ST_OK);
	/* \x41 is no byte that had to be written so: it stays as it is. */
	assert_int_equal(all.len, 11);
	assert_memory_equal(all.data, "/opt/\xffz\\x41", 11);
	buf_fini(&all);
}

static enum status
note_limits(void *arg, const struct scan_row *row)
{
	snprintf(arg, 64, "%.*s", (int)row->limits.len,
		 row->limits.len > 0 ? (const char *)row->limits.ptr : "");
	return ST_OK;
}

static void
the_limits_of_an_order_are_kept_with_the_scan(void **state)
{
	struct store_world *w = *state;
	char text[64];

	(void)want(w, 201, "scan.create",
		   "{\"paths\": [\"/srv\"], \"all\": true,"
		   " \"limits\": \"depth=4,output=1GiB\"}",
		   NULL);
	assert_int_equal(q_scan_get(w->store, 1, note_limits, text), ST_OK);
	assert_string_equal(text, "depth=4,output=1GiB");
}

static enum status
note_ocr(void *arg, const struct scan_row *row)
{
	snprintf(arg, 64, "%.*s", (int)row->ocr.len,
		 row->ocr.len > 0 ? (const char *)row->ocr.ptr : "");
	return ST_OK;
}

static void
text_in_pictures_is_read_when_an_order_names_languages(void **state)
{
	struct store_world *w = *state;
	char text[64];

	(void)want(w, 201, "scan.create",
		   "{\"paths\": [\"/srv\"], \"all\": true}", NULL);
	(void)want(w, 201, "scan.create",
		   "{\"paths\": [\"/srv\"], \"all\": true,"
		   " \"ocr\": \"eng,deu\"}",
		   NULL);
	assert_int_equal(q_scan_get(w->store, 1, note_ocr, text), ST_OK);
	assert_string_equal(text, "");
	assert_int_equal(q_scan_get(w->store, 2, note_ocr, text), ST_OK);
	assert_string_equal(text, "eng,deu");
}

static void
a_removed_agent_keeps_what_it_found_and_loses_its_tasks(void **state)
{
	struct store_world *w = *state;
	uint64_t task = world_scan(w, "/srv", ""), target = 0, again;
	struct task_row t;

	assert_int_equal(
	    world_give(w, (const char *const[]){"/srv/a card_visa 1", NULL},
		       task, 0),
	    ST_OK);
	(void)want(w, 200, "agent.remove", "{\"id\": 1}", NULL);
	(void)want(w, 404, "agent.remove", "{\"id\": 1}", NULL);
	assert_int_equal(q_task_get(w->store, task, note_state, &t), ST_OK);
	assert_int_equal(t.state, TASK_STOPPED);
	assert_int_equal(world_findings(w, NULL, NULL), 1);
	/* The same host, installed anew, goes on with the same target. */
	again = world_agent(w, "pay-db-01", "Payments", &target);
	assert_int_not_equal(again, w->agent);
	assert_int_equal(target, w->target);
	assert_true(world_is_sound(w));
}

static void
a_judgement_wants_the_version_that_was_seen(void **state)
{
	struct store_world *w = *state;
	uint64_t task = world_scan(w, "/srv", "");

	assert_int_equal(
	    world_give(w,
		       (const char *const[]){"/srv/a card_visa 1",
					     "/srv/b card_visa 1",
					     "/srv/c email 1", NULL},
		       task, 0),
	    ST_OK);
	assert_int_equal(want(w, 200, "finding.state",
			      "{\"id\": 1, \"state\": \"confirmed\","
			      " \"version\": 1}",
			      "version"),
			 2);
	(void)want(w, 412, "finding.state",
		   "{\"id\": 1, \"state\": \"open\", \"version\": 1}", NULL);
	assert_int_equal(want(w, 409, "finding.bulk",
			      "{\"filter\": {\"type\": \"card_*\"}, \"state\":"
			      " \"false_positive\", \"expected_count\": 3}",
			      "count"),
			 2);
	assert_int_equal(want(w, 200, "finding.bulk",
			      "{\"filter\": {\"type\": [\"card_*\"]},"
			      " \"state\": \"false_positive\","
			      " \"expected_count\": 2}",
			      "changed"),
			 2);
	assert_int_equal(want(w, 200, "finding.bulk",
			      "{\"ids\": [\"1\", 3, 999], \"state\": \"open\"}",
			      "changed"),
			 1);
	assert_true(world_is_sound(w));
}

static enum status
count_audit(void *arg, const struct audit_row *row)
{
	(*(unsigned *)arg)++;
	assert_true(row->actor.len > 0 && row->action.len > 0);
	return ST_OK;
}

static void
every_change_has_its_row_in_the_audit_log(void **state)
{
	static const struct {
		const char *op, *args;
		unsigned http;
	} changes[] = {
	    {"token.create", "{}", 201},
	    {"token.delete", "{\"id\": 1}", 200},
	    {"agent.block", "{\"id\": 1}", 200},
	    {"agent.unblock", "{\"id\": 1}", 200},
	    {"agent.move", "{\"id\": 1, \"group\": \"HR\"}", 200},
	    {"setup.code", "{}", 201},
	    {"session.refused", "{\"name\": \"eve\"}", 200},
	};
	struct store_world *w = *state;
	unsigned rows = 0, n = sizeof(changes) / sizeof(changes[0]);

	for (size_t i = 0; i < n; i++)
		(void)want(w, changes[i].http, changes[i].op, changes[i].args,
			   NULL);
	assert_int_equal(q_audit_list(w->store, 0, 100, count_audit, &rows),
			 ST_OK);
	assert_int_equal(rows, n);
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(what_is_wrong_is_a_problem_and_changes_nothing),
	    T(the_setup_code_makes_one_user_and_is_burnt),
	    T(a_new_code_makes_the_old_one_void),
	    T(a_session_lives_until_it_is_ended),
	    T(a_scan_waits_for_an_agent_that_is_away),
	    T(a_path_that_is_not_utf8_can_be_ordered),
	    T(the_limits_of_an_order_are_kept_with_the_scan),
	    T(text_in_pictures_is_read_when_an_order_names_languages),
	    T(a_removed_agent_keeps_what_it_found_and_loses_its_tasks),
	    T(a_judgement_wants_the_version_that_was_seen),
	    T(every_change_has_its_row_in_the_audit_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
