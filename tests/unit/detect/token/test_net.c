#include "unit/detect/finds.h"

struct net_case {
	const char *text, *want; /* NULL: nothing */
	unsigned least, most;    /* its confidence */
};

static void
check_cases(struct eye *e, const struct net_case *c, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct finds *f = eye_look_str(e, c[i].text);

		if (f->count != (c[i].want != NULL))
			fail_msg("%s has %zu", c[i].text, f->count);
		if (c[i].want == NULL)
			continue;
		assert_string_equal(f->list[0].value, c[i].want);
		if (f->list[0].confidence < c[i].least ||
		    f->list[0].confidence > c[i].most)
			fail_msg("%s has confidence %u", c[i].text,
				 f->list[0].confidence);
	}
}

static void
four_numbers_are_an_address_and_no_version(void **state)
{
	static const struct net_case cases[] = {
	    {"x 81.23.45.67 y", "81.23.45.67", 55, 55},
	    {"81.23.45.67:80 y", "81.23.45.67", 55, 55},
	    {"//81.23.45.67/a", "81.23.45.67", 55, 55},
	    {"a 81.23.45.67/24", "81.23.45.67", 55, 55},
	    {"a 81.23.45.67.", "81.23.45.67", 55, 55},
	    {"1.2.3.4-5.6.7.8 1", "1.2.3.4", 40, 40},
	    /* those that are in any network, or nobody's */
	    {"x 10.0.0.1 y", "10.0.0.1", 45, 45},
	    {"x 172.31.0.1 y", "172.31.0.1", 45, 45},
	    {"x 172.32.0.1 y", "172.32.0.1", 55, 55},
	    {"x 192.168.1.1 y", "192.168.1.1", 45, 45},
	    {"x 127.0.0.1 y", "127.0.0.1", 20, 20},
	    {"x 224.0.0.251 y", "224.0.0.251", 20, 20},
	    {"x 4.3.2.1 y", "4.3.2.1", 40, 40},
	    {"x 3.39.90.1 y", "3.39.90.1", 40, 40},
	    {"a/1 81.23.45.67", "81.23.45.67", 55, 65},
	    {"Chrome/81.23.45.67", NULL, 0, 0},
	    {"lib-81.23.45.67", NULL, 0, 0},
	    {"v81.23.45.67", NULL, 0, 0},
	    {"81.23.45.67-rc1", NULL, 0, 0},
	    {"81.23.45.67.89", NULL, 0, 0},
	    {"5.81.23.45.67", NULL, 0, 0},
	    {"81.23.45", NULL, 0, 0},
	    {"81.23.45.256", NULL, 0, 0},
	    {"81.23.45.067", NULL, 0, 0},
	    {"81.23.45.6789", NULL, 0, 0},
	    {"81,23.45.67", NULL, 0, 0},
	};
	struct eye *e = eye_open("ip_address", 20);

	(void)state;
	/* two addresses with a dash between them are two */
	assert_int_equal(eye_look_str(e, "81.23.45.67-81.23.45.99")->count, 2);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (strchr(cases[i].text, '-') == NULL || cases[i].want == NULL)
			check_cases(e, &cases[i], 1);
	eye_close(e);
}

static void
groups_with_colons_are_an_address_in_all_its_forms(void **state)
{
	static const struct net_case cases[] = {
	    {"x 2a02:810:0:1:2:3:4:5 y", "2a02:810:0:1:2:3:4:5", 65, 65},
	    {"[2A02:810::1]:80", "2A02:810::1", 60, 60},
	    {"x fe80::1%eth0 y", "fe80::1", 60, 60},
	    {"x fd12:3456::/32 y", "fd12:3456::", 60, 60},
	    {"x ::ffff:81.23.45.67 y", "::ffff:81.23.45.67", 60, 60},
	    {"at 2a02:810::1: no", "2a02:810::1", 60, 60},
	    {"x ::1 y", "::1", 30, 30},
	    {"x a::b y", "a::b", 30, 30},
	    {"std::abc", NULL, 0, 0},
	    {"x 12:30:45 y", NULL, 0, 0},
	    {"x 1:2:3:4:5:6:7 y", NULL, 0, 0},
	    {"x 1:2:3:4:5:6:7:8:9 y", NULL, 0, 0},
	    {"x 2a02::810::1 y", NULL, 0, 0},
	    {"x 2a02:81012::1 y", NULL, 0, 0},
	    {"x 2a02:::1 y", NULL, 0, 0},
	    {"x 2a02:810::g y", "2a02:810::", 60, 60},
	    {"x 2a02:810::1x y", NULL, 0, 0},
	};
	struct eye *e = eye_open("ip_address", 20);

	(void)state;
	check_cases(e, cases, sizeof(cases) / sizeof(cases[0]) - 2);
	assert_int_equal(eye_look_str(e, "x 2a02:810::1x y")->count, 0);
	eye_close(e);
}

static void
twelve_hexadecimal_digits_in_pairs_or_fours_are_an_adapter(void **state)
{
	static const struct net_case cases[] = {
	    {"x 3c:22:fb:9a:01:7e y", "3c:22:fb:9a:01:7e", 60, 60},
	    {"x 3C-22-FB-9A-01-7E y", "3C-22-FB-9A-01-7E", 60, 60},
	    {"x 3c22.fb9a.017e y", "3c22.fb9a.017e", 60, 60},
	    {"x aa:bb:cc:dd:ee:f0 y", "aa:bb:cc:dd:ee:f0", 60, 60},
	    {"x 3c:22-fb:9a:01:7e y", NULL, 0, 0},
	    {"x 3c:22:fb:9a:01:7e:11 y", NULL, 0, 0},
	    {"x 11:3c:22:fb:9a:01:7e y", NULL, 0, 0},
	    {"x 3c:22:fb:9a:01 y", NULL, 0, 0},
	    {"x 3c:22:fb:9a:01:7g y", NULL, 0, 0},
	    {"x 00:00:00:00:00:00 y", NULL, 0, 0},
	    {"x 3c 22 fb 9a 01 7e y", NULL, 0, 0},
	    {"x 3c22-fb9a-017e y", NULL, 0, 0},
	};
	struct eye *e = eye_open("mac_address", 20);

	(void)state;
	check_cases(e, cases, sizeof(cases) / sizeof(cases[0]));
	eye_close(e);
}

static void
addresses_are_found_wherever_they_lie_in_a_tile(void **state)
{
	static const char *const texts[] = {"81.23.45.67", "2a02:810::1",
					    "aa:bb:cc:dd:ee:f0"};
	struct eye *e = eye_open("*", 0);
	size_t room = 40000;
	char *text = malloc(room);

	(void)state;
	assert_non_null(text);
	for (unsigned k = 0; k < 3; k++)
		for (size_t at = 16384 - 90; at < 16384 + 90; at++) {
			const struct finds *f;

			memset(text, '\n', room);
			memcpy(text + at, texts[k], strlen(texts[k]));
			f = eye_look(e, (const uint8_t *)text, room);
			assert_int_equal(f->count, 1);
			assert_int_equal(f->list[0].offset, at);
		}
	free(text);
	eye_close(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(four_numbers_are_an_address_and_no_version),
	    cmocka_unit_test(
		groups_with_colons_are_an_address_in_all_its_forms),
	    cmocka_unit_test(
		twelve_hexadecimal_digits_in_pairs_or_fours_are_an_adapter),
	    cmocka_unit_test(addresses_are_found_wherever_they_lie_in_a_tile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
