#include "tests/unit/agent/trawl/found.h"

/* The shape of SARIF 2.1.0, OASIS: version, runs, tool.driver.name, results
 * with ruleId, level, message.text and locations. */
#define HEAD                                                                   \
	"{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\","      \
	"\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{"              \
	"\"name\":\"trawl\",\"version\":\"" TRAWL_VERSION "\"}},\"results\":["
#define TAIL "]}]}\n"

static void
an_empty_result_is_a_document_with_one_run(void **state)
{
	(void)state;
	assert_rows(&out_sarif, NULL, 0, HEAD TAIL);
}

static void
strict_is_an_error_and_broad_a_warning(void **state)
{
	static const struct row rows[] = {
	    {"/srv/a b", "", 98, LEVEL_STRICT, REASON(REASON_CHECK_DIGIT),
	     NULL},
	    {"c/d.zip", "e", 50, LEVEL_BROAD, 0, NULL},
	};

	(void)state;
	assert_rows(
	    &out_sarif, rows, 2,
	    HEAD
	    "{\"ruleId\":\"card_visa\",\"level\":\"error\",\"message\":{"
	    "\"text\":\"card_visa: 4111 11•• •••• 1111\"},\"locations\":[{"
	    "\"physicalLocation\":{\"artifactLocation\":{\"uri\":"
	    "\"file:///srv/a%20b\"},\"region\":{\"byteOffset\":4294967296,"
	    "\"byteLength\":19}}}],\"properties\":{\"place\":\"\","
	    "\"offset\":4294967296,\"length\":19,\"confidence\":98,"
	    "\"level\":\"strict\",\"reasons\":[\"check digit is valid\"]}},"
	    "{\"ruleId\":\"card_visa\",\"level\":\"warning\",\"message\":{"
	    "\"text\":\"card_visa: 4111 11•• •••• 1111\"},\"locations\":[{"
	    "\"physicalLocation\":{\"artifactLocation\":{\"uri\":"
	    "\"c/d.zip\"}}}],\"properties\":{\"place\":\"e\","
	    "\"offset\":4294967296,\"length\":19,\"confidence\":50,"
	    "\"level\":\"broad\",\"reasons\":[]}}" TAIL);
}

static void
other_types_of_the_same_bytes_are_a_property(void **state)
{
	static const char end[] = "\"reasons\":[],"
				  "\"also\":[\"pl_nip\",\"ru_inn\"]}}" TAIL;
	const struct finding m = {.type = span_str("co_nit"),
				  .also = span_str("pl_nip,ru_inn")};
	const struct scan_found f = {.finding = &m};
	struct out o;

	(void)state;
	out_init(&o, &out_sarif);
	o.format->row(&o, &f);
	o.format->end(&o);
	assert_true(o.text.len > strlen(end));
	assert_memory_equal(o.text.data + o.text.len - strlen(end), end,
			    strlen(end));
	out_fini(&o);
}

static void
a_hostile_name_is_a_uri_of_plain_ascii(void **state)
{
	static const struct {
		const char *path, *uri;
	} cases[] = {
	    {HOSTILE, "\"file:///a%0Ab%20%22c%22%2C%FF%1B%5B31m%09%5C%7B0%7D"
		      "%5Bx%5D%28y%29\""},
	    {"a:b", "\"a%3Ab\""}, /* no scheme */
	    {"50%#?", "\"50%25%23%3F\""},
	    {"\xc3\xa4", "\"%C3%A4\""},
	    {"~x_y-z.0", "\"~x_y-z.0\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct row row = {cases[i].path, "", 60,
					LEVEL_BROAD,   0,  NULL};
		struct out o;

		out_init(&o, &out_sarif);
		add_row(&o, &row);
		assert_non_null(memmem(o.text.data, o.text.len, cases[i].uri,
				       strlen(cases[i].uri)));
		out_fini(&o);
	}
}

static void
a_brace_in_a_match_is_no_placeholder(void **state)
{
	static const struct row row = {"a", "", 60, LEVEL_BROAD, 0, "p{0}\"w"};
	static const char want[] = "\"text\":\"card_visa: p{{0}}\\\"w\"";
	struct out o;

	(void)state;
	out_init(&o, &out_sarif);
	add_row(&o, &row);
	assert_non_null(memmem(o.text.data, o.text.len, want, strlen(want)));
	out_fini(&o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_empty_result_is_a_document_with_one_run),
	    cmocka_unit_test(strict_is_an_error_and_broad_a_warning),
	    cmocka_unit_test(other_types_of_the_same_bytes_are_a_property),
	    cmocka_unit_test(a_hostile_name_is_a_uri_of_plain_ascii),
	    cmocka_unit_test(a_brace_in_a_match_is_no_placeholder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
