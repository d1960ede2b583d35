#ifndef UNIT_EXTRACT_OFFICE_PACKAGE_H
#define UNIT_EXTRACT_OFFICE_PACKAGE_H

#include "extract/archive/zip.h"
#include "tests/unit/extract/archive/make.h"
#include "tests/unit/extract/inside.h"

/* package: documents that are zips, out of a list of members. */
struct member {
	const char *name, *text;
};

#define PACKAGE_MAX 10

/* Read into `in`, whose word is chosen; cut: bytes that its end lacks. */
static inline void
package_read(struct inside *in, const struct member *members, size_t cut)
{
	struct zip_make z;
	struct span s;
	struct part p;

	zip_begin(&z);
	for (size_t i = 0; i < PACKAGE_MAX && members[i].name != NULL; i++)
		zip_add_text(&z, members[i].name, members[i].text);
	s = zip_end(&z, "");
	inside_begin(in, NULL);
	in->word = "4111";
	part_memory(&p, span_of(s.ptr, s.len - cut));
	assert_int_equal(zip_part(in->x, &p), ST_OK);
	zip_free(&z);
}

/* Words stand somewhere in what went out. */
static inline void
assert_said(const struct inside *in, const char *words)
{
	if (memmem(in->text.data, in->text.len, words, strlen(words)) == NULL)
		fail_msg("\"%s\" is not in \"%.*s\"", words, (int)in->text.len,
			 (const char *)in->text.data);
}

#endif
