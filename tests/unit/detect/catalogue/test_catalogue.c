#include "unit/detect/finds.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "detect/catalogue/yml.h"
#include "detect/work.h"

/* The room's own view of a detector, to reach the examples of its files. */
static const struct catalogue *
catalogue_of(const struct eye *e)
{
	return e->d->cat;
}

static unsigned
count_wrong(struct eye *e, const struct data_type *t)
{
	unsigned wrong = 0;

	for (size_t i = 0; i < t->good_count; i++) {
		struct span x = t->good[i];

		if (finds_type(eye_look(e, x.ptr, x.len), t->id))
			continue;
		wrong++;
		print_error("%s does not match: %s\n", t->id,
			    (const char *)x.ptr);
	}
	for (size_t i = 0; i < t->bad_count; i++) {
		struct span x = t->bad[i];

		if (!finds_type(eye_look(e, x.ptr, x.len), t->id))
			continue;
		wrong++;
		print_error("%s matches: %s\n", t->id, (const char *)x.ptr);
	}
	return wrong;
}

static void
each_example_of_each_file_does_what_it_says(void **state)
{
	struct eye *e = eye_open("*", 0);
	const struct catalogue *c = catalogue_of(e);
	unsigned wrong = 0;

	(void)state;
	assert_true(c->count >= 60);
	for (size_t i = 0; i < c->count; i++)
		wrong += count_wrong(e, c->types[i]);
	assert_int_equal(wrong, 0);
	eye_close(e);
}

static void
the_types_that_were_promised_are_there(void **state)
{
	static const char *const ids[] = {"card_visa",
					  "card_mastercard",
					  "card_amex",
					  "card_discover",
					  "card_diners",
					  "card_jcb",
					  "card_unionpay",
					  "card_maestro",
					  "card_rupay",
					  "card_mir",
					  "card_elo",
					  "card_troy",
					  "us_ssn",
					  "iban",
					  "email",
					  "phone",
					  "secret.jwt",
					  "secret.private_key",
					  "secret.aws_access_key"};
	struct eye *e = eye_open(NULL, 0);
	struct type_info info;
	size_t secrets = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		bool there = false;

		for (size_t k = 0; k < detector_type_count(e->d); k++) {
			detector_type(e->d, k, &info);
			there |= strcmp(info.id, ids[i]) == 0;
		}
		assert_true(there);
	}
	for (size_t k = 0; k < detector_type_count(e->d); k++) {
		detector_type(e->d, k, &info);
		secrets += strncmp(info.id, "secret.", 7) == 0;
		assert_true(strlen(info.name) > 1);
		assert_true(strlen(info.source) > 5);
		assert_true(strlen(info.countries) >= 1);
	}
	assert_true(secrets >= 20);
	eye_close(e);
}

/* A folder with one group and one file, for what must be refused. */
struct folder {
	char dir[64], group[80], file[128];
};

static void
folder_make(struct folder *f, const char *name, const char *text)
{
	FILE *out;

	snprintf(f->dir, sizeof(f->dir), "/tmp/trawl-cat-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->group, sizeof(f->group), "%s/card", f->dir);
	assert_int_equal(mkdir(f->group, 0700), 0);
	snprintf(f->file, sizeof(f->file), "%s/%s", f->group, name);
	out = fopen(f->file, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static void
folder_remove(const struct folder *f)
{
	unlink(f->file);
	rmdir(f->group);
	rmdir(f->dir);
}

#define HEAD                                                                   \
	"id: card_x\nname: X\ncategory: card\ncountries: [\"*\"]\n"            \
	"risk: high\nsource: \"a standard\"\ntoken: id\n"
#define TAIL                                                                   \
	"mask: {style: each}\n"                                                \
	"examples: {match: [a], no_match: [b]}\n"
#define FORMS "forms:\n  - shapes: [\"16\"]\n    score: 60\n"

static void
an_error_names_file_line_field_and_what_is_allowed(void **state)
{
	static const struct {
		const char *text;
		const char *words[4];
	} cases[] = {
	    {HEAD FORMS "risky: 1\n" TAIL,
	     {"card_x.yaml:11:", "'risky'", "not known", "stands_on"}},
	    {"id: card_x\nrisk: hgh\n",
	     {"card_x.yaml:2:", "'risk'", "hgh", "critical high medium low"}},
	    {HEAD FORMS "checks: [lun]\n" TAIL,
	     {"card_x.yaml:11:", "'checks'", "lun", "luhn"}},
	    {HEAD FORMS "checks: [entropy]\n" TAIL,
	     {"card_x.yaml:11:", "'centibits'", "missing", ""}},
	    {HEAD FORMS "checks: [{use: luhn, min: 3}]\n" TAIL,
	     {"card_x.yaml:11:", "'min'", "is no parameter of check 'luhn'",
	      ""}},
	    {HEAD TAIL, {"card_x.yaml:1:", "'forms'", "token: id", ""}},
	    {HEAD "forms:\n  - shapes: [\"4-x\"]\n    score: 3\n" TAIL,
	     {"card_x.yaml:9:", "'shapes'", "[...]", ""}},
	    {HEAD "forms:\n  - shapes: [\"4-4-4\"]\n    score: 3\n" TAIL,
	     {"card_x.yaml:9:", "'separators'", "joins", ""}},
	    {HEAD "forms:\n  - shapes: [\"16\"]\n" TAIL,
	     {"card_x.yaml:9:", "'score'", "missing", ""}},
	    {HEAD "forms:\n  - shapes: [\"16\"]\n    prefixes: [\"5-40\"]\n"
		  "    score: 1\n" TAIL,
	     {"card_x.yaml:10:", "'prefixes'", "2221-2720", ""}},
	    {HEAD FORMS FORMS TAIL,
	     {"card_x.yaml:11:", "stands twice", "", ""}},
	    {HEAD FORMS "score: 101\n" TAIL,
	     {"card_x.yaml:11:", "'score'", "from 0 to 100", ""}},
	    {HEAD FORMS "mask: {style: blur}\n",
	     {"card_x.yaml:11:", "'style'", "each fixed email line", ""}},
	    {HEAD FORMS "mask: {style: each}\n",
	     {"card_x.yaml:1:", "'examples'", "missing", ""}},
	    {HEAD FORMS "pattern: abc\n" TAIL,
	     {"card_x.yaml:1:", "'pattern'", "token: pattern", ""}},
	    {HEAD FORMS "words: {for_lists: [../../etc/passwd]}\n" TAIL,
	     {"card_x.yaml:11:", "'for_lists'", "file of the catalogue", ""}},
	    {HEAD FORMS "words: {for: [\"12\"]}\n" TAIL,
	     {"card_x.yaml:11:", "'words'", "letter", ""}},
	    {"id: other\n", {"card_x.yaml:1:", "'id'", "name of the file", ""}},
	    {"id: [a]\n", {"card_x.yaml:1:", "'id'", "one value", ""}},
	    {"- a\n", {"card_x.yaml:1:", "a map", "", ""}},
	    {"a: *b\n", {"card_x.yaml:1:", "aliases", "", ""}},
	    {"a: &b c\n", {"card_x.yaml:1:", "anchors", "", ""}},
	    {"a: b\n---\nc: d\n",
	     {"card_x.yaml:2:", "second document", "", ""}},
	    {"", {"card_x.yaml:1:", "empty", "", ""}},
	    {"a: [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]\n",
	     {"card_x.yaml:1:", "too deep", "", ""}},
	    {"a: {b\n", {"card_x.yaml:", "", "", ""}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct catalogue *c = NULL;
		struct folder f;
		struct buf why;
		char text[2048];

		folder_make(&f, "card_x.yaml", cases[i].text);
		buf_init(&why, 4096);
		assert_int_equal(catalogue_open(f.dir, &c, &why), ST_MALFORMED);
		finds_copy(text, sizeof(text), buf_span(&why));
		for (size_t k = 0; k < 4; k++)
			if (strstr(text, cases[i].words[k]) == NULL)
				fail_msg("case %zu: no '%s' in: %s", i,
					 cases[i].words[k], text);
		assert_null(c);
		buf_fini(&why);
		folder_remove(&f);
	}
}

static void
a_file_that_is_too_large_is_refused(void **state)
{
	size_t n = YML_BYTES + 1;
	char *text = malloc(n + 1);
	struct catalogue *c = NULL;
	struct folder f;
	struct buf why;

	(void)state;
	assert_non_null(text);
	memset(text, '#', n);
	text[n] = 0;
	folder_make(&f, "card_x.yaml", text);
	buf_init(&why, 4096);
	assert_int_equal(catalogue_open(f.dir, &c, &why), ST_LIMIT);
	buf_fini(&why);
	folder_remove(&f);
	free(text);
}

static void
a_folder_that_is_missing_or_empty_is_said(void **state)
{
	struct catalogue *c = NULL;
	struct folder f;
	struct buf why;

	(void)state;
	folder_make(&f, "card_x.txt", "no catalogue file");
	buf_init(&why, 4096);
	assert_int_equal(catalogue_open(f.dir, &c, &why), ST_NOTFOUND);
	assert_non_null(memmem(why.data, why.len, "no catalogue file", 17));
	buf_clear(&why);
	assert_int_equal(catalogue_open("/nonexistent/x", &c, &why),
			 ST_NOTFOUND);
	assert_non_null(memmem(why.data, why.len, "/nonexistent/x", 14));
	buf_fini(&why);
	folder_remove(&f);
}

/* Else its types would be missing, and nobody would know. */
static void
a_group_that_cannot_be_read_is_said(void **state)
{
	struct catalogue *c = NULL;
	struct folder f;
	struct buf why;
	char group[128];

	(void)state;
	folder_make(&f, "card_x.yaml", HEAD FORMS TAIL);
	snprintf(group, sizeof(group), "%s/loop", f.dir);
	assert_int_equal(symlink("loop", group), 0);
	buf_init(&why, 4096);
	assert_int_not_equal(catalogue_open(f.dir, &c, &why), ST_OK);
	assert_non_null(memmem(why.data, why.len, group, strlen(group)));
	assert_null(c);
	assert_int_equal(unlink(group), 0);
	buf_clear(&why);
	assert_int_equal(catalogue_open(f.dir, &c, &why), ST_OK);
	catalogue_close(c);
	buf_fini(&why);
	folder_remove(&f);
}

/* Pages of 4 KiB that hold a pointer into the program; links: in order. */
static size_t
pages_of(const struct image_links *links)
{
	uintptr_t last = 0;
	size_t pages = 0;

	for (size_t i = 0; i < links->count; i++) {
		uintptr_t page = (uintptr_t)links->at[i] / 4096;

		pages += page != last;
		last = page;
	}
	return pages;
}

static int
by_place(const void *a, const void *b)
{
	uintptr_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

static void
what_points_into_the_program_lies_close_together(void **state)
{
	const struct catalogue_own none = {0};
	struct image im = {0};
	struct catalogue *c;
	char dir[PATH_MAX];
	struct buf why;

	(void)state;
	buf_init(&why, 4096);
	assert_int_equal(catalogue_folder(dir, sizeof(dir), &why), ST_OK);
	assert_int_equal(image_reserve(&im), ST_OK);
	assert_int_equal(
	    catalogue_open_in(dir, &none, im.base, im.len, &c, &why), ST_OK);
	qsort(c->links.at, c->links.count, sizeof(*c->links.at), by_place);
	assert_true(c->links.count > 5 * c->count);
	assert_true(pages_of(&c->links) * 16 < c->links.count);
	catalogue_close(c);
	image_close(&im);
	buf_fini(&why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_example_of_each_file_does_what_it_says),
	    cmocka_unit_test(the_types_that_were_promised_are_there),
	    cmocka_unit_test(
		an_error_names_file_line_field_and_what_is_allowed),
	    cmocka_unit_test(a_file_that_is_too_large_is_refused),
	    cmocka_unit_test(a_folder_that_is_missing_or_empty_is_said),
	    cmocka_unit_test(a_group_that_cannot_be_read_is_said),
	    cmocka_unit_test(what_points_into_the_program_lies_close_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
