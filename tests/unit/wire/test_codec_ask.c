#include "wire/codec_ask.h"

#include <string.h>

#include "tests/unit/wire/desk.h"

static struct agent_answer answer;

static void
fill(size_t n)
{
	answer = (struct agent_answer){.id = UINT64_MAX,
				       .status = ANSWER_GOOD,
				       .why = span_str(""),
				       .entry_count = n,
				       .more = 1};
	for (size_t i = 0; i < n && i < ANSWER_ENTRIES_MAX; i++)
		answer.entries[i] = (struct answer_entry){
		    .path = span_str("sftp://files.example/srv/\xff"),
		    .size = UINT64_MAX - i,
		    .folder = (uint8_t)(i % 2),
		    .reason = (uint8_t)i,
		};
}

static void
questions_and_answers_come_back_the_same(void **state)
{
	struct desk *d = *state;
	struct agent_ask q = {
	    .id = 7,
	    .path = span_str("sftp://files.example/srv"),
	    .options = span_of("a\0\x01\0\0\0x", 7),
	    .credential = span_str("backup-reader"),
	    .probe = 1,
	};

	ROUND(d, agent_ask, ask_encode, ask_decode, &q);
	fill(ANSWER_ENTRIES_MAX);
	ROUND(d, agent_answer, answer_encode, answer_decode, &answer);
	fill(ANSWER_ENTRIES_MAX + 1);
	assert_int_equal(answer_encode(&answer, &d->wire), ST_LIMIT);
}

static void
a_question_names_a_target(void **state)
{
	static char large[4097];
	const struct {
		struct span path, credential;
		enum status want;
	} cases[] = {
	    {span_str("sftp://a"), span_str(""), ST_OK},
	    {span_str(""), span_str(""), ST_MALFORMED},
	    {span_of("a\0b", 3), span_str(""), ST_MALFORMED},
	    {span_of(large, 4097), span_str(""), ST_MALFORMED},
	    {span_str("sftp://a"), span_of(large, 65), ST_MALFORMED},
	    {span_str("sftp://a"), span_str("a\n"), ST_MALFORMED},
	};
	struct desk *d = *state;

	memset(large, 'a', sizeof(large));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct agent_ask q = {.path = cases[i].path,
				      .credential = cases[i].credential},
				 back;

		buf_clear(&d->wire);
		assert_int_equal(ask_encode(&q, &d->wire), ST_OK);
		if (ask_decode(buf_span(&d->wire), &d->arena, &back) !=
		    cases[i].want)
			fail_msg("case %zu", i);
	}
}

static void
an_answer_has_one_of_the_known_ends(void **state)
{
	struct desk *d = *state;

	for (unsigned n = 0; n < 256; n++) {
		struct agent_answer back;

		fill(0);
		answer.status = (uint8_t)n;
		buf_clear(&d->wire);
		assert_int_equal(answer_encode(&answer, &d->wire), ST_OK);
		assert_int_equal(
		    answer_decode(buf_span(&d->wire), &d->arena, &back),
		    n >= ANSWER_GOOD && n <= ANSWER_BUSY ? ST_OK
							 : ST_MALFORMED);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    AT_DESK(questions_and_answers_come_back_the_same),
	    AT_DESK(a_question_names_a_target),
	    AT_DESK(an_answer_has_one_of_the_known_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
