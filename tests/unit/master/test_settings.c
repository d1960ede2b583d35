#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "master/options.h"
#include "master/settings.h"

static void
the_page_of_settings_is_that_of_the_table(void **state)
{
	static char want[65536], have[131072];
	FILE *made = tmpfile(), *kept = fopen("schema/settings.md", "re");
	size_t n;

	(void)state;
	assert_non_null(made);
	assert_non_null(kept);
	conf_markdown(&settings_of_master, made);
	rewind(made);
	n = fread(want, 1, sizeof(want) - 1, made);
	want[n] = '\0';
	n = fread(have, 1, sizeof(have) - 1, kept);
	have[n] = '\0';
	fclose(made);
	fclose(kept);
	if (strstr(have, want) == NULL)
		fail_msg("schema/settings.md is old: see its first lines");
}

static void
addresses_are_lists_of_host_and_port(void **state)
{
	static const struct {
		const char *list, *hosts;
		unsigned sum; /* of ports */
		enum status end;
	} cases[] = {
	    {":443", "|", 443, ST_OK},
	    {"192.0.2.1:1, [::1]:2", "192.0.2.1|::1|", 3, ST_OK},
	    {"a:1,,b:2 ", "a|b|", 3, ST_OK},
	    {"", "", 0, ST_OK},
	    {"a:1,b:99999", "a|", 1, ST_USAGE},
	    {"a:1,[::1", "a|", 1, ST_USAGE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *list = cases[i].list;
		struct conf_address a;
		enum status st = ST_OK;
		char hosts[256] = "";
		unsigned sum = 0;

		while (settings_next_address(&list, &a, &st)) {
			size_t used = strlen(hosts);

			snprintf(hosts + used, sizeof(hosts) - used, "%.100s|",
				 a.host);
			sum += a.port;
		}
		assert_int_equal(st, cases[i].end);
		assert_string_equal(hosts, cases[i].hosts);
		assert_int_equal(sum, cases[i].sum);
	}
}

static void
agents_are_told_an_address_that_they_can_dial(void **state)
{
	static const struct {
		const char *agents, *public, *host; /* host NULL: our name */
		unsigned port;
	} cases[] = {
	    {"127.0.0.1:5", "", "127.0.0.1", 5},
	    {"[::1]:5,0.0.0.0:6", "", "::1", 5},
	    {":11117", "", NULL, 11117},
	    {"0.0.0.0:11117", "", NULL, 11117},
	    {":11117", "scan.example", "scan.example", 11117},
	    {":11117", "scan.example:443", "scan.example", 443},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct settings s = {.data = "/x"};
		struct conf_address a;

		snprintf(s.agents, sizeof(s.agents), "%s", cases[i].agents);
		snprintf(s.public, sizeof(s.public), "%s", cases[i].public);
		assert_int_equal(settings_public(&s, &a), ST_OK);
		assert_int_equal(a.port, cases[i].port);
		if (cases[i].host != NULL)
			assert_string_equal(a.host, cases[i].host);
		else
			assert_true(a.host[0] != '\0' &&
				    strcmp(a.host, "0.0.0.0") != 0);
	}
}

static void
the_console_has_a_url_to_open(void **state)
{
	static const struct {
		const char *web, *url;
	} cases[] = {
	    {"127.0.0.1:8443", "https://127.0.0.1:8443/"},
	    {"192.0.2.7:443", "https://192.0.2.7/"},
	    {"[::1]:8443", "https://[::1]:8443/"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct settings s = {.data = "/x"};
		char url[512];

		snprintf(s.web, sizeof(s.web), "%s", cases[i].web);
		settings_url(&s, url, sizeof(url));
		assert_string_equal(url, cases[i].url);
	}
}

static void
options_are_taken_out_of_the_words(void **state)
{
	char *argv[] = {"--path", "/a",    "--data=/x",
			"word",   "--all", "--path=/b"};
	struct option options[] = {{.name = "path", .max = 2},
				   {.name = "all", .flag = true},
				   {.name = "name"},
				   {.name = NULL}};
	int argc = 6;
	struct buf why;

	(void)state;
	buf_init(&why, 1024);
	assert_int_equal(options_take(options, &argc, argv, &why), ST_OK);
	assert_int_equal(argc, 2);
	assert_string_equal(argv[0], "--data=/x");
	assert_string_equal(argv[1], "word");
	assert_int_equal(options[0].count, 2);
	assert_string_equal(options[0].values[1], "/b");
	assert_int_equal(option_find(options, "all")->count, 1);
	assert_null(option_value(options, "name"));
	buf_fini(&why);
}

static void
wrong_options_are_named(void **state)
{
	static const char *const cases[][3] = {
	    {"--name", NULL, "--name"},
	    {"--all=yes", NULL, "--all"},
	    {"--name=a", "--name=b", "--name"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct option options[] = {{.name = "all", .flag = true},
					   {.name = "name"},
					   {.name = NULL}};
		char one[32], two[32], *argv[] = {one, two};
		int argc = cases[i][1] == NULL ? 1 : 2;
		struct buf why;

		snprintf(one, sizeof(one), "%s", cases[i][0]);
		snprintf(two, sizeof(two), "%s",
			 cases[i][1] == NULL ? "" : cases[i][1]);
		buf_init(&why, 1024);
		assert_int_equal(options_take(options, &argc, argv, &why),
				 ST_USAGE);
		assert_int_equal(buf_add_byte(&why, 0), ST_OK);
		assert_non_null(strstr((const char *)why.data, cases[i][2]));
		buf_fini(&why);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_page_of_settings_is_that_of_the_table),
	    cmocka_unit_test(addresses_are_lists_of_host_and_port),
	    cmocka_unit_test(agents_are_told_an_address_that_they_can_dial),
	    cmocka_unit_test(the_console_has_a_url_to_open),
	    cmocka_unit_test(options_are_taken_out_of_the_words),
	    cmocka_unit_test(wrong_options_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
