#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "proxy-agent/session/shell_text.h"

/* What a real shell makes of a command. */
static size_t
said_by_sh(const char *command, char *to, size_t room)
{
	int pair[2], code = -1;
	size_t n = 0;
	ssize_t r;
	pid_t pid;

	assert_int_equal(pipe2(pair, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		dup2(pair[1], STDOUT_FILENO);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	assert_true(pid > 0);
	close(pair[1]);
	while (n < room && (r = read(pair[0], to + n, room - n)) > 0)
		n += (size_t)r;
	close(pair[0]);
	assert_int_equal(waitpid(pid, &code, 0), pid);
	assert_int_equal(code, 0);
	return n;
}

static void
a_word_reaches_the_shell_as_it_is(void **state)
{
	static const char *const words[] = {
	    "plain", "a b\tc",           "it's",       "''",
	    "-rf",   "$(id) `id` $HOME", "two\nlines", "\xff\xfe",
	    "",      "\\'\"*?[",         "end\n\n",
	};
	struct buf b;
	char back[64];

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t n;

		buf_init(&b, 256);
		assert_int_equal(buf_add_str(&b, "printf %s "), ST_OK);
		assert_int_equal(shell_quote(&b, span_str(words[i])), ST_OK);
		assert_int_equal(buf_add_byte(&b, 0), ST_OK);
		n = said_by_sh((const char *)b.data, back, sizeof(back));
		assert_int_equal(n, strlen(words[i]));
		assert_memory_equal(back, words[i], n);
		buf_fini(&b);
	}
	buf_init(&b, 256);
	assert_int_equal(shell_quote(&b, span_of("a\0b", 3)), ST_MALFORMED);
	buf_fini(&b);
}

static void
the_end_of_an_output_is_found_wherever_it_is_cut(void **state)
{
	static const uint8_t random[16] = {1, 2, 0xfe};
	struct shell_mark m;
	char text[128];
	uint8_t letter;
	size_t len;

	(void)state;
	shell_mark_make(&m, random);
	assert_int_equal(strlen(m.text), SHELL_MARK);
	len = (size_t)snprintf(text, sizeof(text), "one\n\n0102%so\n", m.text);
	for (size_t n = 0; n < len; n++) {
		size_t out = shell_output(span_of(text, n), &m, &letter);

		assert_int_equal(letter, 0);
		assert_true(out <= 9 && out <= n);
		assert_true(n > 9 || n - out <= 5); /* little is held back */
	}
	assert_int_equal(shell_output(span_of(text, len), &m, &letter), 9);
	assert_int_equal(letter, 'o');
	assert_int_equal(shell_output(span_of(text + 9, len - 9), &m, &letter),
			 0);
	assert_int_equal(letter, 'o');
}

static void
entries_of_find_and_of_stat_are_understood(void **state)
{
	static const struct {
		const char *record, *name; /* NULL: it is none */
		uint32_t mode;
		uint64_t size;
		int64_t mtime;
	} cases[] = {
	    {"f644 12 1700000000.1234567890 1 2 a b", "a b", 0100644, 12,
	     1700000000},
	    {"d755 4096 1700000000.5 0 0 x\ny", "x\ny", 040755, 4096,
	     1700000000},
	    {"l777 3 -5.0 0 0 \xff", "\xff", 0120777, 3, -5},
	    {"=81a4 7 1700000000 0 0 -n", "-n", 0100644, 7, 1700000000},
	    {"D0 0 0 0 0 door", "door", 0140000, 0, 0},
	    {"f644 12 1700000000 1 2", NULL, 0, 0, 0},
	    {"f999 12 1700000000 1 2 a", NULL, 0, 0, 0},
	    {"f644 x 1700000000 1 2 a", NULL, 0, 0, 0},
	    {"=zz 1 1 1 1 a", NULL, 0, 0, 0},
	    {"Last login: yesterday from far", NULL, 0, 0, 0},
	    {"", NULL, 0, 0, 0},
	};
	struct sftp_attr a;
	struct span name;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool good = shell_entry(span_str(cases[i].record), &a, &name) &&
			    name.len > 0;

		assert_int_equal(good, cases[i].name != NULL);
		if (!good)
			continue;
		assert_true(span_eq(name, span_str(cases[i].name)));
		assert_int_equal(a.mode, cases[i].mode);
		assert_int_equal(a.size, cases[i].size);
		assert_int_equal(a.mtime, cases[i].mtime);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_word_reaches_the_shell_as_it_is),
	    cmocka_unit_test(the_end_of_an_output_is_found_wherever_it_is_cut),
	    cmocka_unit_test(entries_of_find_and_of_stat_are_understood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
