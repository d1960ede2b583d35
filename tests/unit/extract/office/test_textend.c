#include "tests/unit/extract/collect.h"

#include "extract/office/textend.h"

#define LONGEST 600

/* What must be found, by looking at each byte. */
static size_t
end_of(const uint8_t *p, size_t n)
{
	size_t i = 0;

	while (i < n && p[i] != '<' && p[i] != '&' && p[i] != '\r')
		i++;
	return i;
}

/* In memory of its own, so that a byte too many is seen. */
static void
compare(const struct text_end *by, const uint8_t *text, size_t n)
{
	uint8_t *p = test_malloc(n + 1), *to = test_malloc(n + 1);
	size_t want = end_of(text, n);

	memcpy(p + 1, text, n);
	assert_ptr_equal(by->find(p + 1, p + 1 + n), p + 1 + want);
	assert_ptr_equal(by->copy(to + 1, p + 1, p + 1 + n), p + 1 + want);
	assert_memory_equal(to + 1, text, want);
	test_free(p);
	test_free(to);
}

static void
compare_all(const uint8_t *text, size_t n)
{
	const struct text_end *by;

	for (unsigned i = 0; (by = text_end_version(i)) != NULL; i++)
		compare(by, text, n);
}

static void
every_version_finds_the_end_at_every_place(void **state)
{
	static const uint8_t ends[] = {'<', '&', '\r'};
	uint8_t text[LONGEST];

	(void)state;
	assert_ptr_equal(text_end_best(), text_end_version(0));
	for (size_t n = 0; n < LONGEST; n++) {
		memset(text, 'a', sizeof(text));
		compare_all(text, n);
		text[n] = ends[n % 3];
		compare_all(text, n + 1);
		compare_all(text, LONGEST);
	}
}

/* All 256, so that one that looks like an end to a vector is there. */
static void
no_other_byte_is_an_end(void **state)
{
	uint8_t text[2 * 256];

	(void)state;
	for (unsigned c = 0; c < 256; c++) {
		memset(text, (int)c, sizeof(text));
		compare_all(text, sizeof(text));
		memset(text, 'a', sizeof(text));
		text[c] = (uint8_t)c;
		text[c + 1] = '<';
		compare_all(text, sizeof(text));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_version_finds_the_end_at_every_place),
	    cmocka_unit_test(no_other_byte_is_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
