#include "tests/unit/extract/inside.h"

#include "extract/hold.h"

/* A part over bytes that come in order, in pieces. */
static struct part
as_stream(struct collect *c, struct span s, uint8_t *buf)
{
	*c = (struct collect){.bytes = s, .step = 1000};
	return (struct part){.arg = c,
			     .read = collect_read,
			     .size = UINT64_MAX,
			     .buf = buf,
			     .name = span_str("name")};
}

static void
what_fits_can_be_read_in_any_order(void **state)
{
	static uint8_t buf[PART_BUF];
	struct span s = some_text(300000, 1);
	struct extract_options o;
	struct inside in;
	struct collect c;
	struct part p;
	struct hold h;

	(void)state;
	extract_options_default(&o);
	o.budget.memory = 300001; /* one byte shows that it ends */
	inside_begin(&in, &o);
	p = as_stream(&c, s, buf);
	assert_true(hold_part(in.x, &p, &h));
	assert_int_equal(h.part.size, s.len);
	assert_true(part_seekable(&h.part));
	assert_memory_equal(h.part.whole.ptr, s.ptr, s.len);
	assert_int_equal(in.x->kept, s.len);
	hold_end(in.x, &h);
	assert_int_equal(in.x->kept, 0);
	inside_end(&in);
	free_span(s);
}

static void
what_does_not_fit_is_read_in_order_and_whole(void **state)
{
	static uint8_t buf[PART_BUF];
	struct span s = some_text(300000, 1);
	uint8_t *got = malloc(s.len + 1);
	struct extract_options o;
	struct inside in;
	struct collect c;
	struct part p;
	struct hold h;

	(void)state;
	extract_options_default(&o);
	o.budget.memory = 300000;
	inside_begin(&in, &o);
	p = as_stream(&c, s, buf);
	assert_false(hold_part(in.x, &p, &h));
	assert_false(part_seekable(&h.part));
	assert_int_equal(part_read(&h.part, got, s.len + 1), s.len);
	assert_memory_equal(got, s.ptr, s.len);
	hold_end(in.x, &h);
	inside_end(&in);
	free(got);
	free_span(s);
}

static void
the_beginning_can_be_read_again_until_it_was_left(void **state)
{
	static uint8_t buf[PART_BUF];
	struct span s = some_text(300000, 1);
	uint8_t got[100];
	struct inside in;
	struct collect c;
	struct part p;
	struct hold h;

	(void)state;
	inside_begin(&in, NULL);
	p = as_stream(&c, s, buf);
	assert_false(hold_begin(in.x, &p, 100000, &h));
	for (int i = 0; i < 2; i++) {
		assert_int_equal(part_read(&h.part, got, 100), 100);
		assert_memory_equal(got, s.ptr, 100);
		assert_true(hold_again(&h));
	}
	while (part_read(&h.part, got, 100) == 100)
		;
	assert_false(hold_again(&h));
	hold_end(in.x, &h);
	inside_end(&in);
	free_span(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_fits_can_be_read_in_any_order),
	    cmocka_unit_test(what_does_not_fit_is_read_in_order_and_whole),
	    cmocka_unit_test(the_beginning_can_be_read_again_until_it_was_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
