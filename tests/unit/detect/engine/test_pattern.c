#include "unit/detect/finds.h"

#define BODY                                                                   \
	"MIIEpAIBAAKCAQEA7bq2k9vXfR3mZt8sYw1nQe5uHc6jLp0oTgVaDxKiBrNz4MyS\n"   \
	"Jf8hGtC2sWq9eUoPl3kXvB5nZm7RdTyA1iQcLw6jHg4fEuSx0aKpMv8NbYrItOzD\n"

#define NO_END "-----BEGIN PRIVATE KEY-----\n" BODY
#define PUBLIC "-----BEGIN PUBLIC KEY-----\n" BODY "-----END PUBLIC KEY-----"

static void
a_secret_is_found_from_its_first_to_its_last_byte(void **state)
{
	static const struct {
		const char *text, *type;
		size_t offset, length;
	} cases[] = {
	    {"a -----BEGIN RSA PRIVATE KEY-----\n" BODY
	     "-----END RSA PRIVATE KEY-----\nz",
	     "secret.private_key", 2, 31 + 1 + 130 + 29},
	    {"x=glpat-Zk83hd72kqPw0c7Tq9aBcdef y", "secret.gitlab_pat", 2, 30},
	    {"u: \"https://joe:h7Gk2pQz@files.acme.net/a/b\"",
	     "secret.basic_auth_url", 4, 39},
	    {"jdbc:postgresql://app:h7Gk2pQz@db:5432/crm x",
	     "secret.db_connection_string", 5, 37},
	    {"aws_secret_access_key = "
	     "go2tmWho/aDf5cdUjU2vdAv/256pclb8DqQLM1YN\n",
	     "secret.aws_secret_key", 24, 40},
	    {"\"t\\nAKIAQLT5OB7MWSXN2Y4D\"", "secret.aws_access_key", 4, 20},
	};
	struct eye *e = eye_open("secret.*", 0);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct finds *f = eye_look_str(e, cases[i].text);

		if (f->count != 1 || f->list[0].offset != cases[i].offset ||
		    f->list[0].length != cases[i].length)
			fail_msg("%zu: %zu at %zu of %zu", i, f->count,
				 f->list[0].offset, f->list[0].length);
		assert_string_equal(f->list[0].type, cases[i].type);
	}
	eye_close(e);
}

/* NOLINTBEGIN(bugprone-suspicious-missing-comma): lines of one block */
static void
what_is_cut_glued_or_a_placeholder_is_none(void **state)
{
	static const char *const texts[] = {
	    NO_END,
	    PUBLIC,
	    "xAKIAQLT5OB7MWSXN2Y4D",
	    "AKIAQLT5OB7MWSXN2Y4DX",
	    "AKIAQLT5OB7MWSXN2Y4",
	    "glpat-xxxxxxxxxxxxxxxxxxxx",
	    "https://joe:password@files.acme.net",
	    "https://joe:${PASS}@files.acme.net",
	    "https://files.acme.net:8443/a@b",
	    "go2tmWho/aDf5cdUjU2vdAv/256pclb8DqQLM1YN",
	    "SK0123456789abcdef0123456789abcdef", /* wants a word */
	};
	struct eye *e = eye_open("secret.*", 0);

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (eye_look_str(e, texts[i])->count != 0)
			fail_msg("%s is %s", texts[i], e->finds.list[0].type);
	eye_close(e);
}

/* NOLINTEND(bugprone-suspicious-missing-comma) */
static void
more_hits_than_fit_are_all_found(void **state)
{
	enum { N = 3000 };
	static const char one[] = "AKIAQLT5OB7MWSXN2Y4D\n";
	struct eye *e = eye_open("secret.*", 0);
	size_t len = sizeof(one) - 1;
	char *text = malloc(N * len);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < N; i++)
		memcpy(text + i * len, one, len);
	assert_int_equal(eye_look(e, text, N * len)->count, N);
	free(text);
	eye_close(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_secret_is_found_from_its_first_to_its_last_byte),
	    cmocka_unit_test(what_is_cut_glued_or_a_placeholder_is_none),
	    cmocka_unit_test(more_hits_than_fit_are_all_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
