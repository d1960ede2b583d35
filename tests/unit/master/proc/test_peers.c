#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "master/proc/peers.h"
#include "master/proc/roles.h"

/*
 * A message that was packed unpacks to one that packs to the same bytes, and no
 * shorter piece of it unpacks, save where the rest of it is the body.
 */
#define ROUND(name, m, open_end)                                               \
	do {                                                                   \
		struct name back;                                              \
		struct buf a, b;                                               \
                                                                               \
		buf_init(&a, 65536);                                           \
		buf_init(&b, 65536);                                           \
		assert_int_equal(name##_pack((m), &a), ST_OK);                 \
		assert_int_equal(name##_unpack(buf_span(&a), &back), ST_OK);   \
		assert_int_equal(name##_pack(&back, &b), ST_OK);               \
		assert_int_equal(a.len, b.len);                                \
		assert_memory_equal(a.data, b.data, a.len);                    \
		for (size_t n = 0; !(open_end) && n < a.len; n++)              \
			assert_int_not_equal(                                  \
			    name##_unpack(span_of(a.data, n), &back), ST_OK);  \
		buf_fini(&a);                                                  \
		buf_fini(&b);                                                  \
	} while (0)

static void
messages_between_processes_come_back_the_same(void **state)
{
	static const struct agent_hello hello = {
	    .protocol_min = 1, .tasks = {{1, 2}}, .task_count = 1};
	struct peer_up up = {.conn = UINT64_MAX,
			     .agent = 7,
			     .key = {1},
			     .cert = {2},
			     .cert_ends = -1,
			     .again = 1,
			     .address = span_str("192.0.2.7:1"),
			     .hello = hello};
	struct peer_down down = {1, 2, span_str("why")};
	struct peer_enroll enroll = {.conn = 1,
				     .address = span_str("a"),
				     .print = span_str("4F2A"),
				     .exporter = {3},
				     .request = {.csr = span_str("der")}};
	struct peer_renew renew = {1, 2, {3}, span_str("der")};
	struct peer_said said = {1, 2, span_str("body")};
	struct peer_batch batch = {1, 2, 1, 4, 5, span_str("batch")};
	struct peer_sign sign = {1, 2, 30, span_str("der")};
	struct peer_signed done = {1, ST_OK,           {1},           {2}, -3,
				   4, span_str("der"), span_str("ca")};
	struct peer_ask ask = {1,
			       PEER_USER_OPERATOR,
			       3,
			       span_str("a"),
			       span_str("scan.create"),
			       span_str("{}")};
	struct peer_answer answer = {1, 404, span_str("{}")};
	struct peer_event event = {span_str("scan"), span_str("{}")};

	(void)state;
	ROUND(peer_up, &up, false);
	ROUND(peer_down, &down, false);
	ROUND(peer_enroll, &enroll, false);
	ROUND(peer_renew, &renew, false);
	ROUND(peer_said, &said, true);
	ROUND(peer_batch, &batch, true);
	ROUND(peer_sign, &sign, false);
	ROUND(peer_signed, &done, false);
	ROUND(peer_ask, &ask, false);
	ROUND(peer_answer, &answer, false);
	ROUND(peer_event, &event, false);
}

static void
status_and_http_code_out_of_range_are_refused(void **state)
{
	struct peer_signed m = {.status = ST__COUNT}, back;
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	assert_int_equal(peer_signed_pack(&m, &b), ST_OK);
	assert_int_equal(peer_signed_unpack(buf_span(&b), &back), ST_MALFORMED);
	buf_fini(&b);
}

static void
kinds_have_names(void **state)
{
	(void)state;
	assert_string_equal(peer_kind_name(PEER_ASK), "PEER_ASK");
	assert_string_equal(peer_kind_name(9999), "unknown");
}

static void
edges_of_roles_have_two_ends(void **state)
{
	(void)state;
	for (unsigned a = 0; a < ROLE__COUNT; a++) {
		const struct role_row *row = role_row((enum role)a);

		if (row == NULL)
			continue;
		assert_ptr_equal(role_named(row->name), row);
		for (unsigned b = 0; b < ROLE__COUNT; b++) {
			const struct role_row *peer = role_row((enum role)b);

			if ((row->peers & ROLE_BIT(b)) == 0)
				continue;
			assert_non_null(peer);
			assert_true((peer->peers & ROLE_BIT(a)) != 0);
			assert_int_not_equal(a, b);
		}
	}
	assert_null(role_row(ROLE_PARENT));
	assert_null(role_named("parent"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(messages_between_processes_come_back_the_same),
	    cmocka_unit_test(status_and_http_code_out_of_range_are_refused),
	    cmocka_unit_test(kinds_have_names),
	    cmocka_unit_test(edges_of_roles_have_two_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
