#include "unit/detect/finds.h"

static void
an_address_is_found_with_its_true_ends(void **state)
{
	static const struct {
		const char *text, *want; /* NULL: no address */
	} cases[] = {
	    {"a@b.de", "a@b.de"},
	    {"mailto:anna.bob+x@mail.corp.co.uk?subject=1",
	     "anna.bob+x@mail.corp.co.uk"},
	    {"write to bob@acme.com.", "bob@acme.com"},
	    {"bob@acme.com.Then go", "bob@acme.com"},
	    {"bob@acme.com.br", "bob@acme.com.br"},
	    {"'bob@acme.com'", "bob@acme.com"},
	    {"user=bob@acme.com&x=1", "bob@acme.com"},
	    {"id=1&name=Bob+Moreno&city=Novska&iban=XK374876620672689893&"
	     "mail=bob@acme.com&x=1",
	     "bob@acme.com"},
	    {"(bob@acme.com)", "bob@acme.com"},
	    {"BOB@ACME.COM", "bob@acme.com"},
	    {"bob@xn--bcher-kva.ch", "bob@xn--bcher-kva.ch"},
	    {"bob@b\xc3\xbc"
	     "cher.ch",
	     "bob@b\xc3\xbc"
	     "cher.ch"},
	    {"j\xc3\xbcrgen@acme.de", "j\xc3\xbcrgen@acme.de"},
	    {"\xe2\x80\x9c"
	     "bob@acme.de\xe2\x80\x9d",
	     "bob@acme.de"},
	    {"bob@acme-.com", NULL},
	    {"bob@acme", NULL},
	    {"bob@acme.nosuchtld", NULL},
	    {"bob@acme.nosuchtld.com", "bob@acme.nosuchtld.com"},
	    {"@acme.com", NULL},
	    {".@acme.com", NULL},
	    {"bob.@acme.com", NULL},
	    {"b..b@acme.com", NULL},
	    {"bob@@acme.com", NULL},
	    {"bob@acme.com@x", NULL},
	    {"bob@acme.com_x", NULL},
	    {"icon@2x.zip", NULL},
	    {"ssh://joe:secret1@acme.com", NULL},
	};
	struct eye *e = eye_open("email", 0);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct finds *f = eye_look_str(e, cases[i].text);

		if (f->count != (cases[i].want != NULL))
			fail_msg("%s has %zu", cases[i].text, f->count);
		if (cases[i].want != NULL)
			assert_string_equal(f->list[0].value, cases[i].want);
	}
	eye_close(e);
}

static void
parts_that_are_too_long_make_no_address(void **state)
{
	struct eye *e = eye_open("email", 0);
	char text[600];

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text + 64, "@b.com", 7);
	assert_int_equal(eye_look_str(e, text)->count, 1);
	memset(text, 'a', sizeof(text));
	memcpy(text + 65, "@b.com", 7);
	assert_int_equal(eye_look_str(e, text)->count, 0);
	memset(text, 'a', sizeof(text));
	memcpy(text, "a@", 2);
	memcpy(text + 2 + 64, ".com", 5);
	assert_int_equal(eye_look_str(e, text)->count, 0);
	eye_close(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_address_is_found_with_its_true_ends),
	    cmocka_unit_test(parts_that_are_too_long_make_no_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
