#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "fake/script.h"
#include "proxy-agent/source/mail/imap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define HELLO                                                                  \
	{NULL, "* OK here\r\n"},                                               \
	    {"t1 CAPABILITY", "* CAPABILITY IMAP4rev1\r\nt1 OK\r\n"},          \
	{                                                                      \
		"t2 LOGIN \"anna\" \"secret\"", "t2 OK in\r\n"                 \
	}
#define FOLDERS                                                                \
	{                                                                      \
		"t3 LIST", "* LIST () \"/\" Zoo\r\n* LIST () \"/\" INBOX\r\n"  \
			   "* LIST (\\Noselect) \"/\" Old\r\nt3 OK\r\n"        \
	}
#define BOX "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 40] n\r\n"
#define SIZES                                                                  \
	"* 1 FETCH (UID 10 RFC822.SIZE 5)\r\n"                                 \
	"* 2 FETCH (UID 20 RFC822.SIZE 5)\r\n"                                 \
	"* 3 FETCH (UID 30 RFC822.SIZE 5)\r\n"

static const char words[] = "password\0\6\0\0\0secret";

static enum status
open_by(const struct script *s, const char *cursor, const char *path,
	const struct source_target *more, struct source **out)
{
	static char name[128];
	struct source_target t = {
	    .path = {(const uint8_t *)name, 0},
	    .cursor = span_str(cursor),
	    .access = {{(const uint8_t *)words, sizeof(words) - 1}},
	    .known = more->known,
	    .options = more->options,
	};

	t.path.len = (size_t)snprintf(
	    name, sizeof(name), "imap://anna@127.0.0.1:%u/%s", s->port, path);
	return imap_source.open(&t, out);
}

static enum status
open_at(const struct script *s, const char *cursor, const char *path,
	struct source **out)
{
	return open_by(s, cursor, path, &(struct source_target){0}, out);
}

/* "INBOX/10 text;" for each item, or its reason in brackets. */
static void
read_all(struct source *src, char *dst, size_t room)
{
	struct source_item item;
	size_t n = 0, got;

	while (imap_source.next(src, &item) == ST_OK) {
		const uint8_t *at =
		    memchr(item.path.ptr + 8, '/', item.path.len - 8);
		int skip = (int)(at - item.path.ptr) + 1;

		n += (size_t)snprintf(dst + n, room - n, "%.*s ",
				      (int)item.path.len - skip,
				      (const char *)item.path.ptr + skip);
		if (item.reason != COVER_OK)
			n += (size_t)snprintf(dst + n, room - n, "(%s)",
					      cover_name(item.reason));
		do {
			got = 0;
			if (item.reason == COVER_OK)
				assert_int_equal(
				    imap_source.read(src, dst + n, 3, &got),
				    ST_OK);
			n += got;
		} while (got > 0);
		dst[n++] = ';';
		assert_true(n < room - 64);
	}
	dst[n] = 0;
}

static void
check(const struct script_line *lines, size_t count, const char *cursor,
      const char *path, const char *want)
{
	struct source *src = NULL;
	struct script s;
	char got[1024];

	script_start(&s, lines, count);
	assert_int_equal(open_at(&s, cursor, path, &src), ST_OK);
	read_all(src, got, sizeof(got));
	assert_string_equal(got, want);
	imap_source.close(src);
	script_end(&s);
}

static void
folders_and_messages_come_in_order(void **state)
{
	static const struct script_line lines[] = {
	    HELLO,
	    FOLDERS,
	    {"t4 EXAMINE \"INBOX\"", BOX "t4 OK\r\n"},
	    {"t5 FETCH 1:3 (UID RFC822.SIZE)", SIZES "t5 OK\r\n"},
	    {"t6 UID FETCH 10,20,30 (UID BODY.PEEK[])",
	     "* 1 FETCH (UID 10 BODY[] {5}\r\nfirst)\r\n"
	     "* 2 FETCH (UID 20 BODY[] {5}\r\nother)\r\n"
	     "* 3 FETCH (UID 30 BODY[] {5}\r\nthird)\r\nt6 OK\r\n"},
	    {"t7 EXAMINE \"Zoo\"", "* 0 EXISTS\r\nt7 OK\r\n"},
	};

	(void)state;
	check(lines, COUNT(lines), NULL, "",
	      "INBOX/10 first;INBOX/20 other;INBOX/30 third;");
}

#define MANY 130 /* more than two questions may name */

/* "* N FETCH (UID N what)" for each of from..to, behind what is there. */
static void
fetched(char *dst, size_t room, int from, int to, const char *what)
{
	for (int i = from; i <= to; i++) {
		size_t n = strlen(dst);

		snprintf(dst + n, room - n, "* %d FETCH (UID %d %s)\r\n", i, i,
			 what);
	}
}

static void
bodies_of_two_questions_may_come_before_either_is_answered(void **state)
{
	static char sizes[8192] = "", bodies[8192] = "", last[256] = "";
	const struct script_line lines[] = {
	    HELLO,
	    FOLDERS,
	    {"t4 EXAMINE", "* 130 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n"
			   "* OK [UIDNEXT 900] n\r\nt4 OK\r\n"},
	    {"t5 FETCH 1:130", sizes},
	    {"t6 UID FETCH 1,2,3", ""},
	    {"t7 UID FETCH 65,66", bodies},
	    {"t8 UID FETCH 129,130 ", last},
	};
	struct source *src = NULL;
	static char got[16384];
	struct script s;

	(void)state;
	fetched(sizes, sizeof(sizes), 1, MANY, "RFC822.SIZE 1");
	strncat(sizes, "t5 OK\r\n", sizeof(sizes) - strlen(sizes) - 1);
	fetched(bodies, sizeof(bodies), 1, 128, "BODY[] {1}\r\nx");
	strncat(bodies, "t6 OK\r\nt7 OK\r\n",
		sizeof(bodies) - strlen(bodies) - 1);
	fetched(last, sizeof(last), 129, MANY, "BODY[] {1}\r\nx");
	strncat(last, "t8 OK\r\n", sizeof(last) - strlen(last) - 1);
	script_start(&s, lines, COUNT(lines));
	assert_int_equal(open_at(&s, NULL, "INBOX", &src), ST_OK);
	read_all(src, got, sizeof(got));
	assert_null(strstr(got, "vanished"));
	assert_non_null(strstr(got, "INBOX/128 x;INBOX/129 x;INBOX/130 x;"));
	imap_source.close(src);
	script_end(&s);
}

static void
a_message_that_was_deleted_is_named(void **state)
{
	static const struct script_line lines[] = {
	    HELLO,
	    FOLDERS,
	    {"t4 EXAMINE \"INBOX\"", BOX "t4 OK\r\n"},
	    {"t5 FETCH 1:3", SIZES "t5 OK\r\n"},
	    {"t6 UID FETCH 10,20,30",
	     "* 2 EXPUNGE\r\n* 1 FETCH (UID 10 BODY[] {5}\r\nfirst)\r\n"
	     "* 2 FETCH (UID 30 BODY[] {5}\r\nthird)\r\nt6 OK\r\n"},
	};

	(void)state;
	check(lines, COUNT(lines), NULL, "INBOX",
	      "INBOX/10 first;INBOX/20 (vanished);INBOX/30 third;");
}

static void
a_list_of_folders_that_breaks_off_is_had_again(void **state)
{
	static const struct script_line lines[] = {
	    HELLO,
	    {"t3 LIST", "* LIST () \"/\" Zoo\r\n* LIST () \"/\" IN"},
	    {NULL, SCRIPT_CUT},
	    HELLO,
	    FOLDERS,
	    {"t4 EXAMINE \"INBOX\"", "* 0 EXISTS\r\nt4 OK\r\n"},
	    {"t5 EXAMINE \"Zoo\"", "* 0 EXISTS\r\nt5 OK\r\n"},
	};

	(void)state;
	check(lines, COUNT(lines), NULL, "", "");
}

static void
a_lost_connection_goes_on_at_the_byte(void **state)
{
	static const struct script_line lines[] = {
	    HELLO,
	    FOLDERS,
	    {"t4 EXAMINE \"INBOX\"", BOX "t4 OK\r\n"},
	    {"t5 FETCH 1:3", SIZES "t5 OK\r\n"},
	    {"t6 UID FETCH 10,20,30",
	     "* 1 FETCH (UID 10 BODY[] {5}\r\nfirst)\r\n"
	     "* 2 FETCH (UID 20 BODY[] {5}\r\noth"},
	    {NULL, SCRIPT_CUT},
	    HELLO,
	    {"t3 EXAMINE \"INBOX\"", BOX "t3 OK\r\n"},
	    {"t4 UID FETCH 20 (UID BODY.PEEK[]<3.4194304>)", ""},
	    {"t5 UID FETCH 20 (UID BODY.PEEK[]<4194307.4194304>)",
	     "* 2 FETCH (UID 20 BODY[]<3> {2}\r\ner)\r\nt4 OK\r\n"},
	    {"t6 UID FETCH 20", "* 2 FETCH (UID 20 BODY[]<4194307> \"\")\r\n"
				"t5 OK\r\nt6 OK\r\n"},
	    {"t7 FETCH 1:3", SIZES "t7 OK\r\n"},
	    {"t8 UID FETCH 30", "* 3 FETCH (UID 30 BODY[] {5}\r\nthird)\r\n"
				"t8 OK\r\n"},
	};

	(void)state;
	check(lines, COUNT(lines), NULL, "INBOX",
	      "INBOX/10 first;INBOX/20 other;INBOX/30 third;");
}

static void
pieces_of_two_questions_may_come_before_either_is_answered(void **state)
{
	static const struct script_line lines[] = {
	    HELLO,
	    FOLDERS,
	    {"t4 EXAMINE \"INBOX\"", "* 1 EXISTS\r\nt4 OK\r\n"},
	    {"t5 FETCH 1:1",
	     "* 1 FETCH (UID 10 RFC822.SIZE 9000000)\r\nt5 OK\r\n"},
	    {"t6 UID FETCH 10 (UID BODY.PEEK[]<0.4194304>)", ""},
	    {"t7 UID FETCH 10 (UID BODY.PEEK[]<4194304.4194304>)",
	     "* 1 FETCH (UID 10 BODY[]<0> {5}\r\nfirst)\r\n"
	     "* 1 FETCH (UID 10 BODY[]<4194304> {5}\r\nother)\r\n"
	     "t6 OK\r\nt7 OK\r\n"},
	    {"t8 UID FETCH 10 (UID BODY.PEEK[]<8388608.4194304>)", ""},
	    {"t9 UID FETCH 10 (UID BODY.PEEK[]<12582912.4194304>)",
	     "* 1 FETCH (UID 10 BODY[]<8388608> {5}\r\nthird)\r\n"
	     "t8 OK\r\nt9 OK\r\n"},
	    {"t10 UID FETCH 10 (UID BODY.PEEK[]<16777216.4194304>)",
	     "t10 OK\r\n"},
	};

	(void)state;
	check(lines, COUNT(lines), NULL, "INBOX", "INBOX/10 firstotherthird;");
}

static void
a_cursor_holds_while_the_folder_does(void **state)
{
	static const struct script_line lines[] = {
	    HELLO,
	    FOLDERS,
	    {"t4 EXAMINE \"INBOX\"", BOX "t4 OK\r\n"},
	    {"t5 FETCH 1:3", SIZES "t5 OK\r\n"},
	    {"t6 UID FETCH 30", "* 3 FETCH (UID 30 BODY[] {5}\r\nthird)\r\n"
				"t6 OK\r\n"},
	    {"t7 EXAMINE \"Zoo\"", "* 0 EXISTS\r\nt7 OK\r\n"},
	};
	static const struct script_line anew[] = {
	    HELLO,
	    FOLDERS,
	    {"t4 EXAMINE \"INBOX\"", BOX "t4 OK\r\n"},
	    {"t5 FETCH 1:3", SIZES "t5 OK\r\n"},
	    {"t6 UID FETCH 10,20,30",
	     "* 1 FETCH (UID 10 BODY[] {5}\r\nfirst)\r\n"
	     "* 2 FETCH (UID 20 BODY[] {5}\r\nother)\r\n"
	     "* 3 FETCH (UID 30 BODY[] {5}\r\nthird)\r\nt6 OK\r\n"},
	    {"t7 EXAMINE \"Zoo\"", "* 0 EXISTS\r\nt7 OK\r\n"},
	};

	(void)state;
	check(lines, COUNT(lines), "7 20 INBOX", "", "INBOX/30 third;");
	check(anew, COUNT(anew), "6 20 INBOX", "",
	      "INBOX/10 first;INBOX/20 other;INBOX/30 third;");
}

static bool
has_20(const void *arg, struct span path, struct span version)
{
	(void)arg;
	(void)path;
	return version.len == 6 && memcmp(version.ptr, "7 20 5", 6) == 0;
}

static void
what_is_known_is_not_asked_for(void **state)
{
	static const struct script_line lines[] = {
	    HELLO,
	    FOLDERS,
	    {"t4 EXAMINE \"INBOX\"", BOX "t4 OK\r\n"},
	    {"t5 FETCH 1:3", SIZES "t5 OK\r\n"},
	    {"t6 UID FETCH 10,30 (UID BODY.PEEK[])",
	     "* 1 FETCH (UID 10 BODY[] {5}\r\nfirst)\r\n"
	     "* 3 FETCH (UID 30 BODY[] {5}\r\nthird)\r\nt6 OK\r\n"},
	    {"t7 EXAMINE \"Zoo\"", "* 0 EXISTS\r\nt7 OK\r\n"},
	};
	const struct source_known known = {.has = has_20};
	struct source_item item;
	struct source *src = NULL;
	struct script s;
	char text[8];
	size_t got;

	(void)state;
	script_start(&s, lines, COUNT(lines));
	assert_int_equal(open_by(&s, NULL, "",
				 &(struct source_target){.known = &known},
				 &src),
			 ST_OK);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(imap_source.next(src, &item), ST_OK);
		if (i == 1)
			continue;
		assert_int_equal(imap_source.read(src, text, 5, &got), ST_OK);
		assert_memory_equal(text, i == 0 ? "first" : "third", got);
		assert_int_equal(got, 5);
	}
	assert_int_equal(imap_source.next(src, &item), ST_EOF);
	imap_source.close(src);
	script_end(&s);
}

static void
only_the_days_and_folders_that_are_wanted_are_read(void **state)
{
	static const struct script_line lines[] = {
	    HELLO,
	    {"t3 LIST", "* LIST () \"/\" Zoo\r\n* LIST () \"/\" INBOX\r\n"
			"* LIST () \"/\" Zoo/a\r\n* LIST () \"/\" In\r\n"
			"t3 OK\r\n"},
	    {"t4 EXAMINE \"INBOX\"", BOX "t4 OK\r\n"},
	    {"t5 FETCH 1:3 (UID RFC822.SIZE)", SIZES "t5 OK\r\n"},
	    {"t6 UID SEARCH UID 10:30 SINCE 2-Jan-2026 BEFORE 3-Jan-2026",
	     "* SEARCH 30\r\n* SEARCH 10 7\r\nt6 OK\r\n"},
	    {"t7 UID FETCH 10,30 (UID BODY.PEEK[])",
	     "* 1 FETCH (UID 10 BODY[] {5}\r\nfirst)\r\n"
	     "* 3 FETCH (UID 30 BODY[] {5}\r\nthird)\r\nt7 OK\r\n"},
	};
	static const char *const pairs[][2] = {{"since", "2026-01-02"},
					       {"before", "2026-01-03"},
					       {"include", "I*"},
					       {"exclude", "Zoo,In"}};
	struct source *src = NULL;
	uint8_t options[200];
	struct script s;
	char got[1024];
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++)
		assert_int_equal(pairs_add(options, sizeof(options), &n,
					   span_str(pairs[i][0]),
					   span_str(pairs[i][1])),
				 ST_OK);
	script_start(&s, lines, COUNT(lines));
	assert_int_equal(
	    open_by(&s, NULL, "",
		    &(struct source_target){.options = {span_of(options, n)}},
		    &src),
	    ST_OK);
	read_all(src, got, sizeof(got));
	assert_string_equal(got, "INBOX/10 first;INBOX/30 third;");
	imap_source.close(src);
	script_end(&s);
}

static void
a_folder_that_is_refused_is_named_and_the_next_is_read(void **state)
{
	static const struct script_line lines[] = {
	    HELLO,
	    FOLDERS,
	    {"t4 EXAMINE \"INBOX\"", "t4 NO [NOPERM] not yours\r\n"},
	    {"t5 EXAMINE \"Zoo\"", "* 1 EXISTS\r\nt5 OK\r\n"},
	    {"t6 FETCH 1:1", "* 1 FETCH (UID 3 RFC822.SIZE 2)\r\nt6 OK\r\n"},
	    {"t7 UID FETCH 3 ", "* 1 FETCH (UID 3 BODY[] {2}\r\nhi)\r\nt7 OK"
				"\r\n"},
	};

	(void)state;
	check(lines, COUNT(lines), NULL, "", "INBOX (denied);Zoo/3 hi;");
}

static void
a_folder_that_is_not_there_is_told(void **state)
{
	static const struct script_line lines[] = {HELLO, FOLDERS};
	struct source *src = NULL;
	struct script s;

	(void)state;
	script_start(&s, lines, COUNT(lines));
	assert_int_equal(open_at(&s, NULL, "Nowhere", &src), ST_NOTFOUND);
	script_end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(folders_and_messages_come_in_order),
	    cmocka_unit_test(
		bodies_of_two_questions_may_come_before_either_is_answered),
	    cmocka_unit_test(a_message_that_was_deleted_is_named),
	    cmocka_unit_test(a_list_of_folders_that_breaks_off_is_had_again),
	    cmocka_unit_test(a_lost_connection_goes_on_at_the_byte),
	    cmocka_unit_test(
		pieces_of_two_questions_may_come_before_either_is_answered),
	    cmocka_unit_test(a_cursor_holds_while_the_folder_does),
	    cmocka_unit_test(what_is_known_is_not_asked_for),
	    cmocka_unit_test(
		only_the_days_and_folders_that_are_wanted_are_read),
	    cmocka_unit_test(
		a_folder_that_is_refused_is_named_and_the_next_is_read),
	    cmocka_unit_test(a_folder_that_is_not_there_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
