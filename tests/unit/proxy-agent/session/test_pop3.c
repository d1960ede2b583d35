#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "fake/script.h"
#include "proxy-agent/session/pop3.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define HELLO                                                                  \
	{NULL, "+OK here\r\n"},                                                \
	{                                                                      \
		"CAPA\r\n",                                                    \
		    "+OK\r\nTOP\r\nUIDL\r\nPIPELINING\r\nSASL PLAIN\r\n.\r\n"  \
	}
#define SIGN_IN                                                                \
	{"USER anna\r\n", "+OK\r\n"},                                          \
	{                                                                      \
		"PASS secret\r\n", "+OK in\r\n"                                \
	}

static const struct pop3_login login = {
    .user = {(const uint8_t *)"anna", 4},
    .password = {(const uint8_t *)"secret", 6},
};

static enum status
enter(const struct script *s, const struct pop3_login *l, struct pop3 **p,
      struct buf *why)
{
	const struct stream_to to = {
	    .host = "127.0.0.1",
	    .port = s->port,
	    .patience = {5000, 5000, 5000, 5000},
	};
	struct stream *stream;
	enum status st = stream_open(&to, &stream, why);

	return st == ST_OK ? pop3_open(stream, l, p, why) : st;
}

/* One message, read in pieces of `step` bytes. */
static void
read_message(struct pop3 *p, size_t step, const char *want)
{
	char text[256];
	size_t n = 0, got;

	assert_int_equal(pop3_next(p), ST_OK);
	do {
		assert_int_equal(pop3_read(p, text + n, step, &got), ST_OK);
		n += got;
	} while (got > 0);
	assert_int_equal(n, strlen(want));
	assert_memory_equal(text, want, n);
}

static void
dots_at_the_beginning_of_lines_are_undone(void **state)
{
	static const char raw[] = "a\r\n..b\r\n...\r\nc.\r\n\r\n..\rd\r\n.\r\n";
	static const char text[] = "a\r\n.b\r\n..\r\nc.\r\n\r\n.\rd\r\n";
	static const struct script_line lines[] = {
	    HELLO,
	    SIGN_IN,
	    {"TOP 1 1073741824\r\n", "+OK\r\n"},
	    {NULL, raw},
	    {"TOP 2 ", "+OK\r\n.\r\n"},
	};

	(void)state;
	for (size_t step = 1; step < 64; step = step * 2 + 1) {
		struct pop3 *p = NULL;
		struct script s;

		script_start(&s, lines, COUNT(lines));
		assert_int_equal(enter(&s, &login, &p, NULL), ST_OK);
		assert_int_equal(pop3_ask(p, 1), ST_OK);
		read_message(p, step, text);
		assert_int_equal(pop3_ask(p, 2), ST_OK);
		read_message(p, step, "");
		pop3_close(p);
		script_end(&s);
	}
}

static void
messages_are_listed_with_their_ids(void **state)
{
	static const struct script_line lines[] = {
	    HELLO,
	    SIGN_IN,
	    {"LIST\r\n", "+OK\r\n2 200\r\n1 100\r\n3 x\r\n.\r\n"},
	    {"UIDL\r\n", "+OK\r\n1 one\r\n2 two\r\n9 nine\r\n.\r\n"},
	};
	struct pop3_message *list = NULL;
	struct pop3 *p = NULL;
	struct script s;
	size_t count = 0;

	(void)state;
	script_start(&s, lines, COUNT(lines));
	assert_int_equal(enter(&s, &login, &p, NULL), ST_OK);
	assert_true(pop3_pipelines(p));
	assert_int_equal(pop3_list(p, &list, &count), ST_OK);
	assert_int_equal(count, 2);
	assert_int_equal(list[0].size, 100);
	assert_string_equal(list[0].uid, "one");
	assert_string_equal(list[1].uid, "two");
	free(list);
	pop3_close(p);
	script_end(&s);
}

static void
what_is_not_read_is_passed_over_and_what_cannot_be_had_told(void **state)
{
	static const struct script_line lines[] = {
	    HELLO,
	    SIGN_IN,
	    {"TOP 1 ", "+OK\r\nlong\r\nlines\r\n.\r\n-ERR gone\r\n"},
	    {"TOP 2 ", "+OK\r\nx\r\n.\r\n"},
	    {"TOP 3 ", ""},
	};
	struct pop3 *p = NULL;
	struct script s;
	size_t got;
	char c;

	(void)state;
	script_start(&s, lines, COUNT(lines));
	assert_int_equal(enter(&s, &login, &p, NULL), ST_OK);
	for (uint32_t n = 1; n <= 3; n++)
		assert_int_equal(pop3_ask(p, n), ST_OK);
	assert_int_equal(pop3_next(p), ST_OK);
	assert_int_equal(pop3_read(p, &c, 1, &got), ST_OK);
	assert_int_equal(pop3_next(p), ST_DENIED);
	assert_string_equal(pop3_trouble(p, ST_DENIED), "gone");
	read_message(p, 9, "x\r\n");
	pop3_close(p);
	script_end(&s);
}

static void
a_wrong_password_is_said_once_and_told(void **state)
{
	static const struct script_line lines[] = {
	    HELLO,
	    {"USER anna\r\n", "+OK\r\n"},
	    {"PASS secret\r\n", "-ERR [AUTH] Authentication failed.\r\n"},
	};
	struct pop3 *p = NULL;
	struct script s;
	struct buf why;

	(void)state;
	buf_init(&why, 512);
	script_start(&s, lines, COUNT(lines));
	assert_int_equal(enter(&s, &login, &p, &why), ST_DENIED);
	assert_non_null(memmem(why.data, why.len, "Authentication failed", 21));
	assert_null(memmem(why.data, why.len, "secret", 6));
	script_end(&s);
	buf_fini(&why);
}

static void
no_line_break_of_a_user_becomes_a_command(void **state)
{
	static const struct script_line lines[] = {HELLO};
	static const struct pop3_login bad = {
	    .user = {(const uint8_t *)"a\r\nDELE 1", 9},
	};
	struct pop3 *p = NULL;
	struct script s;

	(void)state;
	script_start(&s, lines, COUNT(lines));
	assert_int_equal(enter(&s, &bad, &p, NULL), ST_MALFORMED);
	script_end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(dots_at_the_beginning_of_lines_are_undone),
	    cmocka_unit_test(messages_are_listed_with_their_ids),
	    cmocka_unit_test(
		what_is_not_read_is_passed_over_and_what_cannot_be_had_told),
	    cmocka_unit_test(a_wrong_password_is_said_once_and_told),
	    cmocka_unit_test(no_line_break_of_a_user_becomes_a_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
