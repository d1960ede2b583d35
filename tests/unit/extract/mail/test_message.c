#include "extract/mail/message.h"

#include "tests/unit/extract/archive/sample.h"
#include "tests/unit/extract/inside.h"

static void
samples_of_others_are_read_with_places(void **state)
{
	static const struct {
		const char *file, *place, *words;
	} cases[] = {
	    {"plain.eml", "body", "card 4111 1111 1111 1111"},
	    {"attach.eml",
	     "scan f\xc3\xbc\xc3\x9f"
	     "e.zip" ARROW "in.txt",
	     "card 4111 1111 1111 1111"},
	    {"html.eml", "html body", "card 4111 1111 1111 1111 html \xc3\xa4"},
	    {"jp.eml", "body", "\xe3\x82\xab\xe3\x83\xbc\xe3\x83\x89"},
	    {"nested.eml", "attached message" ARROW "deep.zip" ARROW "in.txt",
	     "card 4111 1111 1111 1111"},
	    {"box.mbox", "message 2" ARROW "scan.txt",
	     "card: 4111 1111 1111 1111"},
	    {"box.mbox", "message 3" ARROW "body", ">From here on text 2"},
	    {"uu.eml", "a.txt", CARD},
	    {"uu.eml", "body", "after"},
	    {"signed.p7m", "signed content" ARROW "body",
	     "card: 4111 1111 1111 1111"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char path[64];
		struct span s;

		snprintf(path, sizeof(path), "mail/%s", cases[i].file);
		s = sample(path);
		for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
			struct collect *c = collect_run(s, way, NULL);

			assert_has(c, cases[i].place, cases[i].words);
			assert_int_equal(c->result.coverage, COVERAGE_FULL);
			collect_free(c);
		}
		free_span(s);
	}
}

/* One row: a message, where words of it are found, what is noted there. */
struct row {
	const char *mail, *place, *words;
	const char *note_place;
	enum cover_reason why;
};

static void
check_row(const struct row *r)
{
	struct span s = span_str(r->mail);

	for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
		struct collect *c = collect_run(s, way, NULL);

		assert_has(c, r->place, r->words);
		if (r->note_place != NULL &&
		    !has_note(c, r->note_place, r->why))
			fail_msg("no \"%s\" at \"%s\"", cover_name(r->why),
				 r->note_place);
		if (r->note_place == NULL)
			assert_int_equal(c->note_count, 0);
		collect_free(c);
	}
}

#define HEAD                                                                   \
	"From: a@example.org\nTo: b@example.org\nSubject: s\n"                 \
	"MIME-Version: 1.0\n"

static void
damage_is_noted_and_what_is_there_is_read(void **state)
{
	static const struct row rows[] = {
	    /* a boundary that nobody declared */
	    {HEAD "Content-Type: multipart/mixed; boundary=AAA\n\n"
		  "--BBB\nContent-Type: text/plain; name=x.txt\n\n"
		  "one\n--BBB\nContent-Disposition: attachment; "
		  "filename=y.txt\n\ntwo\n--BBB--\n",
	     "y.txt", "two", "", COVER_MALFORMED},
	    /* none declared at all */
	    {HEAD "Content-Type: multipart/mixed\n\n"
		  "--B\ncontent-type: text/plain\n\none\n--B--\n",
	     "body", "one", "", COVER_MALFORMED},
	    /* it never comes: the text is read */
	    {HEAD "Content-Type: multipart/mixed; boundary=AAA\n\nhello\n",
	     "preamble", "hello", "", COVER_MALFORMED},
	    /* no end */
	    {HEAD "Content-Type: multipart/mixed; boundary=A\n\n--A\n\none\n",
	     "body", "one", "", COVER_TRUNCATED},
	    /* base64 ends within a quartet */
	    {HEAD "Content-Type: application/x; name=f\n"
		  "Content-Transfer-Encoding: base64\n\naGVsbG8gd29yb\n",
	     "f", "hello wo", "f", COVER_TRUNCATED},
	    /* an encoding that we do not know */
	    {HEAD "Content-Transfer-Encoding: rot13\n\nuryyb\n", "body",
	     "uryyb", "body", COVER_UNSUPPORTED},
	    {HEAD "Content-Type: message/partial; number=2\n\nx\n",
	     "attached message", "x", "attached message", COVER_VOLUME},
	    {HEAD "\nsee\n-----BEGIN PGP MESSAGE-----\n\nhQ==\n", "body", "see",
	     "body", COVER_ENCRYPTED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i]);
}

static void
parts_of_every_kind_have_their_place(void **state)
{
	static const struct row rows[] = {
	    {HEAD "Content-Type: text/plain; charset=koi8-r\n"
		  "Content-Transfer-Encoding: quoted-printable\n\n"
		  "=CB=C1=D2=\n=D4=C1\n",
	     "body", "\xd0\xba\xd0\xb0\xd1\x80\xd1\x82\xd0\xb0", NULL, 0},
	    {HEAD "Content-Type: application/x;\n"
		  " name*1*=%20b.txt; name*0*=iso-8859-1''%E4\n\nz\n",
	     "\xc3\xa4 b.txt", "z", NULL, 0},
	    {HEAD "Content-Type: text/plain; name=\"=?utf-8?B?w6Q=?= x\"\n\n"
		  "z\n",
	     "\xc3\xa4 x", "z", NULL, 0},
	    {HEAD "Content-Type: multipart/digest; boundary=B\n\n"
		  "--B\n\nFrom: c@example.org\n\nfirst\n--B--\n",
	     "attached message" ARROW "body", "first", NULL, 0},
	    {HEAD "Content-Type: multipart/report; boundary=B\n\n--B\n"
		  "Content-Type: message/delivery-status\n\nStatus: 5\n"
		  "--B--\nbehind\n",
	     "epilogue", "behind", NULL, 0},
	    {HEAD "\n=ybegin line=128 size=4 name=y.bin\n"
		  "\x8b\x8c=}\x8d\n=yend size=4\nafter\n",
	     "y.bin",
	     "ab\x13"
	     "c",
	     NULL, 0},
	    {HEAD "Content-Type: multipart/mixed; boundary=B\n\n--B\n"
		  "Content-Type: multipart/mixed; boundary=C\n\n--C\n\nin\n"
		  "--B\nContent-Type: x/y\n\nout\n--B--\n",
	     "part 2", "out", NULL, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i]);
}

static void
headers_are_read_as_people_see_them(void **state)
{
	static const char mail[] =
	    "Subject: =?utf-8?Q?card_4111?=\n =?UTF-8?B?IDExMTE=?= x\n"
	    "From: a@example.org\nMessage-ID: <1>\n\nbody\n";
	struct inside in;
	struct part p;

	(void)state;
	inside_begin(&in, NULL);
	in.word = "card";
	part_memory(&p, span_str(mail));
	assert_int_equal(job_part(in.x, &p), ST_OK);
	assert_lines(&in.places, "header Subject+9\n");
	assert_non_null(memmem(in.text.data, in.text.len,
			       "Subject: card 4111 1111 x\n", 26));
	inside_end(&in);
}

static void
nesting_ends_at_the_limits_and_text_is_still_read(void **state)
{
	struct buf b;
	struct collect *c;

	(void)state;
	buf_init(&b, 1u << 20);
	assert_int_equal(buf_add_str(&b, HEAD), ST_OK);
	for (unsigned i = 0; i < 300; i++)
		assert_int_equal(
		    buf_addf(&b,
			     "Content-Type: multipart/mixed; boundary=b%u\n\n"
			     "--b%u\n",
			     i, i),
		    ST_OK);
	assert_int_equal(buf_add_str(&b, "\ninnermost\n"), ST_OK);
	c = collect_run(buf_span(&b), BY_PREAD, NULL);
	assert_has(c, "part 1", "innermost");
	assert_true(has_note(c, "", COVER_DEPTH));
	collect_free(c);
	buf_clear(&b);
	for (unsigned i = 0; i < 20; i++)
		assert_int_equal(
		    buf_add_str(&b, HEAD "Content-Type: message/rfc822\n\n"),
		    ST_OK);
	c = collect_run(buf_span(&b), AS_STREAM, NULL);
	assert_int_equal(c->result.reason, COVER_DEPTH);
	collect_free(c);
	buf_fini(&b);
}

static void
only_messages_are_messages(void **state)
{
	static const struct {
		const char *text;
		bool mail, mailbox;
	} cases[] = {
	    {HEAD "\nx", true, false},
	    {"Subject: a\nFrom: b\nTo: c\n\n", true, false},
	    {"Subject: a\n\nsome text\n", false, false},
	    {"Note: a\nCard: 4111\n", false, false},
	    {"From: a\nplain words\nTo: b\nSubject: c\n", false, false},
	    {"From a@b Thu Jan  1 00:00:00 1970\nSubject: x\n", false, true},
	    {"From here on 12:30 in 2026\nthere is text\n", false, false},
	    {"", false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span s = span_str(cases[i].text);

		assert_int_equal(message_is(s, 3), cases[i].mail);
		assert_int_equal(message_is_mailbox(s), cases[i].mailbox);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(samples_of_others_are_read_with_places),
	    cmocka_unit_test(damage_is_noted_and_what_is_there_is_read),
	    cmocka_unit_test(parts_of_every_kind_have_their_place),
	    cmocka_unit_test(headers_are_read_as_people_see_them),
	    cmocka_unit_test(nesting_ends_at_the_limits_and_text_is_still_read),
	    cmocka_unit_test(only_messages_are_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
