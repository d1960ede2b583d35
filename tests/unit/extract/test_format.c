#include "tests/unit/extract/inside.h"

#include "extract/format.h"

#define BYTES(s)                                                               \
	{                                                                      \
		(const uint8_t *)(s), sizeof(s) - 1                            \
	}

static const struct format *
find(struct span bytes)
{
	struct part p;
	struct format_look l = {.part = &p, .head = bytes, .parent = ""};
	static struct format_index index;

	part_memory(&p, bytes);
	if (l.head.len > PART_PEEK)
		l.head.len = PART_PEEK;
	l.seen.zeros = memchr(bytes.ptr, 0, l.head.len) != NULL;
	format_index_make(&index);
	return format_find(&index, &l);
}

static void
content_tells_who_reads_it(void **state)
{
	static const struct {
		struct span bytes;
		const char *name;
	} cases[] = {
	    {BYTES(""), NULL},
	    {BYTES("plain text"), NULL},
	    {BYTES("PK\3\4rest"), "zip"},
	    {BYTES("PK\5\6"
		   "0000000000000000"),
	     "zip"},
	    {BYTES("PK and words"), NULL},
	    {BYTES("\x1f\x8b\x08\0\0\0\0\0\0\3"), "gzip"},
	    {BYTES("\x1f\x8b\x08\xff\0\0\0\0\0\3"), NULL},
	    {BYTES("\x1f\x8b\x08"), NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct format *f = find(cases[i].bytes);

		if (cases[i].name == NULL)
			assert_null(f);
		else
			assert_string_equal(f->name, cases[i].name);
	}
}

static void
every_row_has_a_name_and_a_way_to_tell(void **state)
{
	(void)state;
	for (size_t g = 0; format_groups[g] != NULL; g++) {
		assert_true(g < FORMAT_GROUPS_MAX);
		for (size_t i = 0; i < format_groups[g]->count; i++) {
			const struct format *f = &format_groups[g]->formats[i];

			assert_true(f->name != NULL && strlen(f->name) > 0 &&
				    strlen(f->name) < 24);
			assert_true(f->is != NULL || f->magic_len >= 2);
			assert_true((f->magic == NULL) == (f->magic_len == 0));
			assert_true(f->at + f->magic_len <= PART_PEEK);
			assert_non_null(f->read);
		}
	}
}

static void
bytes_far_inside_are_seen_in_any_part(void **state)
{
	static uint8_t buf[PART_BUF];
	struct span s = some_text(100000, 1);

	(void)state;
	for (int way = 0; way < 2; way++) {
		struct collect c = {.bytes = s, .step = 1000};
		struct part p = {.arg = &c,
				 .read = collect_read,
				 .size = UINT64_MAX,
				 .buf = buf};
		struct format_look l = {.part = &p, .parent = ""};
		struct span got;

		if (way == 0)
			part_memory(&p, s);
		l.head = part_peek(&p, PART_PEEK);
		got = format_bytes(&l, 32769, 5);
		assert_int_equal(got.len, 5);
		assert_memory_equal(got.ptr, s.ptr + 32769, 5);
		assert_memory_equal(l.head.ptr, s.ptr, PART_PEEK);
		assert_int_equal(p.pos, 0);
	}
	free_span(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(content_tells_who_reads_it),
	    cmocka_unit_test(every_row_has_a_name_and_a_way_to_tell),
	    cmocka_unit_test(bytes_far_inside_are_seen_in_any_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
