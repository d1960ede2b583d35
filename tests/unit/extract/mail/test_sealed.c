#include "extract/mail/sealed.h"

#include "tests/unit/extract/archive/sample.h"

static void
what_is_encrypted_is_reported_and_what_is_signed_is_read(void **state)
{
	struct span s = sample("mail/enveloped.p7m");
	struct span t = sample("mail/signed.p7m");

	(void)state;
	for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
		struct collect *c = collect_run(s, way, NULL);

		assert_true(has_note(c, "", COVER_ENCRYPTED));
		collect_free(c);
		c = collect_run(span_of(t.ptr, 90), way, NULL);
		assert_true(has_note(c, "signed content", COVER_TRUNCATED));
		collect_free(c);
	}
	free_span(s);
	free_span(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		what_is_encrypted_is_reported_and_what_is_signed_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
