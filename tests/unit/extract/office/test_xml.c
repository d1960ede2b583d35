#include "tests/unit/extract/inside.h"

#include "extract/office/xml.h"

/* What was told, as a line. */
static void
add(struct buf *to, struct span s)
{
	assert_int_equal(buf_add(to, s.ptr, s.len), ST_OK);
}

/* Names by their first letter: so much is given to told_close(). */
static unsigned
told_open(void *arg, const struct xml_tag *t)
{
	struct buf *to = arg;
	struct span id = xml_attr(t, "id"), far = xml_attr_far(t, "id");

	add(to, span_str("<"));
	add(to, t->name);
	if (id.ptr != NULL) {
		add(to, span_str(" "));
		add(to, id);
		add(to, span_str(" "));
		add(to, far.ptr != NULL ? far : span_str("-"));
	}
	add(to, span_str(">"));
	return t->name.ptr[0];
}

static void
told_close(void *arg, unsigned what)
{
	if ((what & ~XML_SAME) != 0)
		assert_int_equal(buf_addf(arg, "</%c>", (char)what), ST_OK);
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

static const struct xml_walk walk = {.open = told_open,
				     .close = told_close,
				     .text = told_text,
				     .other = told_other};

/* Elements by their first letter and nothing more; "i" means nothing. */
static void
letter_same(void *arg, unsigned what)
{
	if (what != 0)
		assert_int_equal(buf_addf(arg, "<%c>", (char)what), ST_OK);
}

static unsigned
letter_open(void *arg, const struct xml_tag *t)
{
	unsigned what = t->name.ptr[0] == 'i' ? 0 : t->name.ptr[0];

	letter_same(arg, what);
	return what | XML_SAME;
}

/* <q>text</q> is read by the walker, as far as it stands so. */
static struct xml_taken
letter_take(void *arg, const uint8_t *p, const uint8_t *end)
{
	const uint8_t *at = p;

	if (end - p < 8 || memcmp(p, "<q>", 3) != 0)
		return (struct xml_taken){.to = p};
	letter_same(arg, 'q');
	for (at += 3; at < end && *at != '<' && *at != '&' && *at != '\r';)
		at++;
	add(arg, span_of(p + 3, (size_t)(at - p) - 3));
	if (end - at < 4 || memcmp(at, "</q>", 4) != 0)
		return (struct xml_taken){at, "q", 'q'};
	told_close(arg, 'q');
	return (struct xml_taken){.to = at + 4};
}

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

/* By windows of so many bytes, from memory or as a stream. */
static bool
run_by(struct inside *in, struct span xml, size_t window, bool memory,
       struct buf *told)
{
	static uint8_t buf[PART_BUF];
	struct slow slow = {xml, PART_BUF};
	struct part p = {
	    .arg = &slow, .read = slow_read, .size = UINT64_MAX, .buf = buf};
	struct xml_walk w = walk;
	bool whole;

	w.window = window;
	if (memory)
		part_memory(&p, xml);
	assert_int_equal(xml_read(in->x, &p, &w, told, &whole), ST_OK);
	assert_int_equal(job_rest(in->x, &p), ST_OK);
	return whole;
}

/* Read from memory, or in steps; gives what was told and what is left over. */
static bool
run(struct inside *in, struct span xml, size_t step, struct buf *told)
{
	return run_by(in, xml, 0, step == 0, told);
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
	     ": unsupported it declares entities\n",
	     "<!ENTITY e '4111'>]><a>&e;</a>"},
	    {"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a>t</a>", "<a>t</a>", "",
	     ""},
	    {"<!DOCTYPE a [<!ELEMENT a (b)>\n<!-- ' --><?p q?>%x; <!ATTLIST a "
	     "b CDATA ']>'> ] ><a>t</a>",
	     "{ ' }{q}<a>t</a>", "", ""},
	    /* line ends, references, and what is none */
	    {"<a>1\r\n2\r3\n<![CDATA[4\r\n]]5]]]]></a\n>",
	     "<a>1\n2\n3\n4\n]]5]]</a>", "", ""},
	    {"<a id='&lt;&#x41;&quot;\t&nix;'>&#65;&gt;&nbsp; AT&T &#0;</a>",
	     "<a <A\" &nix; ->A>&nbsp; AT&T &#0;</a>", "", ""},
	    /* tags */
	    {"<a b='>' id=\"'\" \n c = 'x' />", "<a ' -></a>", "", ""},
	    {"<a><b id=x></b></a>", "<a>",
	     ": malformed xml, line 1: not well-formed (invalid token)\n",
	     "<b id=x></b></a>"},
	    {"<a>\n<b id='x>no <c d=\"y\"></a>", "<a>\n",
	     ": truncated xml, line 2: unclosed token\n",
	     "<b id='x>no <c d=\"y\"></a>"},
	    {"<a><long-name-one></long-name-two></a>", "<a><long-name-one>",
	     ": malformed xml, line 1: mismatched tag\n",
	     "</long-name-two></a>"},
	    {"<a>1 < 2</a>", "<a>1 ",
	     ": malformed xml, line 1: not well-formed (invalid token)\n",
	     "< 2</a>"},
	    {"<a/>4111", "<a></a>",
	     ": malformed xml, line 1: junk after document element\n", "4111"},
	    {"4111<a/>", "", ": malformed xml, line 1: syntax error\n",
	     "4111<a/>"},
	    {"<a><![CDATA[4111", "<a>4111",
	     ": truncated xml, line 1: unclosed CDATA section\n", ""},
	    {"<a/><!-- 4111", "<a></a>",
	     ": truncated xml, line 1: unclosed token\n", "<!-- 4111"},
	    /* encodings */
	    {"\xef\xbb\xbf<a>\xc3\xa9</a>", "<a>\xc3\xa9</a>", "", ""},
	    {"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>",
	     "<a>\xc3\xa9</a>", "", ""},
	    {"<?xml version='1.0' encoding='windows-1251'?><a>\xcf</a>",
	     "<a>\xd0\x9f</a>", "", ""},
	    {"<?xml version='1.0' encoding='x-none'?><a>t</a>", "",
	     ": malformed xml, line 1: unknown encoding\n",
	     "<?xml version='1.0' encoding='x-none'?><a>t</a>"},
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

/* A document with everything in it, as UTF-16 when asked. */
static struct buf
sample(int wide)
{
	static const char xml[] =
	    "<?xml version='1.0'?><!DOCTYPE a [<!ELEMENT a (b)> ]>"
	    "<!-- c --><a id='1'>one &amp; two\r\n<w:b id='&lt;x&gt;' "
	    "r:id=\"far\"/> <![CDATA[<3>]]]]><?p q?>&#x1F600;"
	    "<longer-than-eight>text</longer-than-eight>\r</a>\n";
	struct buf b;

	buf_init(&b, 1u << 16);
	if (wide == 0) {
		add(&b, span_str(xml));
		return b;
	}
	add(&b, span_of(wide == 1 ? "\xff\xfe" : "\xfe\xff", 2));
	for (size_t i = 0; i + 1 < sizeof(xml); i++) {
		uint8_t pair[2] = {0, 0};

		pair[wide - 1] = (uint8_t)xml[i];
		add(&b, span_of(pair, 2));
	}
	return b;
}

static void
what_is_told_does_not_depend_on_where_input_is_cut(void **state)
{
	static const char want[] =
	    "{ c }<a 1 ->one & two\n<b <x> far></b> <3>]]{q}"
	    "\xf0\x9f\x98\x80<longer-than-eight>text</l>\n</a>";

	(void)state;
	for (int wide = 0; wide < 3; wide++) {
		struct buf xml = sample(wide);

		for (size_t n = 1; n <= 2 * xml.len; n++) {
			struct inside in;
			struct buf told;

			buf_init(&told, 10000);
			inside_begin(&in, NULL);
			assert_true(run_by(&in, buf_span(&xml), n / 2 + 1,
					   n % 2 == 0, &told));
			assert_lines(&told, want);
			assert_lines(&in.notes, "");
			inside_end(&in);
			buf_fini(&told);
		}
		buf_fini(&xml);
	}
}

/* As told by a walker, from memory. */
static bool
told_by(const struct xml_walk *w, struct inside *in, struct span xml,
	struct buf *told)
{
	struct part p;
	bool whole;

	part_memory(&p, xml);
	assert_int_equal(xml_read(in->x, &p, w, told, &whole), ST_OK);
	return whole;
}

static void
a_tag_that_comes_again_is_told_as_it_was(void **state)
{
	static const char *const bodies[] = {
	    "<p><r x='1'/><t y=\"2\">text</t></p>",
	    "<p a='>'><t b='&gt;'>one</t><t b='>'>two</t></p>",
	    "<w:name-of-24-bytes-so-far><r/></w:name-of-24-bytes-so-far>",
	    "<p>&amp;<!-- <p> --><![CDATA[<p>]]></p>\r\n<p  >\n</p  >",
	    "<p a='more bytes than are kept' b='of any tag of this kind'/>",
	    "<q>one</q><q>two</q><q>&#65;<r/></q><q/><q></q><q><q>3</q></q>",
	    "<p><r><t>a</t></r></p><p><r><t>b</t></r></p>",
	    "<p><i a='b'><i/><k/></i>a</p><p><i a='b'><i/><k/></i>b</p>",
	    "<p><i><i><r>a</r></i></i></p><p><i><i><r>b</r></i></i></p>",
	    /* all of its tags were there before, but not in this order */
	    "<p><r>a</r></p><p><r>b</r></p><p><r>c</r></p><t><r>d</r></p>",
	    "<p>x</p ><p>y</q>",
	    "<p><q>x</p>",
	    "<p>1 < 2</p>",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct xml_walk walks[3] = {{letter_open, told_close, told_text,
					     told_other, 0, NULL, NULL}};
		struct buf xml, told[3];
		bool whole[3];

		walks[1] = walks[2] = walks[0];
		walks[1].same = walks[2].same = letter_same;
		walks[2].take = letter_take;
		buf_init(&xml, 1u << 16);
		add(&xml, span_str("<doc>"));
		for (int k = 0; k < 20; k++)
			add(&xml, span_str(bodies[i]));
		add(&xml, span_str("</doc>"));
		for (size_t k = 0; k < 3; k++) {
			struct inside in;

			inside_begin(&in, NULL);
			buf_init(&told[k], 1u << 16);
			whole[k] =
			    told_by(&walks[k], &in, buf_span(&xml), &told[k]);
			inside_end(&in);
			assert_int_equal(whole[k], i < 9);
			assert_true(
			    span_eq(buf_span(&told[k]), buf_span(&told[0])));
		}
		for (size_t k = 0; k < 3; k++)
			buf_fini(&told[k]);
		buf_fini(&xml);
	}
}

static void
a_tag_may_be_larger_than_a_buffer(void **state)
{
	(void)state;
	for (int memory = 0; memory < 2; memory++) {
		struct inside in;
		struct buf xml, told;

		buf_init(&told, 1u << 24);
		buf_init(&xml, 1u << 24);
		inside_begin(&in, NULL);
		add(&xml, span_str("<a><b c='"));
		while (xml.len < XML_TOKEN - 1000)
			add(&xml, span_str("12345678 &amp; "));
		add(&xml, span_str("' id='7'/>t</a>"));
		assert_true(run_by(&in, buf_span(&xml), 0, memory, &told));
		assert_lines(&told, "<a><b 7 -></b>t</a>");
		inside_end(&in);
		buf_fini(&told);
		buf_fini(&xml);
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
	static const struct {
		const char *value;
		unsigned want;
	} cases[] = {
	    {"7", 7},  {"70", 10}, {"99999999999999999999", 10},
	    {"-7", 1}, {"", 1},    {NULL, 1},
	    {"2x", 2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(xml_count(span_str(cases[i].value), 1, 10),
				 cases[i].want);
}

/* A part that breaks off is noted by whose it is; nobody's worker ends. */
static enum status
breaks(void *arg, void *dst, size_t n, size_t *got)
{
	struct span *left = arg;

	*got = n < left->len ? n : left->len;
	if (*got > 0)
		memcpy(dst, left->ptr, *got);
	*left = span_skip(*left, *got);
	return *got > 0 ? ST_OK : ST_MALFORMED;
}

static void
an_unknown_encoding_in_a_part_that_breaks_is_no_trouble_of_ours(void **state)
{
	struct span left =
	    span_str("<?xml version=\"1.0\" encoding=\"x-none\"?><a>b</a>");
	struct part p = {.arg = &left, .read = breaks, .size = UINT64_MAX};
	struct inside in;
	struct buf to;
	bool whole;

	(void)state;
	inside_begin(&in, NULL);
	buf_init(&to, 4096);
	p.buf = job_buf(in.x);
	assert_int_equal(xml_read(in.x, &p, &walk, &to, &whole), ST_OK);
	assert_int_equal(p.failed, ST_MALFORMED);
	assert_false(whole);
	assert_int_equal(to.len, 0);
	assert_lines(&in.notes, "");
	buf_fini(&to);
	inside_end(&in);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		an_unknown_encoding_in_a_part_that_breaks_is_no_trouble_of_ours),
	    cmocka_unit_test(what_stands_in_a_document_is_told_in_order),
	    cmocka_unit_test(
		what_is_told_does_not_depend_on_where_input_is_cut),
	    cmocka_unit_test(a_tag_that_comes_again_is_told_as_it_was),
	    cmocka_unit_test(a_tag_may_be_larger_than_a_buffer),
	    cmocka_unit_test(nesting_and_tags_have_a_limit),
	    cmocka_unit_test(counts_are_taken_within_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
