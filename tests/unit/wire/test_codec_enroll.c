#include "wire/codec_enroll.h"

#include <string.h>

#include "tests/unit/wire/desk.h"

static void
enrolment_comes_back_the_same_with_and_without_a_token(void **state)
{
	struct desk *d = *state;
	struct enroll_request q = {
	    .csr = span_str("der"),
	    .incarnation = {7},
	    .host = host(),
	    .program = span_str("trawl-agent"),
	    .build = span_str("0.1.0"),
	};
	struct enroll_reply p = {42, ENROLL_WAITS, span_of(NULL, 0),
				 span_str("ca"), span_str("4F2A 91C0")};

	ROUND(d, enroll_request, enroll_encode, enroll_decode, &q);
	q.has_token = 1;
	q.token_id[0] = 1;
	q.proof[31] = 1;
	ROUND(d, enroll_request, enroll_encode, enroll_decode, &q);
	ROUND(d, enroll_reply, enroll_reply_encode, enroll_reply_decode, &p);
}

static void
half_an_incarnation_and_a_proof_without_a_token_are_refused(void **state)
{
	/* field 2 (incarnation): 1 byte; field 6 (proof) without field 5 */
	static const uint8_t half[] = {0x12, 1, 7};
	static const uint8_t proof[] = {0x32, 1, 7};
	struct desk *d = *state;
	struct enroll_request back;

	assert_int_equal(
	    enroll_decode(span_of(half, sizeof(half)), &d->arena, &back),
	    ST_MALFORMED);
	assert_int_equal(
	    enroll_decode(span_of(proof, sizeof(proof)), &d->arena, &back),
	    ST_MALFORMED);
}

static void
a_request_or_certificate_above_its_cap_is_refused(void **state)
{
	static uint8_t der[CERT_MAX + 1];
	struct desk *d = *state;

	for (size_t more = 0; more < 2; more++) {
		struct span s = span_of(der, CERT_MAX + more);
		struct enroll_request q = {.csr = s}, q_back;
		struct enroll_reply one = {.state = ENROLL_VERIFIED,
					   .certificate = s};
		struct enroll_reply two = {.state = ENROLL_VERIFIED, .ca = s};
		struct enroll_reply back;
		enum status want = more == 0 ? ST_OK : ST_MALFORMED;

		buf_clear(&d->wire);
		assert_int_equal(enroll_encode(&q, &d->wire), ST_OK);
		assert_int_equal(
		    enroll_decode(buf_span(&d->wire), &d->arena, &q_back),
		    want);
		buf_clear(&d->wire);
		assert_int_equal(enroll_reply_encode(&one, &d->wire), ST_OK);
		assert_int_equal(
		    enroll_reply_decode(buf_span(&d->wire), &d->arena, &back),
		    want);
		buf_clear(&d->wire);
		assert_int_equal(enroll_reply_encode(&two, &d->wire), ST_OK);
		assert_int_equal(
		    enroll_reply_decode(buf_span(&d->wire), &d->arena, &back),
		    want);
	}
}

static void
an_answer_is_yes_or_wait_and_nothing_else(void **state)
{
	struct desk *d = *state;

	for (unsigned n = 0; n < 256; n++) {
		struct enroll_reply m = {.agent = 42, .state = (uint8_t)n};
		struct enroll_reply back;
		bool known = n == ENROLL_VERIFIED || n == ENROLL_WAITS;

		buf_clear(&d->wire);
		assert_int_equal(enroll_reply_encode(&m, &d->wire), ST_OK);
		assert_int_equal(
		    enroll_reply_decode(buf_span(&d->wire), &d->arena, &back),
		    known ? ST_OK : ST_MALFORMED);
	}
}

static void
a_fingerprint_that_would_move_the_cursor_is_refused(void **state)
{
	struct desk *d = *state;
	struct enroll_reply m = {.state = ENROLL_WAITS,
				 .fingerprint = span_str("4F2A\x1b[2J")};
	struct enroll_reply back;

	buf_clear(&d->wire);
	assert_int_equal(enroll_reply_encode(&m, &d->wire), ST_OK);
	assert_int_equal(
	    enroll_reply_decode(buf_span(&d->wire), &d->arena, &back),
	    ST_MALFORMED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    AT_DESK(enrolment_comes_back_the_same_with_and_without_a_token),
	    AT_DESK(
		half_an_incarnation_and_a_proof_without_a_token_are_refused),
	    AT_DESK(a_request_or_certificate_above_its_cap_is_refused),
	    AT_DESK(an_answer_is_yes_or_wait_and_nothing_else),
	    AT_DESK(a_fingerprint_that_would_move_the_cursor_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
