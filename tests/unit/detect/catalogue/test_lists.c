#include "unit/detect/finds.h"

#include <unistd.h>

#include "detect/catalogue/lists.h"

struct kept {
	char path[64];
	struct arena arena;
	struct buf why;
};

static void
kept_make(struct kept *k, const char *text)
{
	int fd;

	snprintf(k->path, sizeof(k->path), "/tmp/trawl-list-XXXXXX");
	fd = mkstemp(k->path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	arena_init(&k->arena, (size_t)8 * 1024 * 1024);
	buf_init(&k->why, 4096);
}

static void
kept_remove(struct kept *k)
{
	unlink(k->path);
	arena_fini(&k->arena);
	buf_fini(&k->why);
}

static void
lists_are_read_and_looked_up(void **state)
{
	struct iban_list *ibans = NULL;
	struct tld_list *tlds = NULL;
	struct phone_list *phones = NULL;
	struct kept k;

	(void)state;
	kept_make(&k, "# a comment\n\nDE\t22\t8!n10!n\nMT\t31\t4!a5!n18!c\n");
	assert_int_equal(iban_list_read(k.path, &k.arena, &ibans, &k.why),
			 ST_OK);
	assert_int_equal(
	    iban_list_find(ibans, (const uint8_t *)"MT")->structure[4], 'a');
	assert_null(iban_list_find(ibans, (const uint8_t *)"ZZ"));
	kept_remove(&k);
	kept_make(&k, "com\nde\r\nxn--p1ai");
	assert_int_equal(tld_list_read(k.path, &k.arena, &tlds, &k.why), ST_OK);
	assert_true(tld_list_has(tlds, span_str("COM")));
	assert_true(tld_list_has(tlds, span_str("de")));
	assert_true(tld_list_has(tlds, span_str("xn--p1ai")));
	assert_false(tld_list_has(tlds, span_str("co")));
	assert_false(tld_list_has(tlds, span_str("")));
	kept_remove(&k);
	kept_make(&k, "49\t6\t12\n1\t10\t10\n");
	assert_int_equal(phone_list_read(k.path, &k.arena, &phones, &k.why),
			 ST_OK);
	assert_int_equal(phones->code[49].max, 12);
	assert_int_equal(phones->code[2].max, 0);
	kept_remove(&k);
}

static void
a_wrong_line_is_named(void **state)
{
	static const struct {
		const char *text, *line;
		unsigned list;
	} cases[] = {
	    {"DE\t22\t8n9n\n", ":1:", 0},    {"DE\t22\n", ":1:", 0},
	    {"DE\t35\t8n10n\n", ":1:", 0},   {"de\t22\t8n10n\n", ":1:", 0},
	    {"\nDE\t22\t8x10n\n", ":2:", 0}, {"com\nDe\n", ":2:", 1},
	    {"co.uk\n", ":1:", 1},           {"49\t9\t8\n", ":1:", 2},
	    {"4999\t8\t9\n", ":1:", 2},      {"49\t6\t9\n49\t6\t9\n", ":2:", 2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct iban_list *a = NULL;
		struct tld_list *b = NULL;
		struct phone_list *c = NULL;
		enum status st = ST_OK;
		char why[512];
		struct kept k;

		kept_make(&k, cases[i].text);
		if (cases[i].list == 0)
			st = iban_list_read(k.path, &k.arena, &a, &k.why);
		else if (cases[i].list == 1)
			st = tld_list_read(k.path, &k.arena, &b, &k.why);
		else
			st = phone_list_read(k.path, &k.arena, &c, &k.why);
		assert_int_equal(st, ST_MALFORMED);
		finds_copy(why, sizeof(why), buf_span(&k.why));
		assert_non_null(strstr(why, k.path));
		if (strstr(why, cases[i].line) == NULL)
			fail_msg("%zu: %s", i, why);
		kept_remove(&k);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lists_are_read_and_looked_up),
	    cmocka_unit_test(a_wrong_line_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
