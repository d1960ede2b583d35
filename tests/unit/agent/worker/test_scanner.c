#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/worker/scanner.h"
#include "model/match.h"
#include "model/record.h"
#include "sys/file.h"

#define CARD "paid with card 4111 1111 1111 1111 today\n"

/* A scanner in a process of its own, and the other ends of its pipes. */
struct scanner {
	pid_t pid;
	int to, from;
	struct buf out;
	size_t used; /* bytes of out that were looked at */
};

static char root[64];

static int
make_root(void **state)
{
	char cache[96], path[96];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	snprintf(root, sizeof(root), "/tmp/trawl-scanner.XXXXXX");
	snprintf(cache, sizeof(cache), "%s.cache", mkdtemp(root));
	setenv("TRAWL_CACHE", cache, 1);
	snprintf(path, sizeof(path), "%s/a.txt", root);
	if (file_replace(path, span_str(CARD), 0644) != ST_OK)
		return -1;
	snprintf(path, sizeof(path), "%s/b.txt", root);
	if (file_replace(path, span_str("nothing\n"), 0644) != ST_OK)
		return -1;
	return chmod(root, 0755);
}

static int
remove_root(void **state)
{
	(void)state;
	if (file_remove_tree(getenv("TRAWL_CACHE")) != ST_OK)
		return -1;
	return file_remove_tree(root) == ST_OK ? 0 : -1;
}

static void
begin(struct scanner *s)
{
	int in[2], out[2];

	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	fflush(NULL);
	s->pid = fork();
	assert_true(s->pid >= 0);
	if (s->pid == 0) {
		close(in[1]);
		close(out[0]);
		_exit(scanner_run(in[0], out[1]));
	}
	close(in[0]);
	close(out[1]);
	s->to = in[1];
	s->from = out[0];
	s->used = 0;
	buf_init(&s->out, 64u << 20);
}

static void
put(struct buf *to, enum record_kind kind)
{
	assert_int_equal(record_add(to, &(struct record){.kind = kind}), ST_OK);
}

static void
put_order(struct buf *to, const char *path, const char *type)
{
	struct scan_order o = {.path_count = 1, .jobs = 1};
	struct record r = {.kind = RECORD_ORDER, .order = &o};

	o.paths[0] = span_str(path);
	if (type != NULL)
		o.types[o.type_count++] = span_str(type);
	assert_int_equal(record_add(to, &r), ST_OK);
}

static void
put_pictures(struct buf *to, const char *type, const char *ocr)
{
	struct scan_order o = {.path_count = 1, .jobs = 1};
	struct record r = {.kind = RECORD_ORDER, .order = &o};

	o.paths[0] = span_str(root);
	o.types[0] = span_str(type);
	o.type_count = 1;
	o.ocr = span_str(ocr);
	assert_int_equal(record_add(to, &r), ST_OK);
}

static void
give(const struct scanner *s, struct buf *b)
{
	assert_int_equal(file_write_all(s->to, buf_span(b)), ST_OK);
	buf_fini(b);
}

/* Everything up to the end of its output. */
static void
take_all(struct scanner *s)
{
	size_t got = 1;

	while (got > 0) {
		assert_int_equal(buf_reserve(&s->out, 65536), ST_OK);
		assert_int_equal(file_read_all(s->from,
					       s->out.data + s->out.len, 65536,
					       &got),
				 ST_OK);
		s->out.len += got;
	}
}

static bool
next(struct scanner *s, struct record *r)
{
	struct span rest = span_skip(buf_span(&s->out), s->used);
	size_t used = 0;
	enum status st = record_next(rest, r, &used);

	assert_true(st == ST_OK || st == ST_EOF);
	s->used += used;
	return st == ST_OK;
}

static int
end(struct scanner *s)
{
	int status;

	if (s->to >= 0)
		close(s->to);
	if (s->from >= 0)
		close(s->from);
	assert_int_equal(waitpid(s->pid, &status, 0), s->pid);
	buf_fini(&s->out);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* What a scanner tells of `b`, with END at last; gives its outcome. */
static unsigned
run(struct scanner *s, struct buf *b, size_t *findings)
{
	struct record r, last = {.kind = RECORD_ROOM};
	unsigned outcome = 0;
	bool pending = false; /* a finding whose object is still to come */

	begin(s);
	give(s, b);
	take_all(s);
	*findings = 0;
	while (next(s, &r)) {
		assert_int_equal(outcome, 0); /* END is the last */
		if (r.kind == RECORD_FINDING) {
			++*findings;
			pending = true;
		}
		if (r.kind == RECORD_OBJECT)
			pending = false;
		if (r.kind == RECORD_CURSOR)
			assert_int_equal(last.kind, RECORD_PROGRESS);
		if (r.kind == RECORD_END)
			outcome = r.end.outcome;
		last = r;
	}
	assert_false(pending);
	assert_int_equal(last.kind, RECORD_END);
	return outcome;
}

static struct buf
records(void)
{
	struct buf b;

	buf_init(&b, 1u << 20);
	return b;
}

static void
an_order_is_answered_up_to_its_end(void **state)
{
	struct buf b = records();
	struct scanner s;
	size_t findings;

	(void)state;
	put_order(&b, root, "card_visa");
	assert_int_equal(run(&s, &b, &findings), SCAN_DONE);
	assert_int_equal(findings, 1);
	assert_null(memmem(s.out.data, s.out.len, "4111 1111 1111 1111", 19));
	assert_int_equal(end(&s), 0);
}

static void
an_order_may_come_byte_by_byte(void **state)
{
	struct buf b = records();
	struct scanner s;
	struct record r;

	(void)state;
	put_order(&b, root, "card_visa");
	begin(&s);
	for (size_t i = 0; i < b.len; i++)
		assert_int_equal(write(s.to, b.data + i, 1), 1);
	buf_fini(&b);
	take_all(&s);
	do /* on a busy machine how far it is comes first */
		assert_true(next(&s, &r));
	while (r.kind == RECORD_PROGRESS);
	assert_int_equal(r.kind, RECORD_FINDING);
	assert_int_equal(end(&s), 0);
}

static void
what_comes_together_with_the_order_is_obeyed(void **state)
{
	struct buf b = records();
	struct scanner s;
	size_t findings;

	(void)state;
	put_order(&b, root, NULL);
	put(&b, RECORD_PAUSE);
	put(&b, RECORD_RESUME);
	assert_int_equal(run(&s, &b, &findings), SCAN_DONE);
	assert_true(findings >= 1);
	assert_int_equal(end(&s), 0);

	b = records();
	put_order(&b, root, NULL);
	put(&b, RECORD_STOP);
	assert_int_equal(run(&s, &b, &findings), SCAN_STOPPED);
	assert_int_equal(end(&s), 0);
}

static void
a_scan_that_cannot_begin_says_why(void **state)
{
	static const struct {
		const char *type, *ocr, *said;
	} cases[] = {
	    {"no_such_type", "", "no_such_type"},
	    {"card_visa", "qqq", "tesseract-ocr-qqq"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *said = cases[i].said;
		struct buf b = records();
		struct scanner s;
		size_t findings;

		put_pictures(&b, cases[i].type, cases[i].ocr);
		assert_int_equal(run(&s, &b, &findings), SCAN_FAILED);
		assert_int_equal(findings, 0);
		assert_non_null(
		    memmem(s.out.data, s.out.len, said, strlen(said)));
		assert_int_equal(end(&s), 0);
	}
}

static void
a_target_on_another_host_is_refused_in_words(void **state)
{
	static const char said[] = "sftp://files.example/ needs a proxy agent";
	struct buf b = records();
	struct scanner s;
	size_t findings;

	(void)state;
	put_order(&b, "sftp://files.example/", NULL);
	assert_int_equal(run(&s, &b, &findings), SCAN_FAILED);
	assert_non_null(memmem(s.out.data, s.out.len, said, strlen(said)));
	assert_int_equal(end(&s), 0);
}

static void
records_that_make_no_sense_end_it(void **state)
{
	static const enum record_kind first[] = {RECORD_STOP, RECORD_ROOM,
						 RECORD_CURSOR};

	(void)state;
	for (size_t i = 0; i <= sizeof(first) / sizeof(first[0]); i++) {
		struct buf b = records();
		struct scanner s;

		begin(&s);
		if (i < sizeof(first) / sizeof(first[0]))
			put(&b, first[i]);
		else
			assert_int_equal(buf_add_str(&b, "GET / HTTP/1.1\n"),
					 ST_OK);
		give(&s, &b);
		take_all(&s);
		assert_int_equal(s.out.len, 0);
		assert_int_equal(end(&s), 1);
	}
}

static void
a_second_order_ends_it(void **state)
{
	struct buf b = records();
	struct scanner s;

	(void)state;
	begin(&s);
	put_order(&b, root, NULL);
	put_order(&b, root, NULL);
	give(&s, &b);
	take_all(&s);
	assert_int_equal(end(&s), 1);
}

static void
it_ends_when_nobody_is_there(void **state)
{
	struct buf b = records();
	struct scanner s;

	(void)state;
	begin(&s); /* before the order */
	assert_int_equal(end(&s), 0);
	begin(&s); /* while it waits to go on */
	put_order(&b, root, NULL);
	put(&b, RECORD_PAUSE);
	give(&s, &b);
	assert_int_equal(end(&s), 0);
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_order_is_answered_up_to_its_end),
	    cmocka_unit_test(an_order_may_come_byte_by_byte),
	    cmocka_unit_test(what_comes_together_with_the_order_is_obeyed),
	    cmocka_unit_test(a_scan_that_cannot_begin_says_why),
	    cmocka_unit_test(a_target_on_another_host_is_refused_in_words),
	    cmocka_unit_test(records_that_make_no_sense_end_it),
	    cmocka_unit_test(a_second_order_ends_it),
	    cmocka_unit_test(it_ends_when_nobody_is_there),
	};

	return cmocka_run_group_tests(tests, make_root, remove_root);
}
