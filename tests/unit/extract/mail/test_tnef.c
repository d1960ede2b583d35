#include "tests/unit/extract/inside.h"

struct attribute {
	uint8_t level;
	uint32_t id;
	const char *text; /* with the 0 behind it */
};

static void
add(struct buf *b, uint64_t v, unsigned n)
{
	for (; n > 0; n--, v >>= 8) {
		uint8_t byte = (uint8_t)v;

		assert_int_equal(buf_add(b, &byte, 1), ST_OK);
	}
}

/* A winmail.dat with a text and one attachment, and what stands behind. */
static void
make(struct buf *b, const char *behind, size_t len)
{
	static const struct attribute attributes[] = {
	    {1, 0x00018004, "a subject"},     {1, 0x0002800c, "text with WORD"},
	    {2, 0x00069002, "14 bytes long"}, {2, 0x00018010, "scan.txt"},
	    {2, 0x0006800f, "attached WORD"},
	};

	buf_init(b, 1u << 16);
	add(b, 0x223e9f78, 4);
	add(b, 1, 2);
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]);
	     i++) {
		const struct attribute *a = &attributes[i];

		add(b, a->level, 1);
		add(b, a->id, 4);
		add(b, strlen(a->text) + 1, 4);
		assert_int_equal(buf_add(b, a->text, strlen(a->text) + 1),
				 ST_OK);
		add(b, 0, 2);
	}
	assert_int_equal(buf_add(b, behind, len), ST_OK);
}

static void
check(const char *behind, size_t len, const char *notes)
{
	struct inside in;
	struct part p;
	struct buf b;

	make(&b, behind, len);
	inside_begin(&in, NULL);
	in.word = "WORD";
	part_memory(&p, buf_span(&b));
	assert_int_equal(job_part(in.x, &p), ST_OK);
	assert_lines(&in.places, "body+10\nscan.txt+9\n");
	assert_lines(&in.notes, notes);
	inside_end(&in);
	buf_fini(&b);
}

static void
texts_and_attachments_have_places(void **state)
{
	(void)state;
	check("", 0, "");
}

static void
a_line_end_of_the_mail_is_no_damage(void **state)
{
	(void)state;
	check("\r\n", 2, "");
	check("\0\0\n", 3, "");
}

static void
what_stands_behind_is_read_and_told(void **state)
{
	(void)state;
	check("behind", 6, ": malformed no attribute at byte 123\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(texts_and_attachments_have_places),
	    cmocka_unit_test(a_line_end_of_the_mail_is_no_damage),
	    cmocka_unit_test(what_stands_behind_is_read_and_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
