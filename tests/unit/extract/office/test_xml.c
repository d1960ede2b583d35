#include "tests/unit/extract/inside.h"

#include "extract/office/xml.h"

/* What was told, as a line. */
static void
told_open(void *arg, const char *name, const char **attrs)
{
	struct buf *to = arg;
	const char *id = xml_attr(attrs, "id");
	const char *far = xml_attr_far(attrs, "id");

	assert_int_equal(buf_addf(to, "<%s", name), ST_OK);
	if (id != NULL)
		assert_int_equal(buf_addf(to, " %s %s", id, far ? far : "-"),
				 ST_OK);
	assert_int_equal(buf_add_str(to, ">"), ST_OK);
}

static void
told_close(void *arg, const char *name)
{
	assert_int_equal(buf_addf(arg, "</%s>", name), ST_OK);
}

static void
told_text(void *arg, struct span s)
{
	assert_int_equal(buf_add(arg, s.ptr, s.len), ST_OK);
}

static void
told_other(void *arg, struct span s)
{
	assert_int_equal(
	    buf_addf(arg, "{%.*s}", (int)s.len, (const char *)s.ptr), ST_OK);
}

static const struct xml_walk walk = {told_open, told_close, told_text,
				     told_other};

struct slow {
	struct span s;
	size_t step;
};

static enum status
slow_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct slow *w = arg;

	if (n > w->step)
		n = w->step;
	if (n > w->s.len)
		n = w->s.len;
	if (n > 0)
		memcpy(dst, w->s.ptr, n);
	w->s = span_skip(w->s, n);
	*got = n;
	return ST_OK;
}

/* Read from memory, or in steps; gives what was told and what is left over. */
static bool
run(struct inside *in, struct span xml, size_t step, struct buf *told)
{
	static uint8_t buf[PART_BUF];
	struct slow slow = {xml, step};
	struct part p = {
	    .arg = &slow, .read = slow_read, .size = UINT64_MAX, .buf = buf};
	bool whole;

	if (step == 0)
		part_memory(&p, xml);
	assert_int_equal(xml_read(in->x, &p, &walk, told, &whole), ST_OK);
	assert_int_equal(job_rest(in->x, &p), ST_OK);
	return whole;
}

static void
what_stands_in_a_document_is_told_in_order(void **state)
{
	static const struct {
		const char *xml, *want, *notes, *rest;
	} cases[] = {
	    {"<w:a xmlns:w='u' w:id='1'>x&amp;<b/>&#65;</w:a>",
	     "<a 1 1>x&<b></b>A</a>", "", ""},
	    {"<a id='s' r:id='r'/>", "<a s r></a>", "", ""},
	    {"<?xml version='1.0'?><!-- c --><a><![CDATA[<z>]]><?p q?></a>",
	     "{ c }<a><z>{q}</a>", "", ""},
	    {"<!DOCTYPE a><a>t</a>", "<a>t</a>", "", ""},
	    {"<a>one</b>two", "<a>one",
	     ": malformed xml, line 1: mismatched tag\n", "/b>two"},
	    {"<a>\none", "<a>\none",
	     ": truncated xml, line 2: no element found\n", ""},
	    {"<!DOCTYPE a [<!ENTITY e '4111'>]><a>&e;</a>", "",
	     ": unsupported it declares entities\n", "'4111'>]><a>&e;</a>"},
	    {"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a>t</a>", "<a>t</a>", "",
	     ""},
	};

	(void)state;
	for (size_t i = 0; i < 2 * (sizeof(cases) / sizeof(cases[0])); i++) {
		struct inside in;
		struct buf told;
		bool whole;

		buf_init(&told, 10000);
		inside_begin(&in, NULL);
		whole = run(&in, span_str(cases[i / 2].xml), i % 2 * 7, &told);
		assert_int_equal(whole, cases[i / 2].notes[0] == 0);
		assert_lines(&told, cases[i / 2].want);
		assert_lines(&in.notes, cases[i / 2].notes);
		if (i % 2 == 0 && strncmp(cases[i / 2].xml, "<a>one<", 7) != 0)
			assert_lines(&in.text, cases[i / 2].rest);
		inside_end(&in);
		buf_fini(&told);
	}
}

static void
nesting_and_tags_have_a_limit(void **state)
{
	struct inside in;
	struct buf xml, told;

	(void)state;
	buf_init(&told, 1u << 24);
	buf_init(&xml, 1u << 24);
	inside_begin(&in, NULL);
	for (size_t i = 0; i < XML_DEPTH + 5; i++)
		assert_int_equal(buf_add_str(&xml, "<a>"), ST_OK);
	assert_false(run(&in, buf_span(&xml), 0, &told));
	assert_lines(&in.notes, ": depth elements within each other\n");
	buf_clear(&in.notes);
	buf_clear(&xml);
	assert_int_equal(buf_add_str(&xml, "<a b='"), ST_OK);
	for (size_t i = 0; i < XML_TOKEN / 8 + 20000; i++)
		assert_int_equal(buf_add_str(&xml, "12345678"), ST_OK);
	assert_false(run(&in, buf_span(&xml), PART_BUF, &told));
	assert_lines(&in.notes, ": memory xml: a tag of more than 4 MiB\n");
	inside_end(&in);
	buf_fini(&told);
	buf_fini(&xml);
}

static void
counts_are_taken_within_bounds(void **state)
{
	(void)state;
	assert_int_equal(xml_count("7", 1, 10), 7);
	assert_int_equal(xml_count("70", 1, 10), 10);
	assert_int_equal(xml_count("99999999999999999999", 1, 10), 10);
	assert_int_equal(xml_count("-7", 1, 10), 1);
	assert_int_equal(xml_count(NULL, 1, 10), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_stands_in_a_document_is_told_in_order),
	    cmocka_unit_test(nesting_and_tags_have_a_limit),
	    cmocka_unit_test(counts_are_taken_within_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
