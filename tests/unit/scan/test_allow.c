#include "unit/detect/rules.h"

#include "scan/allow.h"

static struct allow *
open_text(const struct detector *d, const char *text, struct buf *why,
	  enum status want)
{
	struct allow *a = NULL;
	struct rules r;

	rules_make(&r);
	rules_put(&r, "allow.yaml", text);
	buf_init(why, 4096);
	if (allow_open(r.path, d, &a, why) != want)
		fail_msg("%s: %.*s", text, (int)why->len,
			 (const char *)why->data);
	rules_remove(&r);
	return a;
}

static void
an_entry_lets_pass_what_it_names_and_nothing_else(void **state)
{
	static const struct {
		const char *text, *type, *raw, *value, *path;
		unsigned line;
	} cases[] = {
	    {"values:\n  - {type: card_visa, value: 4111-1111-1111-1111}\n",
	     "card_visa", "4111 1111 1111 1111", "4111111111111111", "/a", 2},
	    {"values:\n  - {type: card_visa, value: 4111-1111-1111-1111}\n",
	     "card_visa", "4012888888881881", "4012888888881881", "/a", 0},
	    {"values:\n  - {type: card_visa, value: 4111-1111-1111-1111}\n",
	     "card_amex", "4111 1111 1111 1111", "4111111111111111", "/a", 0},
	    {"values:\n  - {type: email, value: Jane@Roe.de}\n", "email",
	     "jane@ROE.de", "jane@roe.de", "/a", 2},
	    {"patterns:\n  - {text: \"*@roe.de\"}\n", "email", "jane@roe.de",
	     "jane@roe.de", "/a", 2},
	    {"patterns:\n\n  - {type: \"card_*\", text: \"*\"}\n", "email",
	     "jane@roe.de", "jane@roe.de", "/a", 0},
	    {"patterns:\n\n  - {type: \"em*\", text: \"*\"}\n", "email",
	     "jane@roe.de", "jane@roe.de", "/a", 3},
	    {"paths: [\"*.lock\"]\n", "email", "j@roe.de", "j@roe.de",
	     "/srv/a.lock", 1},
	    {"paths: [\"*.lock\"]\n", "email", "j@roe.de", "j@roe.de",
	     "/srv/a.lock/b", 0},
	    {"paths:\n  - \"/srv/**\"\n", "email", "j@roe.de", "j@roe.de",
	     "/srv/a/b", 2},
	};
	struct eye *e = eye_open("*", 0);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct match m = {.type = cases[i].type,
					.value = span_str(cases[i].value)};
		struct buf why;
		struct allow *a = open_text(e->d, cases[i].text, &why, ST_OK);

		if (allow_line(a, &m, span_str(cases[i].raw),
			       span_str(cases[i].path)) != cases[i].line)
			fail_msg("case %zu", i);
		allow_close(a);
		buf_fini(&why);
	}
	eye_close(e);
}

static void
a_digest_stands_for_its_value(void **state)
{
	const struct match m = {.type = "card_visa",
				.value = span_str("4111111111111111")};
	uint8_t digest[FINDING_DIGEST_LEN];
	char text[160] = "values:\n  - {digest: ";
	struct eye *e = eye_open("card_visa", 0);
	struct allow *a;
	struct buf why;

	(void)state;
	allow_digest(span_str("card_visa"), m.value, digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(text + strlen(text), 4, "%02x", digest[i]);
	snprintf(text + strlen(text), 4, "}\n");
	a = open_text(e->d, text, &why, ST_OK);
	assert_int_equal(allow_line(a, &m, m.value, span_str("/a")), 2);
	allow_close(a);
	buf_fini(&why);
	eye_close(e);
}

static void
an_error_names_the_line_and_never_the_value(void **state)
{
	static const struct {
		const char *text, *word;
	} cases[] = {
	    {"values:\n  - {type: no_such, value: s3cret}\n",
	     ":2: field 'type'"},
	    {"values:\n  - {value: s3cret}\n", ":2: field 'values'"},
	    {"values:\n  - {digest: s3cret}\n", ":2: field 'digest'"},
	    {"values: s3cret\n", ":1: field 'values'"},
	    {"patterns:\n  - {type: email}\n", ":2: field 'text'"},
	    {"paths: [[s3cret]]\n", ":1: field 'paths'"},
	    {"files: [a]\n", "allowed: values patterns paths"},
	    {"- a\n", ":1: "},
	};
	struct eye *e = eye_open("email", 0);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf why;
		struct allow *a =
		    open_text(e->d, cases[i].text, &why, ST_MALFORMED);

		assert_null(a);
		if (memmem(why.data, why.len, cases[i].word,
			   strlen(cases[i].word)) == NULL)
			fail_msg("%.*s", (int)why.len, (const char *)why.data);
		assert_null(memmem(why.data, why.len, "s3cret", 6));
		buf_fini(&why);
	}
	eye_close(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_entry_lets_pass_what_it_names_and_nothing_else),
	    cmocka_unit_test(a_digest_stands_for_its_value),
	    cmocka_unit_test(an_error_names_the_line_and_never_the_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
