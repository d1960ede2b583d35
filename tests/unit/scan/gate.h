#ifndef UNIT_SCAN_GATE_H
#define UNIT_SCAN_GATE_H

#include "tests/unit/scan/run.h"

#include <limits.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <time.h>

#include "agent/source/fs.h"

/*
 * gate: the pace of a scan in the hand of the test. Before each object a
 * worker, before each entry the reader takes a permit and waits while there is
 * none. The page is shared with all processes of the scan; whoever is killed
 * while waiting takes nothing along.
 */
struct gate {
	atomic_int objects; /* that workers may read */
	atomic_int entries; /* that the reader may find */
};

#define GATE_OPEN INT_MAX

/* Where hooks find it: they take no argument. */
static struct gate *gate_now;

static inline void
gate_pass(atomic_int *permits)
{
	const struct timespec moment = {.tv_nsec = 200000};
	int n = atomic_load(permits);

	while (n != GATE_OPEN &&
	       (n == 0 || !atomic_compare_exchange_weak(permits, &n, n - 1))) {
		if (n == 0 && nanosleep(&moment, NULL) != 0)
			_exit(1);
		n = atomic_load(permits);
	}
}

static inline void
gate_before_object(const struct extract_input *in)
{
	(void)in;
	gate_pass(&gate_now->objects);
}

static inline enum status
gate_next(struct source *s, struct source_item *item)
{
	gate_pass(&gate_now->entries);
	return fs_source.next(s, item);
}

static inline enum status
gate_walk(const struct source_target *t, struct source **out)
{
	return fs_source.open(t, out);
}

static inline enum status
gate_read(struct source *s, void *dst, size_t n, size_t *got)
{
	return fs_source.read(s, dst, n, got);
}

static inline enum status
gate_take(struct source *s, struct source_item *item, int *fd)
{
	return fs_source.take(s, item, fd);
}

static inline enum status
gate_cursor(const struct source *s, struct buf *to)
{
	return fs_source.cursor(s, to);
}

static inline enum status
gate_look(struct span path, struct source_item *item)
{
	return fs_source.look(path, item);
}

static inline void
gate_leave(struct source *s)
{
	fs_source.close(s);
}

static const struct source_ops gate_source = {
    .scheme = "",
    .open = gate_walk,
    .next = gate_next,
    .read = gate_read,
    .take = gate_take,
    .cursor = gate_cursor,
    .look = gate_look,
    .close = gate_leave,
};
static const struct source_ops *const gate_sources[] = {&gate_source, NULL};

static const struct scan_options gated = {
    .sources = gate_sources,
    .before_object = gate_before_object,
    .cursor_ms = 1,
};

static inline void
gate_close(struct gate *g)
{
	atomic_store(&g->objects, 0);
	atomic_store(&g->entries, 0);
}

static inline void
gate_open(atomic_int *permits)
{
	atomic_store(permits, GATE_OPEN);
}

static inline bool
gate_is_shut(const atomic_int *permits)
{
	return atomic_load(permits) == 0;
}

static inline void
gate_grant(atomic_int *permits, int n)
{
	if (atomic_load(permits) != GATE_OPEN)
		atomic_fetch_add(permits, n);
}

static inline struct gate *
gate_make(void)
{
	void *page = mmap(NULL, sizeof(struct gate), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_true(page != MAP_FAILED);
	gate_now = page;
	return gate_now;
}

static inline void
gate_free(struct gate *g)
{
	gate_now = NULL;
	assert_int_equal(munmap(g, sizeof(*g)), 0);
}

#endif
