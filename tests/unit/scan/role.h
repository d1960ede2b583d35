#ifndef UNIT_SCAN_ROLE_H
#define UNIT_SCAN_ROLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scan/slot.h"
#include "scan/talk.h"
#include "scan/worker.h"
#include "sys/pipe.h"

/*
 * role: one process of a scan by itself, with the test as its director: a
 * forked child, the pipe to it and slots that both see.
 */
struct role {
	struct slots slots;
	struct worker_status *status; /* a page for each of two workers */
	struct pipe *pipe;
	pid_t pid;
};

#define ROLE_SLOTS   3
#define ROLE_WORKERS 2

static inline void
role_init(struct role *r)
{
	void *pages =
	    mmap(NULL, ROLE_WORKERS * WORKER_STATUS_PAGE,
		 PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	*r = (struct role){0};
	assert_true(pages != MAP_FAILED);
	r->status = pages;
	assert_int_equal(slots_open(ROLE_SLOTS, &r->slots), ST_OK);
}

/* Fork: true in the child, whose end of the pipe is *fd. */
static inline bool
role_fork(struct role *r, int *fd)
{
	int pair[2];

	assert_int_equal(pipe_pair(pair), ST_OK);
	r->pid = fork();
	assert_true(r->pid >= 0);
	if (r->pid == 0) {
		close(pair[0]);
		*fd = pair[1];
		return true;
	}
	close(pair[1]);
	assert_int_equal(pipe_open(pair[0], TALK_CAP, &r->pipe), ST_OK);
	return false;
}

/* Its next word, which must be of this kind. */
static inline void
role_hear(struct role *r, enum talk kind, struct pipe_message *m)
{
	assert_int_equal(pipe_receive(r->pipe, m), ST_OK);
	assert_int_equal(m->kind, kind);
}

/* Hang up: how it ends, as waitpid() says. */
static inline int
role_end(struct role *r)
{
	int status = 0;

	pipe_close(r->pipe);
	r->pipe = NULL;
	assert_int_equal(waitpid(r->pid, &status, 0), r->pid);
	return status;
}

static inline void
role_fini(struct role *r)
{
	slots_close(&r->slots);
	assert_int_equal(munmap(r->status, ROLE_WORKERS * WORKER_STATUS_PAGE),
			 0);
}

/* ---- what a reader would do: objects in a slot, by a mapping of our own ----
 */

static inline struct slot_head *
role_slot(struct role *r, size_t i)
{
	struct slots w = r->slots;

	w.fd = dup(r->slots.fd);
	w.base = mmap(NULL, w.count * SLOT_SIZE + SLOTS_TAIL, PROT_READ,
		      MAP_SHARED, w.fd, 0);
	assert_true(w.base != MAP_FAILED);
	assert_int_equal(slots_writable(&w), ST_OK);
	slot_write(&w, i)->used = sizeof(struct slot_head);
	return slot_write(&w, i);
}

static inline void
role_slot_done(struct slot_head *h, size_t i)
{
	uint8_t *base = (uint8_t *)h - i * SLOT_SIZE;

	assert_int_equal(
	    munmap(base, ROLE_SLOTS * (size_t)SLOT_SIZE + SLOTS_TAIL), 0);
}

static inline struct slot_item *
role_object(struct slot_head *h, const char *content)
{
	struct slot_item *it = &h->items[h->count++];
	size_t n = strlen(content);

	*it = (struct slot_item){
	    .size = n, .data = h->used, .data_len = (uint32_t)n};
	memcpy((uint8_t *)h + h->used, content, n);
	h->used += (uint32_t)n;
	return it;
}

static inline void
role_work(struct pipe *to, uint64_t seq, const struct talk_work *job,
	  const int *fds, size_t n)
{
	struct pipe_message m = {.kind = TALK_WORK,
				 .tag = seq,
				 .body = span_of(job, sizeof(*job)),
				 .fd_count = n};

	if (n > 0)
		memcpy(m.fds, fds, n * sizeof(int));
	assert_int_equal(pipe_send(to, &m), ST_OK);
}

#endif
