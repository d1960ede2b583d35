#include "tests/unit/extract/office/package.h"

#define REL(id, type, target)                                                  \
	"<Relationship Id='" id "' Type='http://x/" type "' Target='" target   \
	"'/>"
#define TEXT(s) "<p><a:p><a:r><a:t>" s "</a:t></a:r></a:p></p>"

static void
slides_are_counted_as_they_are_shown(void **state)
{
	static const struct member members[PACKAGE_MAX] = {
	    {"[Content_Types].xml", "<Types/>"},
	    {"ppt/presentation.xml", "<p><p:sldId id='256' r:id='r2'/><p:sldId "
				     "id='257' r:id='r1'/></p>"},
	    {"ppt/_rels/presentation.xml.rels",
	     "<R>" REL("r1", "slide", "slides/slide1.xml")
		 REL("r2", "slide", "slides/slide2.xml") "</R>"},
	    {"ppt/slides/slide1.xml", TEXT("41</a:t></a:r><a:r><a:t>11")},
	    {"ppt/slides/slide2.xml", TEXT("first")},
	    {"ppt/slides/slide7.xml", TEXT("4111")},
	    {"ppt/slides/_rels/slide2.xml.rels",
	     "<R>" REL("r1", "notesSlide", "../notesSlides/n.xml")
		 REL("r2", "comments", "../comments/c.xml") "</R>"},
	    {"ppt/notesSlides/n.xml", TEXT("4111")},
	    {"ppt/comments/c.xml", "<c><p:cm><p:text>4111</p:text></p:cm></c>"},
	    {"ppt/slideMasters/slideMaster1.xml", TEXT("4111")},
	};
	struct inside in;

	(void)state;
	package_read(&in, members, 0);
	assert_lines(&in.places, "slide 1 notes+0\nslide 1 comment 1+0\n"
				 "slide 2+0\nother slide+0\nslide master+0\n");
	assert_lines(&in.notes, "");
	inside_end(&in);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(slides_are_counted_as_they_are_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
