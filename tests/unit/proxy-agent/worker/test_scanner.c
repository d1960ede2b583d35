#include "proxy-agent/worker/scanner.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "model/record.h"
#include "model/session.h"
#include "proxy-agent/keeper/keeper.h"
#include "proxy-agent/keeper/store.h"
#include "proxy-agent/reader/serve.h"
#include "source/pairs.h"
#include "sys/file.h"
#include "sys/loop.h"
#include "sys/pipe.h"
#include "sys/proc.h"

/*
 * The whole of a proxy's scan but its servers: a keeper in a process of its
 * own, the scanner in another; the reader is this program under another name,
 * with a made-up source: two objects for who signs in as ann.
 */
#define CARD "paid with card 4111 1111 1111 1111 today\n"

struct source {
	unsigned at;
	size_t off;
};

static const char *const names[] = {"sftp://h.example/a", "sftp://h.example/b"};

static enum status
fake_open(const struct source_target *t, struct source **out)
{
	struct span user = source_access(t, "user");

	if (user.len != 3 || memcmp(user.ptr, "ann", 3) != 0)
		return buf_add_str(t->why, "who are you?") == ST_OK ? ST_DENIED
								    : ST_NOMEM;
	*out = calloc(1, sizeof(**out));
	if (*out != NULL && t->cursor.len > 0)
		(*out)->at = t->cursor.ptr[0];
	return *out == NULL ? ST_NOMEM : ST_OK;
}

static enum status
fake_next(struct source *s, struct source_item *item)
{
	if (s->at == 2)
		return ST_EOF;
	*item = (struct source_item){.path = span_str(names[s->at++]),
				     .size = strlen(CARD)};
	s->off = 0;
	return ST_OK;
}

static enum status
fake_read(struct source *s, void *dst, size_t n, size_t *got)
{
	size_t left = strlen(CARD) - s->off;

	*got = n < left ? n : left;
	memcpy(dst, CARD + s->off, *got);
	s->off += *got;
	return ST_OK;
}

static enum status
fake_cursor(const struct source *s, struct buf *to)
{
	return buf_add_byte(to, (uint8_t)s->at);
}

static void
fake_close(struct source *s)
{
	free(s);
}

static const struct source_ops fake = {
    .scheme = "sftp",
    .open = fake_open,
    .next = fake_next,
    .read = fake_read,
    .cursor = fake_cursor,
    .close = fake_close,
};
static const struct source_ops *const fakes[] = {&fake, NULL};

/* ---- the processes ---- */

struct world {
	char top[64], store[96];
	pid_t keeper, scanner;
	int to, from;
	struct buf out;
	size_t used;
};

static void
keep(const struct world *w, int fd)
{
	struct keeper_config c = {.programs = w->top, .store = w->store};
	struct loop *l;
	void *k;

	alarm(60);
	if (loop_open(&l) != ST_OK || keeper_open(&c, l, fd, &k) != ST_OK ||
	    loop_run(l) != ST_OK)
		_exit(1);
	keeper_close(k);
	loop_close(l);
	_exit(0);
}

static void
be_scanner(const struct world *w, int in, int out, int reach)
{
	char cache[96];

	snprintf(cache, sizeof(cache), "%s/cache", w->top);
	setenv("TRAWL_CACHE", cache, 1);
	proc_harden();
	_exit(scanner_run(in, out, reach));
}

static void
start(struct world *w)
{
	int reach[2], in[2], out[2];

	assert_int_equal(pipe_pair(reach), ST_OK);
	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	fflush(NULL);
	w->keeper = fork();
	if (w->keeper == 0) {
		close(reach[0]);
		close(in[1]);
		close(out[0]);
		keep(w, reach[1]);
	}
	w->scanner = fork();
	if (w->scanner == 0) {
		close(reach[1]);
		close(in[1]);
		close(out[0]);
		be_scanner(w, in[0], out[1], reach[0]);
	}
	close(reach[0]);
	close(reach[1]);
	close(in[0]);
	close(out[1]);
	w->to = in[1];
	w->from = out[0];
}

static int
set_up(void **state)
{
	static const char json[] = "{\"sftp://h.example/\":{\"user\":\"ann\"}}";
	struct world *w = calloc(1, sizeof(*w));
	char self[4096], link[160];
	struct buf why;

	assert_non_null(w);
	log_setup("test", LOG_ERROR);
	snprintf(w->top, sizeof(w->top), "/tmp/trawl-proxy.XXXXXX");
	assert_non_null(mkdtemp(w->top));
	snprintf(w->store, sizeof(w->store), "%s/credentials", w->top);
	snprintf(link, sizeof(link), "%s/trawl-source", w->top);
	assert_int_equal(proc_self(self, sizeof(self)), ST_OK);
	assert_int_equal(symlink(self, link), 0);
	buf_init(&why, 4096);
	assert_int_equal(
	    store_put(w->store, span_str("c"), span_str(json), &why), ST_OK);
	buf_fini(&why);
	buf_init(&w->out, 16u << 20);
	start(w);
	*state = w;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *w = *state;
	int status;

	close(w->to);
	close(w->from);
	assert_int_equal(waitpid(w->scanner, &status, 0), w->scanner);
	assert_int_equal(status, 0);
	assert_int_equal(waitpid(w->keeper, &status, 0), w->keeper);
	assert_int_equal(status, 0);
	buf_fini(&w->out);
	assert_int_equal(file_remove_tree(w->top), ST_OK);
	free(w);
	return 0;
}

/* One record in, everything that comes out of it. */
static void
say(struct world *w, const struct record *r)
{
	struct buf b;
	size_t got = 1;

	buf_init(&b, 1u << 20);
	assert_int_equal(record_add(&b, r), ST_OK);
	assert_int_equal(file_write_all(w->to, buf_span(&b)), ST_OK);
	buf_fini(&b);
	while (got > 0) {
		assert_int_equal(buf_reserve(&w->out, 65536), ST_OK);
		assert_int_equal(file_read_all(w->from,
					       w->out.data + w->out.len, 65536,
					       &got),
				 ST_OK);
		w->out.len += got;
	}
}

static bool
next(struct world *w, struct record *r)
{
	struct span rest = span_skip(buf_span(&w->out), w->used);
	size_t used = 0;
	enum status st = record_next(rest, r, &used);

	assert_true(st == ST_OK || st == ST_EOF);
	w->used += used;
	return st == ST_OK;
}

/* An order of one target; its outcome, and how many findings there were. */
static uint8_t
order(struct world *w, const char *target, const char *name, size_t *findings,
      struct span options)
{
	struct scan_order o = {.path_count = 1, .type_count = 1, .jobs = 1};
	struct record r = {.kind = RECORD_ORDER, .order = &o}, last = {0};

	o.paths[0] = span_str(target);
	o.types[0] = span_str("card_visa");
	o.credential = span_str(name);
	o.options = options;
	say(w, &r);
	*findings = 0;
	while (next(w, &r)) {
		*findings += r.kind == RECORD_FINDING;
		last = r;
	}
	assert_int_equal(last.kind, RECORD_END);
	return last.end.outcome;
}

static bool
tells(const struct world *w, const char *words)
{
	return memmem(w->out.data, w->out.len, words, strlen(words)) != NULL;
}

static void
ask(struct world *w, const char *target, bool probe, struct agent_answer *a)
{
	const struct agent_ask q = {
	    .id = 9, .path = span_str(target), .probe = probe};
	struct record r = {.kind = RECORD_ASK};
	struct buf words;

	buf_init(&words, 4096);
	assert_int_equal(agent_ask_pack(&q, &words), ST_OK);
	r.words = buf_span(&words);
	say(w, &r);
	buf_fini(&words);
	assert_true(next(w, &r));
	assert_int_equal(r.kind, RECORD_ANSWER);
	assert_int_equal(agent_answer_unpack(r.words, a), ST_OK);
	assert_int_equal(a->id, 9);
	assert_false(next(w, &r));
}

/* ---- what it does ---- */

static void
a_target_is_read_with_its_credential(void **state)
{
	size_t findings;

	assert_int_equal(order(*state, "sftp://h.example/", "c", &findings,
			       span_of(NULL, 0)),
			 SCAN_DONE);
	assert_int_equal(findings, 2);
}

static void
one_that_lets_nobody_in_fails_in_its_own_words(void **state)
{
	size_t findings;

	assert_int_equal(order(*state, "sftp://other.example/", "", &findings,
			       span_of(NULL, 0)),
			 SCAN_FAILED);
	assert_int_equal(findings, 0);
	assert_true(tells(*state, "who are you?"));
}

static void
a_credential_out_of_its_scope_is_refused(void **state)
{
	size_t findings;

	assert_int_equal(order(*state, "sftp://other.example/", "c", &findings,
			       span_of(NULL, 0)),
			 SCAN_FAILED);
	assert_true(tells(*state, "not meant for this target"));
	assert_false(tells(*state, "who are you?"));
}

static void
folders_and_unknown_kinds_are_refused(void **state)
{
	size_t findings;

	assert_int_equal(order(*state, "/srv", "", &findings, span_of(NULL, 0)),
			 SCAN_FAILED);
	assert_true(tells(*state, "a node agent must be there"));
}

static void
no_master_can_have_any_host_key_taken(void **state)
{
	uint8_t room[64];
	size_t len = 0, findings;

	assert_int_equal(pairs_add(room, sizeof(room), &len,
				   span_str("accept_host_key"),
				   span_str("yes")),
			 ST_OK);
	assert_int_equal(order(*state, "sftp://h.example/", "c", &findings,
			       span_of(room, len)),
			 SCAN_FAILED);
	assert_true(tells(*state, "fingerprint"));
}

static void
a_probe_lists_what_stands_there(void **state)
{
	static struct agent_answer a;

	ask(*state, "sftp://h.example/", true, &a);
	assert_int_equal(a.status, ANSWER_GOOD);
	assert_int_equal(a.entry_count, 2);
	assert_int_equal(a.more, 0);
	assert_true(span_eq(a.entries[1].path, span_str(names[1])));
	assert_int_equal(a.entries[1].size, strlen(CARD));
}

static void
a_test_lists_nothing(void **state)
{
	static struct agent_answer a;

	ask(*state, "sftp://h.example/", false, &a);
	assert_int_equal(a.status, ANSWER_GOOD);
	assert_int_equal(a.entry_count, 0);
}

static void
a_test_that_fails_says_why(void **state)
{
	static struct agent_answer a;

	ask(*state, "sftp://other.example/", false, &a);
	assert_int_equal(a.status, ANSWER_DENIED);
	assert_true(span_eq(a.why, span_str("who are you?")));
}

int
main(int argc, char **argv)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
	    CASE(a_target_is_read_with_its_credential),
	    CASE(one_that_lets_nobody_in_fails_in_its_own_words),
	    CASE(a_credential_out_of_its_scope_is_refused),
	    CASE(folders_and_unknown_kinds_are_refused),
	    CASE(no_master_can_have_any_host_key_taken),
	    CASE(a_probe_lists_what_stands_there),
	    CASE(a_test_lists_nothing),
	    CASE(a_test_that_fails_says_why),
	};

	if (argc == 1 && strcmp(argv[0], "trawl-source") == 0)
		return serve("trawl-source", fakes);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
