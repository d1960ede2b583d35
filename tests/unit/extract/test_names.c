#include "tests/unit/extract/archive/make.h"

#include "base/utf.h"
#include "extract/names.h"

#define MOST 3

static void
names_in_other_pages_become_text(void **state)
{
	static const struct {
		const char *names[MOST], *want[MOST];
	} cases[] = {
	    {{"Rechnung M\x84rz.txt", "Geh\x84lter.csv"},
	     {"Rechnung M\xc3\xa4rz.txt",
	      "Geh\xc3\xa4lter.csv"}}, /* pages of DOS */
	    {{"Geh\x84lter.csv"},
	     {"Geh\xc3\xa4lter.csv"}}, /* also when there is little to tell it
					  by */
	    {{"\xdc"
	      "bergr\xf6\xdf"
	      "e.txt",
	      "K\xfcndigung.pdf", "Pr\xe9sentation.doc"},
	     {"\xc3\x9c"
	      "bergr\xc3\xb6\xc3\x9f"
	      "e.txt",
	      "K\xc3\xbcndigung.pdf",
	      "Pr\xc3\xa9sentation.doc"}}, /* those of Windows, when it is clear
					    */
	    {{"\x8a\xab\xa8\xa5\xad\xe2\xeb/\xaa\xa0\xe0\xe2\xeb.txt",
	      "\x84\xae\xa3\xae\xa2\xae\xe0.doc"},
	     {"\xd0\x9a\xd0\xbb\xd0\xb8\xd0\xb5\xd0\xbd\xd1\x82\xd1\x8b/"
	      "\xd0\xba\xd0\xb0\xd1\x80\xd1\x82\xd1\x8b.txt",
	      "\xd0\x94\xd0\xbe\xd0\xb3\xd0\xbe\xd0\xb2\xd0\xbe\xd1\x80.doc"}},
	    {{"\x94\x84\x8f\xe3/2023\x94N\x93x.csv",
	      "\x83J\x81[\x83h\x94\xd4\x8d\x86.txt"},
	     {"\xe5\xa3\xb2\xe4\xb8\x8a/2023\xe5\xb9\xb4\xe5\xba\xa6.csv",
	      "\xe3\x82\xab\xe3\x83\xbc\xe3\x83\x89\xe7\x95\xaa\xe5\x8f\xb7."
	      "txt"}}, /* two bytes a character */
	    {{"\xbf\xcd\xbb\xa7\xc3\xfb\xb5\xa5.txt",
	      "\xd2\xf8\xd0\xd0\xbf\xa8\xba\xc5.xls"},
	     {"\xe5\xae\xa2\xe6\x88\xb7\xe5\x90\x8d\xe5\x8d\x95.txt",
	      "\xe9\x93\xb6\xe8\xa1\x8c\xe5\x8d\xa1\xe5\x8f\xb7.xls"}},
	    {{"\xc3\x9c"
	      "bergr\xc3\xb6\xc3\x9f"
	      "e.txt",
	      "\xe3\x82\xab\xe3\x83\xbc\xe3\x83\x89.txt"},
	     {"\xc3\x9c"
	      "bergr\xc3\xb6\xc3\x9f"
	      "e.txt",
	      "\xe3\x82\xab\xe3\x83\xbc\xe3\x83\x89.txt"}}, /* as they are */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct collect *c;
		struct zip_make z;

		zip_begin(&z);
		for (size_t k = 0; k < MOST && cases[i].names[k] != NULL; k++)
			zip_add_text(&z, cases[i].names[k], "text");
		c = collect_run(zip_end(&z, ""), IN_MEMORY, NULL);
		for (size_t k = 0; k < MOST && cases[i].want[k] != NULL; k++)
			assert_text(c, cases[i].want[k], span_str("text"));
		collect_free(c);
		zip_free(&z);
	}
}

/* Info-ZIP's field: it counts when it belongs to the name beside it. */
static void
a_name_may_stand_in_utf_8_beside_the_other(void **state)
{
	static const char good[] = "ue.txt", bad[] = "xe.txt";
	static const char field[] = "\x75\x70\x0d\0\1....\xc3\xbc"
				    "e.txt";
	uint8_t extra[sizeof(field)];
	uint32_t crc = libdeflate_crc32(0, good, strlen(good));
	struct zip_spec m = {.content = span_str("text"),
			     .extra = span_of(extra, sizeof(field) - 1)};
	struct collect *c;
	struct zip_make z;

	(void)state;
	memcpy(extra, field, sizeof(field));
	extra[2] = (uint8_t)(sizeof(field) - 1 - 4);
	for (size_t i = 0; i < 4; i++)
		extra[5 + i] = (uint8_t)(crc >> (8 * i));
	zip_begin(&z);
	m.name = good;
	zip_add(&z, &m);
	m.name = bad;
	zip_add(&z, &m);
	c = collect_run(zip_end(&z, ""), IN_MEMORY, NULL);
	assert_text(c,
		    "\xc3\xbc"
		    "e.txt",
		    span_str("text"));
	assert_text(c, "xe.txt", span_str("text"));
	collect_free(c);
	zip_free(&z);
}

static void
what_is_text_is_cut_at_a_character(void **state)
{
	uint8_t to[8];
	struct names_seen n;
	struct span s;

	(void)state;
	names_begin(&n);
	/* of single bytes the extractor is not asked */
	s = names_text(NULL, &n, span_str("M\xe4rz und M\xe4r\xe4"), to, 4);
	assert_true(span_eq(s, span_str("M\xc3\xa4r")));
	s = names_text(NULL, &n, span_str("plain"), to, 4);
	assert_true(span_eq(s, span_str("plain")));
	assert_true(utf_valid(s));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_in_other_pages_become_text),
	    cmocka_unit_test(a_name_may_stand_in_utf_8_beside_the_other),
	    cmocka_unit_test(what_is_text_is_cut_at_a_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
