#include "wire/codec_job.h"

#include <string.h>

#include "model/task.h"
#include "tests/unit/wire/desk.h"

static void
task_messages_come_back_the_same(void **state)
{
	static struct task_order o;
	struct desk *d = *state;
	struct task_control c = {9, TASK_STOP};
	struct task_progress p = {
	    .task = 9,
	    .state = TASK_RUNNING,
	    .progress = {1, 2, 3, 4, 1, 5, 6, 7, 8, span_str("/a\xff/b")},
	    .bytes_per_second = 1000,
	};

	p.progress.signs = 10;
	o = (struct task_order){.task = 1, .scan = 2, .target = 3};
	o.order.paths[0] = span_str("/srv");
	o.order.paths[1] = span_str("/home/\xff");
	o.order.path_count = 2;
	o.order.types[0] = span_str("card_*");
	o.order.type_count = 1;
	o.order.min_confidence = 50;
	o.order.jobs = 4;
	o.order.want_totals = 1;
	o.order.bytes_per_second = 1 << 20;
	o.order.limits = span_str("depth=4,output=1GiB");
	o.order.ocr = span_str("eng,chi_sim");
	o.order.options = span_of("host_key\0\x01\0\0\0x", 14);
	o.order.credential = span_str("backup-reader");
	o.order.skip_unchanged = 1;
	ROUND(d, task_order, task_order_encode, task_order_decode, &o);
	ROUND(d, task_control, task_control_encode, task_control_decode, &c);
	ROUND(d, task_progress, task_progress_encode, task_progress_decode, &p);
}

/* ---- orders ---- */

static struct task_order order; /* too large for a stack */

static void
order_one(struct span path, struct span type)
{
	order = (struct task_order){.task = 1, .scan = 2, .target = 3};
	order.order.paths[0] = path;
	order.order.path_count = 1;
	order.order.types[0] = type;
	order.order.type_count = 1;
}

static enum status
goes_through(struct desk *d)
{
	static struct task_order back;

	buf_clear(&d->wire);
	assert_int_equal(task_order_encode(&order, &d->wire), ST_OK);
	return task_order_decode(buf_span(&d->wire), &d->arena, &back);
}

static void
paths_are_bytes_and_types_are_text(void **state)
{
	static char large[4097];
	const struct {
		struct span path, type;
		enum status want;
	} cases[] = {
	    {span_str("/"), span_str("card_*"), ST_OK},
	    {span_str("/\n\xff"), span_str("card_*"), ST_OK},
	    {span_of(large, 4096), span_of(large, 128), ST_OK},
	    {span_of(large, 4097), span_str("card_*"), ST_MALFORMED},
	    {span_of(NULL, 0), span_str("card_*"), ST_MALFORMED},
	    {span_of("/a\0b", 4), span_str("card_*"), ST_MALFORMED},
	    {span_str("/"), span_of(large, 129), ST_MALFORMED},
	    {span_str("/"), span_str("card\n"), ST_MALFORMED},
	    {span_str("/"), span_str("card\xff"), ST_MALFORMED},
	};
	struct desk *d = *state;

	memset(large, 'a', sizeof(large));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		order_one(cases[i].path, cases[i].type);
		if (goes_through(d) != cases[i].want)
			fail_msg("case %zu", i);
	}
}

static void
an_order_has_as_many_paths_and_types_as_the_model(void **state)
{
	struct desk *d = *state;

	order_one(span_str("/"), span_str("*"));
	for (size_t i = 0; i < ORDER_PATHS_MAX; i++)
		order.order.paths[i] = span_str("/a");
	for (size_t i = 0; i < ORDER_TYPES_MAX; i++)
		order.order.types[i] = span_str("*");
	order.order.path_count = ORDER_PATHS_MAX;
	order.order.type_count = ORDER_TYPES_MAX;
	assert_int_equal(goes_through(d), ST_OK);
	order.order.path_count = ORDER_PATHS_MAX + 1;
	assert_int_equal(task_order_encode(&order, &d->wire), ST_LIMIT);
	order.order.path_count = 1;
	order.order.type_count = ORDER_TYPES_MAX + 1;
	assert_int_equal(task_order_encode(&order, &d->wire), ST_LIMIT);
}

static void
more_paths_than_the_model_has_are_malformed(void **state)
{
	static struct task_order back;
	struct desk *d = *state;

	order_one(span_str("/"), span_str("*"));
	for (size_t i = 0; i < ORDER_PATHS_MAX; i++)
		order.order.paths[i] = span_str("/");
	order.order.path_count = ORDER_PATHS_MAX;
	buf_clear(&d->wire);
	assert_int_equal(task_order_encode(&order, &d->wire), ST_OK);
	assert_int_equal(
	    task_order_decode(buf_span(&d->wire), &d->arena, &back), ST_OK);
	/* In protobuf, a message behind a message makes one of both. */
	order.order.path_count = 1;
	assert_int_equal(task_order_encode(&order, &d->wire), ST_OK);
	assert_int_equal(
	    task_order_decode(buf_span(&d->wire), &d->arena, &back),
	    ST_MALFORMED);
}

static void
languages_of_pictures_are_good_names_or_none(void **state)
{
	static const struct {
		const char *list;
		enum status want;
	} cases[] = {
	    {"", ST_OK},
	    {"eng,deu", ST_OK},
	    {"../eng", ST_MALFORMED},
	    {"a,b,c,d,e,f,g,h,i", ST_MALFORMED},
	    {"eng\n", ST_MALFORMED},
	};
	struct desk *d = *state;

	order_one(span_str("/"), span_str("*"));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		order.order.ocr = span_str(cases[i].list);
		if (goes_through(d) != cases[i].want)
			fail_msg("\"%s\"", cases[i].list);
	}
}

static void
options_and_the_name_of_a_credential_have_bounds(void **state)
{
	static char large[ORDER_OPTIONS_MAX + 1];
	const struct {
		struct span options, credential;
		enum status want;
	} cases[] = {
	    {span_of(large, ORDER_OPTIONS_MAX), span_str("a"), ST_OK},
	    {span_of(large, sizeof(large)), span_str("a"), ST_MALFORMED},
	    {span_str(""), span_of(large, CREDENTIAL_NAME_MAX), ST_OK},
	    {span_str(""), span_of(large, CREDENTIAL_NAME_MAX + 1),
	     ST_MALFORMED},
	    {span_str(""), span_str("a\nb"), ST_MALFORMED},
	};
	struct desk *d = *state;

	memset(large, 'a', sizeof(large));
	order_one(span_str("sftp://files.example/"), span_str("*"));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		order.order.options = cases[i].options;
		order.order.credential = cases[i].credential;
		if (goes_through(d) != cases[i].want)
			fail_msg("case %zu", i);
	}
}

static void
a_confidence_is_a_percentage(void **state)
{
	struct desk *d = *state;

	order_one(span_str("/"), span_str("*"));
	order.order.min_confidence = 100;
	assert_int_equal(goes_through(d), ST_OK);
	order.order.min_confidence = 101;
	assert_int_equal(goes_through(d), ST_MALFORMED);
}

/* ---- control and progress ---- */

static void
only_known_actions_are_taken(void **state)
{
	struct desk *d = *state;

	for (unsigned action = 0; action < 256; action++) {
		struct task_control m = {9, (uint8_t)action}, back;
		bool known = action == TASK_PAUSE || action == TASK_RESUME ||
			     action == TASK_STOP;

		buf_clear(&d->wire);
		assert_int_equal(task_control_encode(&m, &d->wire), ST_OK);
		assert_int_equal(
		    task_control_decode(buf_span(&d->wire), &d->arena, &back),
		    known ? ST_OK : ST_MALFORMED);
	}
}

static void
a_path_of_progress_above_its_limit_is_refused(void **state)
{
	static char large[4097];
	struct desk *d = *state;
	struct task_progress m = {.task = 9}, back;

	memset(large, 'a', sizeof(large));
	for (size_t more = 0; more < 2; more++) {
		m.progress.current = span_of(large, 4096 + more);
		buf_clear(&d->wire);
		assert_int_equal(task_progress_encode(&m, &d->wire), ST_OK);
		assert_int_equal(
		    task_progress_decode(buf_span(&d->wire), &d->arena, &back),
		    more == 0 ? ST_OK : ST_MALFORMED);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    AT_DESK(task_messages_come_back_the_same),
	    AT_DESK(paths_are_bytes_and_types_are_text),
	    AT_DESK(an_order_has_as_many_paths_and_types_as_the_model),
	    AT_DESK(more_paths_than_the_model_has_are_malformed),
	    AT_DESK(languages_of_pictures_are_good_names_or_none),
	    AT_DESK(options_and_the_name_of_a_credential_have_bounds),
	    AT_DESK(a_confidence_is_a_percentage),
	    AT_DESK(only_known_actions_are_taken),
	    AT_DESK(a_path_of_progress_above_its_limit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
