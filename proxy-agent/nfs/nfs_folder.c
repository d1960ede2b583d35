#include <string.h>

#include "base/clock.h"
#include "proxy-agent/nfs/nfs_impl.h"

#define TRIES    3   /* of a listing that changes under our hands */
#define LATER_MS 500 /* before a busy server is asked again */

static bool
is_same(struct who a, struct who b)
{
	return a.uid == b.uid && a.gid == b.gid;
}

static bool
is_refusal(enum fault f)
{
	return f == FAULT_DENIED || f == FAULT_PERM;
}

static enum fault
on_entry(void *arg, const struct entry *one)
{
	const struct attr *a = &one->attr;
	struct source *s = arg;
	const struct tail tail = {
	    .fault = a->error == 0 ? FAULT_NONE : (uint8_t)fault_of(a->error),
	    .mount = nfs_is_other(nfs_here(s), a),
	    .owner = a->has_owner,
	};
	uint8_t bytes[sizeof(tail) + HANDLE_MAX];
	struct folder_entry e = {0};
	size_t n = sizeof(tail);
	enum status st;

	if (one->name.len == 0 || one->name.len >= SHARE_NAME ||
	    memchr(one->name.ptr, '/', one->name.len) != NULL)
		return FAULT_NONE; /* no name, whatever the server means */
	nfs_fill_entry(&e, a);
	memcpy(bytes, &tail, sizeof(tail));
	/* a very large folder: handles are asked for when they are needed */
	if (s->walk.folders.bytes < FOLDERS_BYTES / 2) {
		memcpy(bytes + n, a->handle.bytes, a->handle.len);
		n += a->handle.len;
	}
	st = folders_add(&s->walk.folders, one->name, &e);
	if (st == ST_OK)
		st = folders_keep(&s->walk.folders, span_of(bytes, n));
	return st == ST_OK ? FAULT_NONE : FAULT_LIMIT;
}

/* A level, which stays when anything could be listed. */
static enum fault
list_once(struct source *s, const struct place *p)
{
	enum fault f;

	if (folders_push(&s->walk.folders, s->walk.path.len) != ST_OK)
		return FAULT_DEPTH;
	*nfs_here(s) = *p;
	f = nfs_alive(s, s->site.share.dialect->list(&s->site.share, &p->handle,
						     p->who, on_entry, s));
	folders_sort(&s->walk.folders);
	nfs_here(s)->left = f;
	if (f == FAULT_AGAIN || f == FAULT_LATER ||
	    (f != FAULT_NONE && folders_here(&s->walk.folders)->count == 0))
		folders_pop(&s->walk.folders);
	return f;
}

static void
pause_ms(struct source *s, uint32_t ms)
{
	const uint64_t end = clock_mono_ms(clock_system()) + ms;
	uint64_t now;

	while (!s->lost && (now = clock_mono_ms(clock_system())) < end)
		if (!line_turn(&s->site.share.line, (uint32_t)(end - now)))
			s->lost = true;
}

/* Whether it is worth another try, in another's name or later. */
static bool
once_more(struct source *s, struct place *p, enum fault f, uint32_t *tries)
{
	const struct who owner = {p->entry.uid, p->entry.gid};

	++*tries;
	if (is_refusal(f) && s->site.target.owner && !is_same(p->who, owner)) {
		p->who = owner;
		s->tell_owner = true;
		return true;
	}
	if (f == FAULT_AGAIN)
		return *tries < TRIES;
	if (f != FAULT_LATER || *tries * LATER_MS > s->site.patience.answer_ms)
		return false;
	pause_ms(s, LATER_MS);
	return true;
}

/* FAULT_NONE: the walk is inside the folder that the path names. */
enum fault
nfs_enter(struct source *s, struct place *p)
{
	const size_t depth = s->walk.folders.depth;
	uint32_t tries = 0;
	enum fault f;

	do
		f = list_once(s, p);
	while (s->walk.folders.depth == depth && f != FAULT_NONE &&
	       once_more(s, p, f, &tries));
	if (s->walk.folders.depth > depth)
		return FAULT_NONE; /* what is missing is told behind it */
	s->tell_owner = false;
	return f;
}
