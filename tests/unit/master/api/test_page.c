#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/str.h"
#include "master/api/page.h"

struct fixture {
	uint8_t key[PAGE_KEY_LEN];
	struct arena arena;
	struct buf sealed;
};

static struct fixture
make(const char *list, const char *text)
{
	struct fixture f;

	page_key(span_str("a key of the installation"), f.key);
	arena_init(&f.arena, 65536);
	buf_init(&f.sealed, PAGE_CURSOR_MAX);
	assert_int_equal(page_seal(f.key, list, span_str(text), &f.sealed),
			 ST_OK);
	return f;
}

static void
drop(struct fixture *f)
{
	arena_fini(&f->arena);
	buf_fini(&f->sealed);
}

static void
a_cursor_comes_back_as_it_went(void **state)
{
	struct fixture f = make("findings", "17:0000a3:2291");
	struct span text;

	(void)state;
	assert_int_equal(
	    page_open(f.key, "findings", buf_span(&f.sealed), &f.arena, &text),
	    ST_OK);
	assert_true(str_is(text, "17:0000a3:2291"));
	drop(&f);
}

static void
a_cursor_is_good_for_its_list_and_key_only(void **state)
{
	struct fixture f = make("matches 7", "5");
	uint8_t other[PAGE_KEY_LEN];
	struct span text;

	(void)state;
	page_key(span_str("a key of another installation"), other);
	assert_int_equal(
	    page_open(f.key, "matches 8", buf_span(&f.sealed), &f.arena, &text),
	    ST_MALFORMED);
	assert_int_equal(
	    page_open(other, "matches 7", buf_span(&f.sealed), &f.arena, &text),
	    ST_MALFORMED);
	drop(&f);
}

static void
a_cursor_with_any_byte_changed_is_refused(void **state)
{
	struct fixture f = make("scans", "123456789");
	struct span text;

	(void)state;
	for (size_t i = 0; i < f.sealed.len; i++) {
		uint8_t was = f.sealed.data[i];

		f.sealed.data[i] = was == 'A' ? 'B' : 'A';
		assert_int_equal(page_open(f.key, "scans", buf_span(&f.sealed),
					   &f.arena, &text),
				 ST_MALFORMED);
		f.sealed.data[i] = was;
	}
	assert_int_equal(
	    page_open(f.key, "scans", span_str(""), &f.arena, &text),
	    ST_MALFORMED);
	assert_int_equal(
	    page_open(f.key, "scans", span_str("abc$"), &f.arena, &text),
	    ST_MALFORMED);
	drop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_cursor_comes_back_as_it_went),
	    cmocka_unit_test(a_cursor_is_good_for_its_list_and_key_only),
	    cmocka_unit_test(a_cursor_with_any_byte_changed_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
