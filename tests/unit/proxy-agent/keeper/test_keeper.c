#include "proxy-agent/keeper/keeper.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/codec.h"
#include "base/log.h"
#include "proxy-agent/keeper/store.h"
#include "proxy-agent/worker/starter.h"
#include "source/kind.h"
#include "source/renewal.h"
#include "sys/file.h"
#include "sys/loop.h"
#include "sys/pipe.h"

/*
 * The keeper runs in a child, as in a supervisor; the reader is a script that
 * says on its socket whether it has a fifth descriptor, then waits. What a file
 * beside it holds it says to who keeps its credential.
 */
static const char script[] = "#!/bin/sh\n"
			     "[ ! -e \"$0.say\" ] || cat \"$0.say\" >&6\n"
			     "if [ -e /proc/self/fd/5 ]; then printf y >&3\n"
			     "else printf n >&3; fi\n"
			     "exec sleep 100\n";

struct world {
	char top[64], store[96];
	pid_t supervisor;
	struct starter starter;
	struct buf why;
	int slots;
};

static void
write_program(const struct world *w, const char *name)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", w->top, name);
	assert_int_equal(file_replace(path, span_str(script), 0755), ST_OK);
	assert_int_equal(chmod(path, 0755), 0);
}

static void
supervise(struct world *w, int fd)
{
	struct keeper_config c = {.programs = w->top, .store = w->store};
	struct loop *l;
	void *k;

	alarm(20);
	if (loop_open(&l) != ST_OK || keeper_open(&c, l, fd, &k) != ST_OK ||
	    loop_run(l) != ST_OK)
		_exit(1);
	keeper_close(k);
	loop_close(l);
	_exit(0);
}

static int
set_up(void **state)
{
	static const char json[] = "{\"sftp://h.example/\":{\"user\":\"ann\"}}";
	struct world *w = calloc(1, sizeof(*w));
	int pair[2];

	assert_non_null(w);
	log_setup("test", LOG_ERROR);
	snprintf(w->top, sizeof(w->top), "/tmp/trawl-keeper.XXXXXX");
	assert_non_null(mkdtemp(w->top));
	snprintf(w->store, sizeof(w->store), "%s/credentials", w->top);
	buf_init(&w->why, 4096);
	write_program(w, "trawl-source");
	assert_int_equal(
	    store_put(w->store, span_str("c"), span_str(json), &w->why), ST_OK);
	assert_int_equal(pipe_pair(pair), ST_OK);
	fflush(NULL);
	w->supervisor = fork();
	if (w->supervisor == 0) {
		close(pair[0]);
		supervise(w, pair[1]);
	}
	close(pair[1]);
	assert_int_equal(starter_open(&w->starter, pair[0]), ST_OK);
	w->slots = dup(STDERR_FILENO);
	*state = w;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *w = *state;
	int status;

	starter_close(&w->starter);
	assert_int_equal(waitpid(w->supervisor, &status, 0), w->supervisor);
	assert_int_equal(status, 0);
	close(w->slots);
	buf_fini(&w->why);
	assert_int_equal(file_remove_tree(w->top), ST_OK);
	free(w);
	return 0;
}

static enum status
start(struct world *w, const char *target, const char *name,
      struct scan_reader *r)
{
	const struct scan_wanted want = {.target = span_str(target),
					 .credential = span_str(name),
					 .slots = w->slots};

	buf_clear(&w->why);
	return starter_of_supervisor.start(&w->starter, &want, r, &w->why);
}

/* What the script says of its fifth descriptor. */
static char
said(const struct scan_reader *r)
{
	char c = 0;

	assert_int_equal(read(r->fd, &c, 1), 1);
	return c;
}

static void
end(struct world *w, struct scan_reader *r)
{
	char c;

	starter_of_supervisor.signal(&w->starter, r->pid, SIGKILL);
	assert_int_equal(read(r->fd, &c, 1), 0); /* it is gone */
	close(r->fd);
}

static void
a_reader_gets_the_credential_that_is_meant_for_its_target(void **state)
{
	static const struct {
		const char *target, *name;
		bool told;
	} cases[] = {
	    {"sftp://h.example/", "c", true},
	    {"sftp://h.example/srv", "", true},
	    {"sftp://other.example/", "", false},
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scan_reader r;

		assert_int_equal(start(w, cases[i].target, cases[i].name, &r),
				 ST_OK);
		assert_int_equal(r.told, cases[i].told);
		assert_int_equal(said(&r), cases[i].told ? 'y' : 'n');
		end(w, &r);
	}
}

static void
what_cannot_be_started_is_refused_in_words(void **state)
{
	static const struct {
		const char *target, *name, *part;
		enum status want;
	} cases[] = {
	    {"sftp://other.example/", "c", "not meant", ST_DENIED},
	    {"sftp://h.example/", "none", "none of that name", ST_NOTFOUND},
	    {"nokind://h.example/", "", "no such kind", ST_UNSUPPORTED},
	    {"/etc/passwd", "", "no such kind", ST_UNSUPPORTED},
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *part = cases[i].part;
		struct scan_reader r;

		assert_int_equal(start(w, cases[i].target, cases[i].name, &r),
				 cases[i].want);
		if (memmem(w->why.data, w->why.len, part, strlen(part)) == NULL)
			fail_msg("%.*s", (int)w->why.len,
				 (const char *)w->why.data);
	}
}

static void
a_program_that_is_not_there_is_named(void **state)
{
	struct world *w = *state;
	struct scan_reader r;
	char path[160];

	snprintf(path, sizeof(path), "%s/trawl-source", w->top);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(start(w, "sftp://h.example/", "c", &r), ST_NOTFOUND);
	assert_non_null(memmem(w->why.data, w->why.len, "trawl-source", 12));
}

static void
more_readers_than_one_scan_needs_are_refused(void **state)
{
	struct scan_reader r[KEEPER_READERS_MAX + 1];
	struct world *w = *state;

	for (size_t i = 0; i < KEEPER_READERS_MAX; i++)
		assert_int_equal(start(w, "sftp://h.example/", "", &r[i]),
				 ST_OK);
	assert_int_not_equal(
	    start(w, "sftp://h.example/", "", &r[KEEPER_READERS_MAX]), ST_OK);
	for (size_t i = 0; i < KEEPER_READERS_MAX; i++) {
		assert_int_equal(said(&r[i]), 'y');
		end(w, &r[i]);
	}
}

static void
readers_end_with_who_directs_them(void **state)
{
	struct world *w = *state;
	struct scan_reader r;
	char c;

	assert_int_equal(start(w, "sftp://h.example/", "c", &r), ST_OK);
	assert_int_equal(said(&r), 'y');
	starter_close(&w->starter);
	w->starter.pipe = NULL;
	assert_int_equal(read(r.fd, &c, 1), 0);
	close(r.fd);
}

/* As a reader says it, into the file beside the program. */
static void
let_say(const struct world *w, const char *was, const char *is)
{
	const struct renewal r = {span_str("refresh_token"), span_str(was),
				  span_str(is)};
	uint8_t frame[PIPE_HEAD + 256] = {0};
	char path[160];
	size_t n = 0;

	assert_int_equal(renewal_pack(&r, frame + PIPE_HEAD, 256, &n), ST_OK);
	codec_put32(frame, (uint32_t)n);
	frame[4] = KIND_TALK_RENEWED;
	snprintf(path, sizeof(path), "%s/trawl-source.say", w->top);
	assert_int_equal(
	    file_replace(path, span_of(frame, PIPE_HEAD + n), 0644), ST_OK);
}

static bool
store_has(const struct world *w, const char *text)
{
	char path[160];
	struct buf b;
	bool has;

	snprintf(path, sizeof(path), "%s/t.json", w->store);
	buf_init(&b, 4096);
	assert_int_equal(file_read(path, &b), ST_OK);
	has = memmem(b.data, b.len, text, strlen(text)) != NULL;
	buf_fini(&b);
	return has;
}

static void
a_secret_that_was_replaced_is_kept_if_it_was_this_one(void **state)
{
	static const char json[] =
	    "{\"sftp://t.example/\":{\"refresh_token\":\"rt-old\"}}";
	struct world *w = *state;
	struct scan_reader r;

	assert_int_equal(
	    store_put(w->store, span_str("t"), span_str(json), &w->why), ST_OK);
	for (size_t i = 0; i < 2; i++) { /* first one that is not there */
		let_say(w, i == 0 ? "rt-none" : "rt-old", "rt-newer");
		assert_int_equal(start(w, "sftp://t.example/", "t", &r), ST_OK);
		assert_int_equal(said(&r), 'y');
		end(w, &r);
		assert_int_equal(store_has(w, "\"rt-old\""), i == 0);
		assert_int_equal(store_has(w, "\"rt-newer\""), i == 1);
	}
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
	    CASE(a_reader_gets_the_credential_that_is_meant_for_its_target),
	    CASE(what_cannot_be_started_is_refused_in_words),
	    CASE(a_program_that_is_not_there_is_named),
	    CASE(more_readers_than_one_scan_needs_are_refused),
	    CASE(readers_end_with_who_directs_them),
	    CASE(a_secret_that_was_replaced_is_kept_if_it_was_this_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
