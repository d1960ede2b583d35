#include "tests/unit/agent/trawl/found.h"

static void
an_empty_result_is_empty(void **state)
{
	(void)state;
	assert_rows(&out_jsonl, NULL, 0, "");
}

static void
a_row_is_one_line_with_the_promised_keys(void **state)
{
	static const struct row rows[] = {
	    {"/srv/a.zip", "b.txt \xe2\x86\x92 c", 98, LEVEL_STRICT,
	     REASON(REASON_CHECK_DIGIT) | REASON(REASON_ISSUER), NULL},
	    {"c", "", 50, LEVEL_BROAD, 0, "4111 1111 1111 1111"},
	};

	(void)state;
	assert_rows(
	    &out_jsonl, rows, 2,
	    "{\"path\":\"/srv/a.zip\",\"place\":\"b.txt \xe2\x86\x92 c\","
	    "\"type\":\"card_visa\",\"offset\":4294967296,\"length\":19,"
	    "\"match\":\"4111 11•• •••• 1111\",\"confidence\":98,"
	    "\"level\":\"strict\",\"reasons\":[\"check digit is valid\","
	    "\"prefix and length belong to a known issuer\"]}\n"
	    "{\"path\":\"c\",\"place\":\"\",\"type\":\"card_visa\","
	    "\"offset\":4294967296,\"length\":19,"
	    "\"match\":\"4111 1111 1111 1111\",\"confidence\":50,"
	    "\"level\":\"broad\",\"reasons\":[]}\n");
}

static void
other_types_of_the_same_bytes_are_named(void **state)
{
	static const char end[] = ",\"reasons\":[],"
				  "\"also\":[\"pl_nip\",\"ru_inn\"]}\n";
	const struct finding m = {.type = span_str("co_nit"),
				  .also = span_str("pl_nip,ru_inn")};
	const struct scan_found f = {.finding = &m};
	struct out o;

	(void)state;
	out_init(&o, &out_jsonl);
	o.format->row(&o, &f);
	assert_true(o.text.len > strlen(end));
	assert_memory_equal(o.text.data + o.text.len - strlen(end), end,
			    strlen(end));
	out_fini(&o);
}

static void
a_hostile_name_stays_one_line_of_valid_utf8(void **state)
{
	static const struct row row = {HOSTILE,     "\xc3(", 60,
				       LEVEL_BROAD, 0,       "a\nb"};

	(void)state;
	assert_rows(&out_jsonl, &row, 1,
		    "{\"path\":\"/a\\nb \\\"c\\\",\\\\xff\\u001b[31m\\t\\\\{0}"
		    "[x](y)\",\"place\":\"\\\\xc3(\",\"type\":\"card_visa\","
		    "\"offset\":4294967296,\"length\":19,\"match\":\"a\\nb\","
		    "\"confidence\":60,\"level\":\"broad\",\"reasons\":[]}\n");
}

static void
the_path_of_each_row_is_its_own(void **state)
{
	static const char *const paths[] = {"/a", "/a", "/b", "/a\"", ""};
	struct out o;

	(void)state;
	out_init(&o, &out_jsonl);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const struct row row = {paths[i], "", 50, LEVEL_BROAD, 0, NULL};
		struct buf want;

		buf_init(&want, 64);
		assert_int_equal(buf_add_str(&want, "{\"path\":"), ST_OK);
		assert_int_equal(json_quote(&want, span_str(paths[i])), ST_OK);
		assert_int_equal(buf_add_str(&want, ",\"place\""), ST_OK);
		buf_clear(&o.text);
		add_row(&o, &row);
		assert_true(o.text.len > want.len);
		assert_memory_equal(o.text.data, want.data, want.len);
		buf_fini(&want);
	}
	out_fini(&o);
}

/* As json_quote() would have them, in their order. */
static void
every_reason_has_its_words(void **state)
{
	const struct row row = {"c", "", 50, LEVEL_BROAD, UINT64_MAX, NULL};
	struct out o;
	struct buf want;
	struct json j;

	(void)state;
	out_init(&o, &out_jsonl);
	add_row(&o, &row);
	buf_init(&want, 4096);
	json_init(&j, &want);
	json_list(&j);
	for (unsigned i = 0; i < REASON__COUNT; i++)
		json_cstr(&j, reason_text(i));
	json_end(&j);
	assert_int_equal(json_done(&j), ST_OK);
	assert_non_null(memmem(o.text.data, o.text.len, want.data, want.len));
	buf_fini(&want);
	out_fini(&o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_empty_result_is_empty),
	    cmocka_unit_test(a_row_is_one_line_with_the_promised_keys),
	    cmocka_unit_test(other_types_of_the_same_bytes_are_named),
	    cmocka_unit_test(a_hostile_name_stays_one_line_of_valid_utf8),
	    cmocka_unit_test(the_path_of_each_row_is_its_own),
	    cmocka_unit_test(every_reason_has_its_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
