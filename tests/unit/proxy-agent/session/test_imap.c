#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "fake/script.h"
#include "proxy-agent/session/imap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define HELLO                                                                  \
	{NULL, "* OK [CAPABILITY IMAP4rev1] here\r\n"},                        \
	{                                                                      \
		"t1 CAPABILITY", "* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN "  \
				 "AUTH=XOAUTH2\r\nt1 OK done\r\n"              \
	}
/* "\0anna\0secret" */
#define SIGN_IN                                                                \
	{                                                                      \
		"t2 AUTHENTICATE PLAIN AGFubmEAc2VjcmV0", "t2 OK in\r\n"       \
	}

static const struct imap_login login = {
    .user = {(const uint8_t *)"anna", 4},
    .password = {(const uint8_t *)"secret", 6},
};

static enum status
enter(const struct script *s, const struct imap_login *l, struct imap **m,
      struct buf *why)
{
	const struct stream_to to = {
	    .host = "127.0.0.1",
	    .port = s->port,
	    .patience = {5000, 5000, 5000, 5000},
	};
	struct stream *stream;
	enum status st = stream_open(&to, &stream, why);

	return st == ST_OK ? imap_open(stream, l, m, why) : st;
}

static void
open_script(struct script *s, struct imap **m, const struct script_line *lines,
	    size_t count)
{
	script_start(s, lines, count);
	assert_int_equal(enter(s, &login, m, NULL), ST_OK);
}

static void
a_wrong_password_is_said_once_and_told(void **state)
{
	static const struct script_line lines[] = {
	    HELLO,
	    {"t2 AUTHENTICATE PLAIN",
	     "t2 NO [AUTHENTICATIONFAILED] Authentication failed.\r\n"},
	};
	struct script s;
	struct imap *m = NULL;
	struct buf why;

	(void)state;
	buf_init(&why, 512);
	script_start(&s, lines, COUNT(lines));
	assert_int_equal(enter(&s, &login, &m, &why), ST_DENIED);
	assert_non_null(memmem(why.data, why.len, "Authentication failed", 21));
	assert_null(memmem(why.data, why.len, "secret", 6));
	script_end(&s);
	buf_fini(&why);
}

static void
a_token_goes_by_xoauth2_and_its_refusal_is_heard_out(void **state)
{
	static const struct imap_login token = {
	    .user = {(const uint8_t *)"a", 1},
	    .token = {(const uint8_t *)"tok", 3},
	};
	static const struct script_line lines[] = {
	    HELLO,
	    {"t2 AUTHENTICATE XOAUTH2 dXNlcj1hAWF1dGg9QmVhcmVyIHRvawEB",
	     "+ eyJzdGF0dXMiOiI0MDEifQ==\r\n"},
	    {"\r\n", "t2 NO expired\r\n"},
	};
	struct script s;
	struct imap *m = NULL;

	(void)state;
	script_start(&s, lines, COUNT(lines));
	assert_int_equal(enter(&s, &token, &m, NULL), ST_DENIED);
	script_end(&s);
}

static void
collect(void *arg, const struct imap_folder *f)
{
	struct buf *to = arg;

	assert_int_equal(buf_addf(to, "%.*s=%.*s%s;", (int)f->raw.len,
				  (const char *)f->raw.ptr, (int)f->name.len,
				  (const char *)f->name.ptr,
				  f->container ? "!" : ""),
			 ST_OK);
}

static void
folders_come_quoted_bare_and_as_literals(void **state)
{
	static const struct script_line lines[] = {
	    HELLO,
	    SIGN_IN,
	    {"t3 LIST \"\" \"*\"", "* LIST (\\HasNoChildren) \".\" INBOX\r\n"
				   "* LIST (\\Noselect) \".\" \"Old Mail\"\r\n"
				   "* LIST () \".\" \"Old Mail.2025\"\r\n"
				   "* LIST () \".\" {7}\r\na\"b.c&-\r\n"
				   "t3 OK\r\n"},
	};
	struct script s;
	struct imap *m = NULL;
	struct buf got;

	(void)state;
	open_script(&s, &m, lines, COUNT(lines));
	buf_init(&got, 1024);
	assert_int_equal(imap_folders(m, collect, &got), ST_OK);
	assert_true(
	    span_eq(buf_span(&got), span_str("INBOX=INBOX;Old Mail=Old Mail!;"
					     "Old Mail.2025=Old Mail/2025;"
					     "a\"b.c&-=a\"b/c&;")));
	buf_fini(&got);
	imap_close(m);
	script_end(&s);
}

static void
bodies_come_counted_quoted_and_not_at_all(void **state)
{
	static const struct script_line lines[] = {
	    HELLO,
	    SIGN_IN,
	    {"t3 UID FETCH 4,5,6,7 (UID BODY.PEEK[])",
	     "* 1 FETCH (UID 4 BODY[] {6}\r\none)\r\n)\r\n"
	     "* 9 EXPUNGE\r\n"
	     "* 2 FETCH (BODY[] {3}\r\ntwo UID 5 FLAGS ())\r\n"
	     "* 3 FETCH (UID 6 BODY[] \"th\\\"ree\")\r\n"
	     "* 4 FETCH (UID 7 BODY[] NIL)\r\n"
	     "* 4 FETCH (FLAGS (\\Seen))\r\n"
	     "t3 OK\r\n"},
	};
	static const struct {
		uint32_t number, uid;
		const char *text;
	} want[] = {
	    {1, 4, "one)\r\n"}, {2, 0, "two"}, {3, 6, "th\"ree"}, {4, 7, ""}};
	struct script s;
	struct imap *m = NULL;
	struct imap_body body;
	char text[64];
	size_t got;

	(void)state;
	open_script(&s, &m, lines, COUNT(lines));
	assert_int_equal(imap_ask(m, span_str("4,5,6,7")), ST_OK);
	for (size_t i = 0; i < COUNT(want); i++) {
		size_t n = strlen(want[i].text);

		assert_int_equal(imap_next(m, &body), ST_OK);
		assert_int_equal(body.number, want[i].number);
		assert_int_equal(body.uid, want[i].uid);
		assert_int_equal(body.size, n);
		assert_int_equal(imap_read(m, text, sizeof(text), &got), ST_OK);
		assert_int_equal(got, n);
		assert_memory_equal(text, want[i].text, n);
	}
	assert_int_equal(imap_next(m, &body), ST_EOF);
	assert_int_equal(imap_gone(m), 9);
	assert_int_equal(imap_gone(m), 0);
	imap_close(m);
	script_end(&s);
}

static void
what_is_not_read_of_a_body_is_passed_over(void **state)
{
	static const struct script_line lines[] = {
	    HELLO,
	    SIGN_IN,
	    {"t3 UID FETCH 4,5", "* 1 FETCH (UID 4 BODY[] {5}\r\n12345)\r\n"
				 "* 2 FETCH (UID 5 BODY[] {1}\r\nx)\r\n"
				 "t3 OK\r\n"},
	};
	struct script s;
	struct imap *m = NULL;
	struct imap_body body;
	char c;
	size_t got;

	(void)state;
	open_script(&s, &m, lines, COUNT(lines));
	assert_int_equal(imap_ask(m, span_str("4,5")), ST_OK);
	assert_int_equal(imap_next(m, &body), ST_OK);
	assert_int_equal(imap_read(m, &c, 1, &got), ST_OK);
	assert_int_equal(imap_next(m, &body), ST_OK);
	assert_int_equal(body.uid, 5);
	imap_close(m);
	script_end(&s);
}

static void
sizes_come_in_order_of_their_numbers(void **state)
{
	static const struct script_line lines[] = {
	    HELLO,
	    SIGN_IN,
	    {"t3 EXAMINE \"INBOX\"", "* 3 EXISTS\r\n* OK [UIDVALIDITY 77] v\r\n"
				     "* OK [UIDNEXT 30] n\r\nt3 OK [READ-ONLY]"
				     "\r\n"},
	    {"t4 FETCH 1:3 (UID RFC822.SIZE)",
	     "* 2 FETCH (UID 20 RFC822.SIZE 200)\r\n"
	     "* 1 FETCH (RFC822.SIZE 100 UID 10)\r\n"
	     "* 3 FETCH (FLAGS ())\r\nt4 OK\r\n"},
	};
	struct script s;
	struct imap *m = NULL;
	struct imap_box box;
	struct imap_message list[3];
	size_t count = 0;

	(void)state;
	open_script(&s, &m, lines, COUNT(lines));
	assert_int_equal(imap_examine(m, span_str("INBOX"), &box), ST_OK);
	assert_int_equal(box.exists, 3);
	assert_int_equal(box.validity, 77);
	assert_int_equal(box.next, 30);
	assert_int_equal(imap_sizes(m, 1, 3, list, &count), ST_OK);
	assert_int_equal(count, 2);
	assert_int_equal(list[0].uid, 10);
	assert_int_equal(list[1].size, 200);
	imap_close(m);
	script_end(&s);
}

static void
what_is_no_imap_is_told(void **state)
{
	static const struct script_line lines[] = {
	    {NULL, "HTTP/1.1 400 Bad Request\r\n\r\n"}};
	struct script s;
	struct imap *m = NULL;
	struct buf why;

	(void)state;
	buf_init(&why, 512);
	script_start(&s, lines, COUNT(lines));
	assert_int_equal(enter(&s, &login, &m, &why), ST_MALFORMED);
	assert_non_null(memmem(why.data, why.len, "not as IMAP", 11));
	script_end(&s);
	buf_fini(&why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_wrong_password_is_said_once_and_told),
	    cmocka_unit_test(
		a_token_goes_by_xoauth2_and_its_refusal_is_heard_out),
	    cmocka_unit_test(folders_come_quoted_bare_and_as_literals),
	    cmocka_unit_test(bodies_come_counted_quoted_and_not_at_all),
	    cmocka_unit_test(what_is_not_read_of_a_body_is_passed_over),
	    cmocka_unit_test(sizes_come_in_order_of_their_numbers),
	    cmocka_unit_test(what_is_no_imap_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
