#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <string.h>

#include "fake/core_world.h"
#include "master/core/events.h"
#include "master/core/flow.h"
#include "model/task.h"

#define LINES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define CONN       100

/* The next event: its type in `type`, its body; NULL when there is none. */
static json_t *
next_event(struct core_world *w, char type[32])
{
	struct peer_event e;
	json_t *j;

	type[0] = '\0';
	if (!core_heard(w, w->api, PEER_EVENT))
		return NULL;
	assert_int_equal(peer_event_unpack(w->heard.body, &e), ST_OK);
	memcpy(type, e.type.ptr, e.type.len);
	type[e.type.len] = '\0';
	j = json_loadb((const char *)e.body.ptr, e.body.len, 0, NULL);
	assert_true(json_is_object(j));
	return j;
}

static int64_t
number(const json_t *j, const char *key)
{
	return json_integer_value(json_object_get(j, key));
}

static void
what_changes_often_is_told_once_with_its_newest_values(void **state)
{
	struct core_world *w = *state;
	uint64_t task = world_scan(&w->db, "/srv", "");
	struct task_progress p = {.task = task, .state = TASK_RUNNING};
	char type[32];
	json_t *j;

	core_world_up(w, CONN, w->db.agent, 1);
	events_timer(w->core);
	core_deaf(w);
	for (uint64_t i = 1; i <= 50; i++) {
		p.progress.done_bytes = i * 10;
		core_world_progress(w, CONN, w->db.agent, &p);
	}
	assert_null(next_event(w, type)); /* not each */
	events_timer(w->core);
	j = next_event(w, type);
	assert_string_equal(type, "scan");
	assert_int_equal(number(j, "done_bytes"), 500);
	assert_string_equal(json_string_value(json_object_get(j, "state")),
			    "running");
	json_decref(j);
	assert_null(next_event(w, type));
	events_timer(w->core); /* nothing new: nothing is said */
	assert_null(next_event(w, type));
}

static void
new_findings_are_counted_from_what_is_committed(void **state)
{
	struct core_world *w = *state;
	uint64_t task = world_scan(&w->db, "/srv", "");
	char type[32];
	struct batch b;
	json_t *j;

	core_world_up(w, CONN, w->db.agent, 1);
	events_timer(w->core);
	core_deaf(w);
	world_batch(
	    LINES("/srv/a card_visa 1", "/srv/a card_visa 9", "/srv/b email 1"),
	    task, &b);
	core_world_batch(w, CONN, w->db.agent, 1, &b);
	batch_fini(&b);
	assert_int_equal(flow_flush(w->core), ST_OK);
	events_timer(w->core);
	j = next_event(w, type);
	assert_string_equal(type, "finding");
	assert_int_equal(number(j, "open"), 2);
	assert_int_equal(number(j, "critical"), 1);
	assert_int_equal(number(j, "matches"), 3);
	assert_int_equal(number(j, "new"), 2);
	json_decref(j);
	events_findings(w->core);
	events_timer(w->core);
	while (j = next_event(w, type), j != NULL) {
		if (strcmp(type, "finding") == 0)
			assert_int_equal(number(j, "new"), 0);
		json_decref(j);
	}
}

static void
who_comes_and_goes_is_told_by_name(void **state)
{
	struct core_world *w = *state;
	char type[32];
	json_t *j;

	core_world_up(w, CONN, w->db.agent, 1);
	events_timer(w->core);
	j = next_event(w, type);
	assert_string_equal(type, "agent");
	assert_int_equal(number(j, "id"), w->db.agent);
	assert_string_equal(json_string_value(json_object_get(j, "name")),
			    "pay-db-01");
	assert_true(json_is_true(json_object_get(j, "online")));
	json_decref(j);
}

static void
what_is_no_longer_there_is_passed_over(void **state)
{
	struct core_world *w = *state;
	char type[32];

	events_scan(w->core, 999);
	events_agent(w->core, 999);
	events_timer(w->core);
	assert_null(next_event(w, type));
}

static void
the_state_of_the_disk_and_a_reset_are_told_at_once(void **state)
{
	struct core_world *w = *state;
	char type[32];
	json_t *j;

	events_store(w->core);
	j = next_event(w, type);
	assert_string_equal(type, "store");
	assert_string_equal(json_string_value(json_object_get(j, "state")),
			    "ok");
	json_decref(j);
	events_reset(w->core);
	json_decref(next_event(w, type));
	assert_string_equal(type, "reset");
}

#define T(f)                                                                   \
	cmocka_unit_test_setup_teardown(f, core_world_setup,                   \
					core_world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(what_changes_often_is_told_once_with_its_newest_values),
	    T(new_findings_are_counted_from_what_is_committed),
	    T(who_comes_and_goes_is_told_by_name),
	    T(what_is_no_longer_there_is_passed_over),
	    T(the_state_of_the_disk_and_a_reset_are_told_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
