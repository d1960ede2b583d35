#ifndef UNIT_SCAN_RUN_H
#define UNIT_SCAN_RUN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/source/table.h"
#include "scan/scan.h"
#include "sys/file.h"

/*
 * run: a folder with files in it, a scan of that folder by the real processes,
 * and everything that came out as lines of text that can be compared.
 */
#define CARD      "card 4111 1111 1111 1111 end\n"
#define LINES_MAX (64u << 20)

struct tree {
	char path[64];
	char cache[80]; /* beside it: compiled patterns */
};

struct run {
	struct scan *scan;
	uint8_t jobs;             /* 0: two */
	struct buf lines;         /* findings and objects not fully read */
	struct buf clear;         /* what --reveal would show */
	size_t contexts, digests; /* findings that have them */
	struct buf cursor;
	size_t findings, cursors, objects;
	size_t lines_at_cursor; /* what came behind it comes again */
	struct scan_progress sum, at_cursor;
};

static inline struct tree
tree_make(void)
{
	struct tree t = {.path = "/tmp/trawl-unit.XXXXXX"};

	assert_non_null(mkdtemp(t.path));
	assert_int_equal(chmod(t.path, 0755), 0);
	snprintf(t.cache, sizeof(t.cache), "%s.cache", t.path);
	return t;
}

static inline void
tree_file(const struct tree *t, const char *name, struct span content)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", t->path, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(file_write_all(fd, content), ST_OK);
	assert_int_equal(close(fd), 0);
}

static inline void
tree_text(const struct tree *t, const char *name, const char *text)
{
	tree_file(t, name, span_str(text));
}

static inline void
tree_folder(const struct tree *t, const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", t->path, name);
	assert_int_equal(mkdir(path, 0755), 0);
}

static inline void
tree_free(const struct tree *t)
{
	char names[96];
	glob_t found;

	assert_int_equal(file_remove_tree(t->path), ST_OK);
	snprintf(names, sizeof(names), "%s-*", t->cache);
	if (glob(names, GLOB_NOSORT, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			unlink(found.gl_pathv[i]);
	globfree(&found);
}

static inline void
run_finding(void *arg, const struct scan_found *f)
{
	struct run *r = arg;
	const struct finding *m = f->finding;

	r->findings++;
	r->contexts += m->context.len > 0;
	for (size_t i = 0; i < sizeof(m->digest); i++)
		if (m->digest[i] != 0) {
			r->digests++;
			break;
		}
	assert_int_equal(
	    buf_addf(&r->lines, "%.*s|%.*s|%.*s|%llu|%u|%.*s\n",
		     (int)f->path.len, (const char *)f->path.ptr,
		     (int)m->place.len,
		     m->place.len > 0 ? (const char *)m->place.ptr : "",
		     (int)m->type.len, (const char *)m->type.ptr,
		     (unsigned long long)m->offset, m->length,
		     (int)m->masked.len, (const char *)m->masked.ptr),
	    ST_OK);
	assert_int_equal(buf_add(&r->clear, f->clear.ptr, f->clear.len), ST_OK);
}

static inline void
run_object(void *arg, const struct object *o)
{
	struct run *r = arg;

	r->objects++;
	if (o->coverage == COVERAGE_FULL)
		return;
	assert_int_equal(buf_addf(&r->lines, "%.*s: %s, %s\n", (int)o->path.len,
				  (const char *)o->path.ptr,
				  coverage_name(o->coverage),
				  cover_name(o->reason)),
			 ST_OK);
}

static inline void
run_cursor(void *arg, struct span cursor, const struct scan_progress *sum)
{
	struct run *r = arg;

	buf_clear(&r->cursor);
	assert_int_equal(buf_add(&r->cursor, cursor.ptr, cursor.len), ST_OK);
	r->at_cursor = *sum;
	r->lines_at_cursor = r->lines.len;
	r->cursors++;
}

static inline void
run_init(struct run *r)
{
	*r = (struct run){0};
	buf_init(&r->lines, LINES_MAX);
	buf_init(&r->clear, LINES_MAX);
	buf_init(&r->cursor, ORDER_CURSOR_MAX);
}

static inline void
run_fini(struct run *r)
{
	scan_close(r->scan);
	r->scan = NULL;
	buf_fini(&r->lines);
	buf_fini(&r->clear);
	buf_fini(&r->cursor);
}

static inline void
run_open(struct run *r, const struct tree *t, struct span cursor,
	 const struct scan_options *wishes)
{
	const struct scan_sink sink = {.arg = r,
				       .finding = run_finding,
				       .object = run_object,
				       .cursor = run_cursor};
	struct scan_options o = *wishes;
	const struct scan_order order = {.paths = {span_str(t->path)},
					 .path_count = 1,
					 .types = {span_str("card_visa")},
					 .type_count = 1,
					 .jobs = r->jobs > 0 ? r->jobs : 2,
					 .cursor = cursor};
	struct buf why;

	if (o.sources == NULL)
		o.sources = agent_sources;
	o.cache = t->cache;
	buf_init(&why, 4096);
	assert_int_equal(scan_open(&order, &o, &sink, &r->scan, &why), ST_OK);
	buf_fini(&why);
}

/* One step; false when the scan is over. */
static inline bool
run_step(struct run *r)
{
	struct pollfd p = {.fd = scan_fd(r->scan), .events = POLLIN};

	if (poll(&p, 1, scan_wait_ms(r->scan)) < 0)
		assert_int_equal(errno, EINTR);
	return scan_step(r->scan) == ST_OK;
}

/* The same, but never long: what it waits for may be in our own hand. */
static inline bool
run_look(struct run *r)
{
	struct pollfd p = {.fd = scan_fd(r->scan), .events = POLLIN};

	if (poll(&p, 1, 2) < 0)
		assert_int_equal(errno, EINTR);
	return scan_step(r->scan) == ST_OK;
}

static inline void
run_to_end(struct run *r)
{
	while (run_step(r))
		;
	if (scan_outcome(r->scan) == SCAN_FAILED)
		fail_msg("%s", scan_message(r->scan));
	scan_sum(r->scan, &r->sum);
	assert_int_equal(buf_add_byte(&r->lines, 0), ST_OK);
}

static inline void
run_whole(struct run *r, const struct tree *t, const struct scan_options *o)
{
	run_init(r);
	run_open(r, t, span_of(NULL, 0), o);
	run_to_end(r);
}

static inline const char *
run_lines(const struct run *r)
{
	return (const char *)r->lines.data;
}

/* A tree that takes a while: small files, folders, some large ones. */
static inline void
tree_fill(const struct tree *t, unsigned folders, unsigned files)
{
	size_t big = 3u << 20;
	char *text = malloc(big), name[64];

	assert_non_null(text);
	for (unsigned d = 0; d < folders; d++) {
		snprintf(name, sizeof(name), "d%02u", d);
		tree_folder(t, name);
		for (unsigned i = 0; i < files; i++) {
			int n = snprintf(text, big, "line %u\n%s", i,
					 i % 3 ? "" : CARD);

			snprintf(name, sizeof(name), "d%02u/f%u", d, i);
			tree_file(t, name, span_of(text, (size_t)n));
		}
		memset(text, 'x', big);
		for (size_t at = 5000; at + 100 < big; at += 200000)
			memcpy(text + at, " " CARD, strlen(CARD) + 1);
		snprintf(name, sizeof(name), "d%02u/big", d);
		tree_file(t, name, span_of(text, big));
	}
	free(text);
}

#endif
