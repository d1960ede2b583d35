#include <string.h>

#include "base/str.h"
#include "proxy-agent/source/azure/impl.h"
#include "proxy-agent/source/bucket/store.h"

/* ---- blobs ---- */

static enum status
take_container(void *arg, const struct azure_blob *e)
{
	struct source *s = arg;
	struct span after = buf_span(&s->after_container);
	enum status st;

	if (after.len > 0 && str_order(e->name, after) < 0)
		return ST_OK;
	if (s->browse) {
		const struct azure_blob folder = {.folder = true};

		st = store_set(&s->container, e->name);
		return st == ST_OK ? azure_give_blob(s, &folder) : st;
	}
	st = buf_add(&s->containers, e->name.ptr, e->name.len);
	return st == ST_OK ? buf_add_byte(&s->containers, 0) : st;
}

static enum status
list_blobs(struct source *s, struct azure_answer *got)
{
	struct buf next;
	enum status st;

	buf_init(&next, KEY_MAX);
	st = azure_ask_blobs(s, azure_give_blob, &next, got);
	s->passing = false;
	if (st == ST_OK)
		st = turns_take(&s->blob_turns, s->page.count, buf_span(&next));
	if (st == ST_OK)
		st = store_set(&s->marker, buf_span(&next));
	s->listing = st == ST_OK && next.len > 0 && !s->single;
	buf_fini(&next);
	return st;
}

static enum status
list_containers(struct source *s, struct azure_answer *got)
{
	enum status st;

	buf_clear(&s->containers);
	s->containers_at = 0;
	st =
	    azure_ask_containers(s, take_container, &s->containers_marker, got);
	if (st == ST_OK)
		st = turns_take(&s->container_turns, s->page.count,
				buf_span(&s->containers_marker));
	s->ended = st != ST_OK || s->containers_marker.len == 0;
	return st;
}

/* Where the scan goes on within it, when it is the one. */
static enum status
begin_container(struct source *s, struct span name)
{
	bool same = span_eq(name, buf_span(&s->after_container));
	enum status st = store_set(&s->container, name);

	turns_begin(&s->blob_turns);
	s->listing = true;
	s->passing = same && s->after_key.len > 0;
	if (st == ST_OK && !s->passing)
		buf_clear(&s->marker); /* else it was the cursor's */
	return st;
}

static enum status
next_container(struct source *s)
{
	const char *name = (const char *)s->containers.data + s->containers_at;
	enum status st = begin_container(s, span_str(name));

	s->containers_at += strlen(name) + 1;
	return st;
}

enum status
azure_step(struct source *s, struct azure_answer *got)
{
	enum status st;

	if (s->listing) {
		st = list_blobs(s, got);
		if (st != ST_OK && !s->one && st != ST_NOMEM && got->code != 0)
			st = azure_give_trouble(s, got);
		return st;
	}
	if (s->containers_at < s->containers.len)
		return next_container(s);
	return s->ended ? ST_EOF : list_containers(s, got);
}

enum status
azure_list(void *arg, struct bucket *b)
{
	struct azure_answer got = {0};
	struct source *s = arg;
	enum status st = ST_OK;

	while (st == ST_OK && b->count == 0)
		st = azure_step(s, &got);
	return st;
}

static enum status
azure_next(struct source *s, struct source_item *item)
{
	return bucket_next(&s->bucket, buf_span(&s->site.root), item);
}

static enum status
azure_read(struct source *s, void *dst, size_t n, size_t *got)
{
	return bucket_read(&s->bucket, dst, n, got);
}

static enum status
azure_cursor(const struct source *s, struct buf *to)
{
	return bucket_cursor(&s->bucket, to);
}

const struct source_ops azure_source = {
    .scheme = "azure",
    .open = azure_open,
    .next = azure_next,
    .read = azure_read,
    .cursor = azure_cursor,
    .close = azure_close,
};
