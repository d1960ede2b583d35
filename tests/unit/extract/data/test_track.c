#include <stdio.h>

#include "extract/data/csv.h"
#include "extract/data/json.h"
#include "extract/data/track.h"
#include "tests/unit/extract/inside.h"

/* A text whose word stands once, or after many lines of filling. */
struct text {
	const char *before, *filling, *behind;
	const char *place;
	size_t line; /* a number that place has for %zu, without filling */
};

static const struct text texts[] = {
    /* tables */
    {"id,card\n1,a\n", "2,b\n", "3,WORD\n", "row %zu card", 3},
    {"id,card\n1,\"a\nb\"\n", "2,\"b\"\"\n\"\n", "3,x WORD\n", "row %zu card",
     3},
    {"\xef\xbb\xbf\"the id\";\"the card\"\n1;a\n", "2;b\n", "WORD;x\n",
     "row %zu the id", 3},
    {"id,sales_2024\n1,a\n", "2,b\n", "3,WORD\n", "row %zu sales_2024", 3},
    {"a\tb\t\n1\t2\t3\n", "1\t2\t3\n", "1\t2\tWORD\n", "row %zu column 3", 3},
    {"1999,2000,a,b\n1999,2000,c,d\n1,2,3,4\n1,2,3,4\n", "1,2,3,4\n",
     "1,2,WORD,4\n", "row %zu column 3", 5},
    /* keys */
    {"{\"a\":1}\n{\"a\":2}\n", "{\"a\":{\"b\":[2]}}\n",
     "{\"a\":{\"b\":[2,\"WORD\"]}}\n", "line %zu a.b[1]", 3},
    {"{\"a\":1}\n{\"a\":2}\n", "{\"a\":{\"b\":[\"{2,\n",
     "{\"a\":{\"b\":[2,\"WORD\"]}}\n", "line %zu a.b[1]", 3},
    {"{\"a\":{\"b\\\"\":[", "1,", "{\"c\":\"WORD\"}]}}", "a.b\\\"[%zu].c", 0},
    {"[[1,2],", "[3,[4,\"],{\"]],", "[5,{\"k\":[],\"WORD\":1}]]", "[%zu][1].",
     1},
    /* elements */
    {"<?xml version=\"1.0\"?>\n<a><b x='1>2'/>", "<b>\n</b>", "<!-- > WORD -->",
     "line %zu a comment", 2},
    {"<a b=\"1\">\n", "<b>\n</b>", "<c d='1' e='WORD'/>", "line %zu a/c@e", 2},
    {"<a b=\"1\">\n", "<b>\n</b>", "<![CDATA[<x>]]><c>WORD", "line %zu a/c", 2},
    {"<!DOCTYPE html><html><p>a<br>\n", "<p>b\n", "<b>WORD",
     "line %zu html/p/b", 2},
    /* lines */
    {"a:\n- b: 1\n- c: 2\n", "# x\n", "- c:\n  - d: WORD",
     "line %zu a[2].c[0].d", 5},
    {"a: 1\nb: |\n x: 1\n", " y\n", " z: WORD", "line %zu b", 4},
    {"a: 1\nb:\n  c: 2\n  \"d e\":\n", "    # x\n", "    - WORD",
     "line %zu b.d e[0]", 5},
    {"; x\n[one]\na = 1\n[two]\n", "b=2\n", "c=WORD", "line %zu two.c", 5},
    {"A=1\nB=2\nC=3\n", "#\n", "D=WORD", "line %zu D", 4},
    {"-- x\nCREATE TABLE `t`(a);\n", "INSERT INTO \"u\" VALUES(1);\n",
     "INSERT INTO \"v\" VALUES('WORD');\n", "line %zu v", 3},
    {"--\nCOPY t (a, \"b\") FROM stdin;\n", "1\t2\n", "1\tWORD\n",
     "line %zu t.b", 3},
    {"2026-11-22 10:00:01,123 a\n2026-11-22 10:00:02,123 b\n",
     "2026-11-22 10:00:02,123 b\n", "WORD", "line %zu", 3},
    /* what only looks like one */
    {"[info] one thing\n[warn] two\n", "[info] three\n", "WORD", "", 0},
    {"Dear all,\nthis, that, and\nmore, and\nso\n", "on, x, y\n", "WORD", "",
     0},
    {"{ int a; }\n", "{ int b; }\n", "WORD", "", 0},
    {"one: two three\nand so on, it goes (a: b)\nx\ny\n", "z\n", "WORD", "", 0},
};
#define TEXTS (sizeof(texts) / sizeof(texts[0]))

static struct span
make(const struct text *t, size_t times)
{
	struct buf b;

	buf_init(&b, 1u << 28);
	inside_add(&b, t->before);
	for (size_t i = 0; i < times; i++)
		inside_add(&b, t->filling);
	inside_add(&b, t->behind);
	return buf_span(&b);
}

static size_t
count(const char *s, const char *what)
{
	size_t n = 0;

	for (; (s = strstr(s, what)) != NULL; s++)
		n++;
	return n;
}

/* How much a filling adds to the number of a place. */
static size_t
adds(const struct text *t)
{
	if (strncmp(t->place, "row", 3) == 0)
		return 1;
	if (strncmp(t->place, "line", 4) == 0)
		return count(t->filling, "\n");
	return 1;
}

static void
wanted(const struct text *t, size_t times, char *dst, size_t room)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(dst, room, t->place, t->line + times * adds(t));
#pragma GCC diagnostic pop
}

/* The place of the word, whatever way the text comes in. */
struct way_in {
	struct span bytes;
	size_t at;
};

static enum status
read_some(void *arg, void *dst, size_t n, size_t *got)
{
	struct way_in *w = arg;
	size_t left = w->bytes.len - w->at;

	*got = n < left ? n : left;
	memcpy(dst, w->bytes.ptr + w->at, *got);
	w->at += *got;
	return ST_OK;
}

static enum status
read_at(void *arg, void *dst, size_t n, uint64_t off, size_t *got)
{
	struct way_in *w = arg;

	w->at = off < w->bytes.len ? (size_t)off : w->bytes.len;
	return read_some(arg, dst, n, got);
}

static void
look(struct inside *in, struct span bytes, enum way way)
{
	struct way_in w = {bytes, 0};
	struct part p = {.arg = &w, .read = read_some, .size = UINT64_MAX};

	inside_begin(in, NULL);
	in->word = "WORD";
	if (way == IN_MEMORY)
		part_memory(&p, bytes);
	else if (way == BY_PREAD)
		p = (struct part){
		    .arg = &w, .pread = read_at, .size = bytes.len};
	p.buf = job_buf(in->x);
	assert_int_equal(job_part(in->x, &p), ST_OK);
}

static void
check(struct span bytes, const char *place, enum way way)
{
	struct inside in;
	char *plus;

	look(&in, bytes, way);
	assert_int_equal(buf_add(&in.places, "", 1), ST_OK);
	if (in.places.data[0] == 0)
		fail_msg("no word for \"%s\"", place);
	plus = strrchr((char *)in.places.data, '+');
	assert_non_null(plus);
	*plus = 0;
	if (strcmp((char *)in.places.data, place) != 0)
		fail_msg("\"%s\" is not \"%s\" (%d)", (char *)in.places.data,
			 place, (int)way);
	inside_end(&in);
}

static void
a_place_is_the_same_however_text_comes_and_however_far(void **state)
{
	static const size_t times[] = {0, 1, 300, 200000};

	(void)state;
	for (size_t i = 0; i < TEXTS; i++)
		for (size_t k = 0; k < 4; k++) {
			struct span s = make(&texts[i], times[k]);
			char want[128];

			wanted(&texts[i], times[k], want, sizeof(want));
			for (enum way w = IN_MEMORY; w <= AS_STREAM; w++)
				check(s, want, w);
			free_span(s);
		}
}

static void
text_of_two_bytes_a_character_has_the_same_places(void **state)
{
	(void)state;
	for (size_t i = 0; i < TEXTS; i++) {
		struct span s = make(&texts[i], 1);
		uint8_t *wide = malloc(2 * s.len + 2);
		size_t n = 0;
		char want[128];

		assert_non_null(wide);
		wide[n++] = 0xff;
		wide[n++] = 0xfe;
		for (size_t k = s.ptr[0] == 0xef ? 3 : 0; k < s.len; k++) {
			wide[n++] = s.ptr[k];
			wide[n++] = 0;
		}
		wanted(&texts[i], 1, want, sizeof(want));
		check(span_of(wide, n), want, AS_STREAM);
		free(wide);
		free_span(s);
	}
}

/* Some near the beginning of each window, some in its middle. */
static void
every_place_of_a_long_stream_is_told(void **state)
{
	enum { LINES = 40000, EACH = 100 };
	struct buf b, want;
	char line[128];

	(void)state;
	buf_init(&b, 1u << 28);
	buf_init(&want, 1u << 24);
	for (unsigned i = 1; i <= LINES; i++) {
		bool told = i % EACH == 0;

		if (told)
			snprintf(line, sizeof(line), "line %u+%zu\n", i,
				 b.len + strlen("12:01:59 a "));
		if (told)
			inside_add(&want, line);
		inside_add(&b, told ? "12:01:59 a WORD\n"
				    : "12:01:59 a line of a log of some "
				      "length so that there are windows. "
				      "eighty characters it has\n");
	}
	assert_int_equal(buf_add(&want, "", 1), ST_OK);
	for (enum way w = IN_MEMORY; w <= AS_STREAM; w++) {
		struct inside in;

		look(&in, buf_span(&b), w);
		assert_lines(&in.places, (const char *)want.data);
		inside_end(&in);
	}
	buf_fini(&want);
	buf_fini(&b);
}

static void
keep_parser(void *arg, const struct extract_note *n)
{
	struct buf *b = arg;

	inside_add(b, cover_name(n->why));
	inside_add(b, " ");
	inside_add(b, n->parser);
}

static enum status
pass(void *arg, const struct extract_window *w)
{
	(void)arg;
	(void)w;
	return ST_OK;
}

/* Time is over at the second window, which the decoded text is. */
static void
a_note_names_the_kind_of_text_that_nobody_asked_for(void **state)
{
	const char *text = "id,card\n1,a\n"
			   "2,aHR0cHM6Ly9leGFtcGxlLmNvbS9hL2xvbmcvcGF0aC90by"
			   "9pdA==\n";
	struct extract_input in = {.bytes = span_str(text)};
	struct extract_options o;
	struct extract_result r;
	struct extractor *x;
	struct extract_sink sink = {NULL, pass, keep_parser, NULL};
	struct buf notes;

	(void)state;
	extract_options_default(&o);
	o.budget.seconds = 0;
	buf_init(&notes, 4096);
	sink.arg = &notes;
	in.size = in.bytes.len;
	assert_int_equal(extractor_alone(&o, &x), ST_OK);
	assert_int_equal(extract_object(x, &in, &sink, &r), ST_OK);
	assert_lines(&notes, "time csv");
	extractor_close(x);
	buf_fini(&notes);
}

static void
text_at_the_last_depth_is_noted_when_it_has_places(void **state)
{
	static const char *const want[] = {": depth\n", ""};
	static const char *const text[] = {"id,card\n1,a\n", "plain text\n"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct inside in;
		struct part p;

		inside_begin(&in, NULL);
		in.x->depth = (unsigned)in.x->budget.depth;
		part_memory(&p, span_str(text[i]));
		assert_int_equal(job_part(in.x, &p), ST_OK);
		in.x->depth = 0;
		assert_lines(&in.notes, want[i]);
		assert_lines(&in.text, text[i]);
		inside_end(&in);
	}
}

/* ---- followed by blocks ----------------------------------------------------
 */

static const struct {
	const struct track_kind *kind;
	const char *signs; /* of which texts are made, some oftener */
} blocks[] = {
    {&csv_places, "aaaaaaaaaaaaaaaaab1,,,;\n\"\""},
    {&csv_places, "abc|\t\n"},
    {&json_places, "aaaaaaaaaaaa{}[],,:\"\"\"\n"},
    {&json_places, "aaaa{{[],:\"\"\"\\"},
    {&json_lines_places, "aaaaaaaaaa{{}[],:\"\"\"\"\n\\"},
};

/* After each byte, whether it came alone or among others. */
static void
a_place_is_the_same_however_many_bytes_come_together(void **state)
{
	static uint8_t one[TRACK_STATE], all[TRACK_STATE];
	uint8_t text[1500];
	uint32_t seed = 3;

	(void)state;
	for (size_t i = 0; i < 20 * sizeof(blocks) / sizeof(blocks[0]); i++) {
		const struct track_kind *kind = blocks[i / 20].kind;
		const char *signs = blocks[i / 20].signs;

		for (size_t k = 0; k < sizeof(text); k++) {
			seed = seed * 1664525u + 1013904223u;
			text[k] = (uint8_t)signs[(seed >> 16) % strlen(signs)];
		}
		memset(one, 0, sizeof(one));
		for (size_t k = 0; k < sizeof(text); k++) {
			char want[512], got[512];
			size_t n = kind->say(one, want, sizeof(want));

			memset(all, 0, sizeof(all));
			kind->feed(all, span_of(text, k / 3));
			kind->feed(all, span_of(text + k / 3, k - k / 3));
			assert_int_equal(kind->say(all, got, sizeof(got)), n);
			assert_memory_equal(got, want, n);
			kind->feed(one, span_of(text + k, 1));
		}
	}
}

/* What a mail shows has no lines for anybody; a file in it has. */
static void
markup_of_a_mail_has_lines_where_it_is_a_file(void **state)
{
	static const struct {
		const char *name, *places;
	} cases[] = {
	    {"html body", "+12\n"},
	    {"body", "+12\n"},
	    {"a.html", "line 2 html/p+12\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct inside in;
		struct part p;

		inside_begin(&in, NULL);
		in.word = "WORD";
		in.x->parser = "mail";
		part_memory(&p, span_str("<html>\n<p>b WORD</p></html>\n"));
		p.name = span_str(cases[i].name);
		assert_int_equal(job_part(in.x, &p), ST_OK);
		assert_lines(&in.places, cases[i].places);
		inside_end(&in);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(markup_of_a_mail_has_lines_where_it_is_a_file),
	    cmocka_unit_test(
		a_place_is_the_same_however_text_comes_and_however_far),
	    cmocka_unit_test(text_of_two_bytes_a_character_has_the_same_places),
	    cmocka_unit_test(every_place_of_a_long_stream_is_told),
	    cmocka_unit_test(
		a_note_names_the_kind_of_text_that_nobody_asked_for),
	    cmocka_unit_test(
		text_at_the_last_depth_is_noted_when_it_has_places),
	    cmocka_unit_test(
		a_place_is_the_same_however_many_bytes_come_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
