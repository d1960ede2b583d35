#include "tests/unit/extract/collect.h"

#include "extract/part.h"

static void
what_is_peeked_is_read_again(void **state)
{
	struct span s = some_text(200000, 3);

	(void)state;
	for (size_t step = 1; step < 70000; step = step * 7 + 1) {
		uint8_t buf[PART_BUF], got[1000];
		struct collect c = {.bytes = s, .step = step};
		struct part p = {.arg = &c,
				 .read = collect_read,
				 .size = UINT64_MAX,
				 .buf = buf};
		size_t at = 0;

		while (at < s.len) {
			struct span ahead = part_peek(&p, 777);
			size_t n;

			assert_memory_equal(ahead.ptr, s.ptr + at, ahead.len);
			assert_true(ahead.len >= 777 ||
				    ahead.len == s.len - at);
			n = part_read(&p, got, sizeof(got));
			assert_memory_equal(got, s.ptr + at, n);
			at += n;
			assert_int_equal(p.pos, at);
			part_unread(&p, 0);
		}
		assert_int_equal(part_read(&p, got, 1), 0);
	}
	free_span(s);
}

static void
consumed_bytes_can_be_given_back(void **state)
{
	struct span s = some_text(3 * PART_BUF, 3);
	uint8_t *buf = malloc(PART_BUF);
	struct collect c = {.bytes = s, .step = 5000};
	struct part p = {
	    .arg = &c, .read = collect_read, .size = UINT64_MAX, .buf = buf};
	size_t at = 0;

	(void)state;
	for (struct span a = part_ahead(&p); a.len > 0; a = part_ahead(&p)) {
		part_consume(&p, a.len);
		at += a.len;
		if (a.len > 8) {
			part_unread(&p, 8);
			at -= 8;
			a = part_ahead(&p);
			assert_memory_equal(a.ptr, s.ptr + at, 8);
			part_consume(&p, 8);
			at += 8;
		}
	}
	assert_int_equal(at, s.len);
	free(buf);
	free_span(s);
}

static void
a_seek_uses_what_is_buffered(void **state)
{
	struct span s = some_text(100000, 3);
	uint8_t *buf = malloc(PART_BUF), b;
	struct collect c = {.bytes = s, .step = 50000};
	struct part p = {
	    .arg = &c, .pread = collect_pread, .size = s.len, .buf = buf};

	(void)state;
	for (size_t i = 0; i < 2000; i++) {
		size_t to = i * 7919 % s.len;

		part_seek(&p, to);
		part_peek(&p, 1 + i % 300);
		assert_int_equal(part_read(&p, &b, 1), 1);
		assert_int_equal(b, s.ptr[to]);
	}
	free(buf);
	free_span(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_peeked_is_read_again),
	    cmocka_unit_test(consumed_bytes_can_be_given_back),
	    cmocka_unit_test(a_seek_uses_what_is_buffered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
