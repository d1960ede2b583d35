#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/str.h"
#include "master/api/out.h"
#include "model/match.h"
#include "model/object.h"
#include "model/task.h"

static char *
text_of(struct buf *b)
{
	assert_int_equal(buf_add_byte(b, '\0'), ST_OK);
	return (char *)b->data;
}

static void
modes_read_like_those_of_ls(void **state)
{
	static const struct {
		uint32_t mode;
		const char *want;
	} cases[] = {
	    {S_IFREG | 0644, "-rw-r--r--"},
	    {S_IFDIR | 01777, "drwxrwxrwt"},
	    {S_IFREG | 04755, "-rwsr-xr-x"},
	    {S_IFREG | 02644, "-rw-r-Sr--"},
	    {S_IFLNK | 0777, "lrwxrwxrwx"},
	    {S_IFREG | 05000, "---S-----T"},
	    {0, "----------"},
	};
	char text[11];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		out_mode(cases[i].mode, text);
		assert_string_equal(text, cases[i].want);
	}
}

static void
an_id_of_zero_and_a_time_of_zero_are_null(void **state)
{
	struct buf b;
	struct json j;

	(void)state;
	buf_init(&b, 1024);
	json_init(&j, &b);
	json_map(&j);
	out_id(&j, "a", 0);
	out_id(&j, "b", UINT64_C(9223372036854775807));
	out_ms(&j, "c", 0);
	out_ms(&j, "d", 1700000000000);
	json_end(&j);
	assert_int_equal(json_done(&j), ST_OK);
	assert_string_equal(text_of(&b),
			    "{\"a\":null,\"b\":\"9223372036854775807\","
			    "\"c\":null,\"d\":\"2023-11-14T22:13:20Z\"}");
	buf_fini(&b);
}

static void
reasons_are_the_words_of_their_bits(void **state)
{
	struct buf b;
	struct json j;

	(void)state;
	buf_init(&b, 4096);
	json_init(&j, &b);
	out_reasons(&j, REASON(REASON_CHECK_DIGIT) | REASON(REASON_WORD_NEAR) |
			    UINT64_C(1) << 63);
	assert_int_equal(json_done(&j), ST_OK);
	assert_string_equal(text_of(&b), "[\"check digit is valid\","
					 "\"a word of the type stands near\"]");
	buf_fini(&b);
}

static struct buf
progress(struct out_progress p, int64_t now)
{
	struct buf b;
	struct json j;

	buf_init(&b, 4096);
	json_init(&j, &b);
	out_progress(&j, &p, now);
	assert_int_equal(json_done(&j), ST_OK);
	(void)text_of(&b);
	return b;
}

static void
has(struct out_progress p, int64_t now, const char *part)
{
	struct buf b = progress(p, now);

	assert_non_null(strstr((char *)b.data, part));
	buf_fini(&b);
}

static void
an_eta_is_a_range_once_the_totals_are_known(void **state)
{
	struct out_progress p = {
	    .state = TASK_RUNNING,
	    .done_bytes = 500,
	    .total_bytes = 1500,
	    .total_exact = true,
	    .rate = 10,
	};

	(void)state;
	has(p, 0, "\"eta_seconds\":[80,126]");
	p.done_bytes = 100; /* hardly begun: a wide guess */
	has(p, 0, "\"eta_seconds\":[70,281]");
	p.rate = 0;
	has(p, 0, "\"eta_seconds\":null");
	p.rate = 10;
	p.total_exact = false;
	has(p, 0, "\"eta_seconds\":null");
	p.total_exact = true;
	p.done_bytes = 2000; /* it grew while it was read */
	has(p, 0, "\"eta_seconds\":null");
	p.done_bytes = 500;
	p.state = TASK_PAUSED;
	has(p, 0, "\"eta_seconds\":null");
}

static void
only_a_running_scan_that_stands_still_is_stalled(void **state)
{
	struct out_progress p = {.state = TASK_RUNNING, .moved = 1000};

	(void)state;
	has(p, 1000 + OUT_STALLED_MS, "\"stalled\":false");
	has(p, 1001 + OUT_STALLED_MS, "\"stalled\":true");
	p.state = TASK_PAUSED;
	has(p, 1001 + OUT_STALLED_MS, "\"stalled\":false");
	p.state = TASK_RUNNING;
	p.moved = 0; /* not begun */
	has(p, INT64_C(1) << 40, "\"stalled\":false");
}

static void
a_match_has_its_place_as_text_and_no_clear_value(void **state)
{
	const struct match_row m = {
	    .place = span_str("a\xff.txt"),
	    .offset = 7,
	    .length = 16,
	    .confidence = 95,
	    .level = LEVEL_STRICT,
	    .reasons = REASON(REASON_ISSUER),
	    .also = span_str("pl_nip,ru_inn"),
	    .masked = span_str("411111******1111"),
	    .context = span_str("card 411111******1111"),
	    .fingerprint = {0x9f, 0x2c, 0, 1, 2, 3, 4, 0xff},
	};
	struct buf b;
	struct json j;

	(void)state;
	buf_init(&b, 4096);
	json_init(&j, &b);
	json_map(&j);
	out_match(&j, &m);
	json_end(&j);
	assert_int_equal(json_done(&j), ST_OK);
	assert_string_equal(
	    text_of(&b),
	    "{\"place\":\"a\\\\xff.txt\",\"offset\":7,\"length\":16,"
	    "\"confidence\":95,\"level\":\"strict\",\"reasons\":[\"prefix and "
	    "length belong to a known issuer\"],"
	    "\"also\":[\"pl_nip\",\"ru_inn\"],"
	    "\"masked\":\"411111******1111\","
	    "\"context\":\"card 411111******1111\","
	    "\"fingerprint\":\"9f2c0001020304ff\"}");
	buf_fini(&b);
}

static void
a_line_of_an_export_names_other_types_when_there_are_some(void **state)
{
	static const char head[] =
	    "{\"path\":\"/a\",\"place\":\"\",\"type\":\"co_nit\","
	    "\"offset\":7,\"length\":10,\"match\":\"**1\",\"confidence\":60,"
	    "\"level\":\"broad\",\"reasons\":[]";
	static const char tail[] = ",\"target\":\"h\",\"agent\":\"2\","
				   "\"scan\":\"3\",\"state\":\"open\"}";
	static const char *const alsos[][2] = {
	    {"", ""},
	    {"pl_nip", ",\"also\":[\"pl_nip\"]"},
	    {"pl_nip,ru_inn", ",\"also\":[\"pl_nip\",\"ru_inn\"]"},
	};
	const struct finding_row f = {.path = span_str("/a"),
				      .type = span_str("co_nit"),
				      .target_name = span_str("h"),
				      .agent = 2,
				      .scan = 3,
				      .state = FINDING_OPEN};
	struct match_row m = {.offset = 7,
			      .length = 10,
			      .confidence = 60,
			      .level = LEVEL_BROAD,
			      .masked = span_str("**1")};

	(void)state;
	for (size_t i = 0; i < sizeof(alsos) / sizeof(alsos[0]); i++) {
		char want[512];
		struct buf b;
		struct json j;

		m.also = span_str(alsos[i][0]);
		buf_init(&b, 4096);
		json_init(&j, &b);
		out_line(&j, &f, &m);
		assert_int_equal(json_done(&j), ST_OK);
		snprintf(want, sizeof(want), "%s%s%s", head, alsos[i][1], tail);
		assert_string_equal(text_of(&b), want);
		buf_fini(&b);
	}
}

static void
the_load_of_an_agent_is_a_share_of_its_cores(void **state)
{
	static const struct {
		struct agent_row row;
		const char *part;
	} cases[] = {
	    {{.online = true, .cpus = 4, .load = 480}, "\"load\":0.12,"},
	    {{.online = true, .cpus = 2, .load = 4000}, "\"load\":2,"},
	    {{.online = true, .cpus = 2, .load = 0}, "\"load\":0,"},
	    {{.online = true, .cpus = 0, .load = 100}, "\"load\":null,"},
	    {{.online = false, .cpus = 2, .load = 100}, "\"load\":null,"},
	    {{.online = true, .cpus = 2, .load = LOAD_UNKNOWN},
	     "\"load\":null,"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf b;
		struct json j;

		buf_init(&b, 4096);
		json_init(&j, &b);
		json_map(&j);
		out_agent(&j, &cases[i].row);
		json_end(&j);
		assert_int_equal(json_done(&j), ST_OK);
		assert_non_null(strstr(text_of(&b), cases[i].part));
		buf_fini(&b);
	}
}

static void
a_node_says_what_it_is_and_how_it_was_read(void **state)
{
	static const struct {
		struct node_row row;
		const char *part;
	} cases[] = {
	    {{.kind = NODE_GROUP, .name = {(const uint8_t *)"HR", 2}},
	     "\"id\":\"g:HR\",\"kind\":\"group\""},
	    {{.kind = NODE_TARGET, .id = "t:1"}, "\"state\":\"never\""},
	    {{.kind = NODE_TARGET, .id = "t:1", .scanned = 5, .online = true},
	     "\"online\":true"},
	    {{.kind = NODE_OBJECT,
	      .id = "o:1",
	      .coverage = COVERAGE_PARTIAL,
	      .reason = COVER_ENCRYPTED},
	     "\"state\":\"partial\",\"reason\":\"encrypted"},
	    {{.kind = NODE_OBJECT, .id = "o:1", .coverage = COVERAGE_NONE},
	     "\"state\":\"unread\""},
	    {{.kind = NODE_FOLDER, .id = "d:1", .children = true},
	     "\"has_children\":true"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf b;
		struct json j;

		buf_init(&b, 4096);
		json_init(&j, &b);
		json_map(&j);
		out_node(&j, &cases[i].row);
		json_end(&j);
		assert_int_equal(json_done(&j), ST_OK);
		assert_non_null(strstr(text_of(&b), cases[i].part));
		buf_fini(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(modes_read_like_those_of_ls),
	    cmocka_unit_test(an_id_of_zero_and_a_time_of_zero_are_null),
	    cmocka_unit_test(reasons_are_the_words_of_their_bits),
	    cmocka_unit_test(an_eta_is_a_range_once_the_totals_are_known),
	    cmocka_unit_test(only_a_running_scan_that_stands_still_is_stalled),
	    cmocka_unit_test(a_match_has_its_place_as_text_and_no_clear_value),
	    cmocka_unit_test(
		a_line_of_an_export_names_other_types_when_there_are_some),
	    cmocka_unit_test(the_load_of_an_agent_is_a_share_of_its_cores),
	    cmocka_unit_test(a_node_says_what_it_is_and_how_it_was_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
