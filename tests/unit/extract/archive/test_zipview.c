#include "tests/unit/extract/inside.h"

#include "extract/archive/zipview.h"
#include "tests/unit/extract/archive/make.h"

static enum status
take_text(void *arg, struct extractor *x, struct part *p)
{
	struct buf *to = arg;
	char c[100];
	size_t n = part_read(p, c, sizeof(c));

	assert_int_equal(x->place_len, 0);
	return buf_add(to, c, n);
}

static struct span
sample(struct zip_make *z)
{
	const struct zip_spec hidden = {.name = "Hidden.xml",
					.content = span_str("dark"),
					.encrypted = true};

	zip_begin(z);
	zip_add_text(z, "first.xml", "one");
	zip_add_text(z, "Word/Second.xml", "two");
	zip_add(z, &hidden);
	zip_add_text(z, "media/third.txt", "three");
	return zip_end(z, "");
}

static void
open_view(struct inside *in, struct part *p, struct zip_view *v, bool listed)
{
	struct zip_directory d;

	assert_int_equal(zip_directory_find(p, &d), listed);
	assert_int_equal(zip_view_open(in->x, p, listed ? &d : NULL, v), ST_OK);
}

static void
members_are_found_by_name_and_read_in_any_order(void **state)
{
	struct zip_make z;
	struct span zip = sample(&z);

	(void)state;
	for (int listed = 0; listed < 2; listed++) {
		struct span s = listed ? zip : span_of(zip.ptr, zip.len - 30);
		struct zip_entry *e;
		struct zip_view v;
		struct inside in;
		struct part p;
		struct buf text;

		buf_init(&text, 1000);
		inside_begin(&in, NULL);
		part_memory(&p, s);
		open_view(&in, &p, &v, listed);
		assert_int_equal(v.count, 4);
		e = zip_view_find(&v, span_str("word/second.XML"));
		assert_int_equal(zip_view_read(&v, e, take_text, &text), ST_OK);
		assert_null(zip_view_find(&v, span_str("word/second.xml")));
		e = zip_view_find(&v, span_str("first.xml"));
		assert_int_equal(zip_view_read(&v, e, take_text, &text), ST_OK);
		assert_lines(&text, "twoone");
		e = zip_view_find(&v, span_str("media/third.txt"));
		assert_int_equal(zip_view_member(&v, e, span_str("image 1")),
				 ST_OK);
		assert_lines(&in.text, "three");
		assert_lines(&in.notes, "");
		assert_int_equal(in.result.members, 3);
		zip_view_close(&v);
		inside_end(&in);
		buf_fini(&text);
	}
	zip_free(&z);
}

static void
what_cannot_be_unpacked_is_noted_by_its_name(void **state)
{
	struct zip_make z;
	struct span zip = sample(&z);
	struct zip_entry *e;
	struct zip_view v;
	struct inside in;
	struct part p;
	struct buf text;

	(void)state;
	buf_init(&text, 1000);
	inside_begin(&in, NULL);
	part_memory(&p, zip);
	open_view(&in, &p, &v, true);
	e = zip_view_find(&v, span_str("hidden.xml"));
	assert_int_equal(zip_view_read(&v, e, take_text, &text), ST_EOF);
	assert_lines(&text, "");
	assert_lines(&in.notes, "Hidden.xml: encrypted\n");
	assert_int_equal(in.result.unread, 1);
	zip_view_close(&v);
	inside_end(&in);
	zip_free(&z);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(members_are_found_by_name_and_read_in_any_order),
	    cmocka_unit_test(what_cannot_be_unpacked_is_noted_by_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
