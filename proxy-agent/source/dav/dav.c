#include <stdlib.h>
#include <string.h>

#include "proxy-agent/session/href.h"
#include "proxy-agent/source/bucket/store.h"
#include "proxy-agent/source/dav/impl.h"

#define DEPTH_MAX 64   /* folders within each other */
#define TURN      5000 /* entries given to the bucket at a time */

static struct span
below(const struct source *s, struct span path)
{
	const uint8_t *slash = memrchr(s->start.data, '/', s->start.len);

	return span_skip(
	    path, slash == NULL ? 0 : (size_t)(slash - s->start.data) + 1);
}

static enum status
give(struct source *s, struct bucket *b, const struct dav_entry *e)
{
	struct bucket_entry to = {
	    .below = below(s, e->path),
	    .size = e->size,
	    .mtime = e->mtime,
	    .etag = e->etag,
	    .reason = e->reason,
	    .detail = e->detail,
	    .folder = e->folder,
	    .unsure = !e->sized,
	};
	const struct store_path p = {.root = buf_span(&s->shown),
				     .key = e->path};
	struct buf path, url, cursor;
	enum status st;

	buf_init(&path, 4 * PATH_MAX_);
	buf_init(&url, 4 * PATH_MAX_);
	buf_init(&cursor, PATH_MAX_);
	st = store_path(&p, &path);
	if (st == ST_OK)
		st = buf_add(&cursor, e->path.ptr, e->path.len);
	if (st == ST_OK && e->folder)
		st = buf_add_byte(&cursor, '\n'); /* it is not entered again */
	to.cursor = buf_span(&cursor);
	if (st == ST_OK)
		st = buf_add(&url, s->site.data, s->site.len);
	if (st == ST_OK)
		st = href_escape(e->path, "/", &url);
	to.path = buf_span(&path);
	to.url = buf_span(&url);
	if (st == ST_OK)
		st = bucket_add(b, &to);
	buf_fini(&path);
	buf_fini(&url);
	buf_fini(&cursor);
	return st;
}

/* A folder that was not read, as an item of its own. */
static enum status
give_trouble(struct source *s, struct bucket *b, struct span path,
	     uint8_t reason, const char *detail)
{
	const struct dav_entry e = {.path = path,
				    .folder = true,
				    .reason = reason,
				    .detail = span_str(detail)};

	return give(s, b, &e);
}

static enum status
give_some(struct source *s, struct bucket *b)
{
	enum status st = ST_OK;

	for (size_t n = 0; n < TURN && s->at < s->list.count && st == ST_OK;
	     s->at++) {
		const struct dav_entry *e = &s->list.entries[s->at];

		if (e->folder && e->reason == COVER_OK && !s->browse)
			continue;
		if (dav_is_done(s, e))
			continue;
		st = give(s, b, e);
		n++;
	}
	return st;
}

/* ---- folders ---- */

static enum status
enter(struct source *s, struct bucket *b, const struct folder *f)
{
	struct span path = span_of(f->path, f->len);
	struct span name = below(s, span_of(f->path, f->len - 1));
	unsigned code = 0;
	enum status st;

	if (f->depth > DEPTH_MAX)
		return give_trouble(s, b, path, COVER_DEPTH,
				    "folders lie too deep within each other");
	if (b->filtered && !filter_enters(&b->filter, name))
		return ST_OK;
	st = dav_folder_read(s, path, &code);
	if (st == ST_OK)
		return dav_push_folders(s);
	if (st == ST_NOMEM)
		return st;
	return give_trouble(s, b, path,
			    st == ST_DENIED     ? COVER_DENIED
			    : st == ST_NOTFOUND ? COVER_VANISHED
						: COVER_IO,
			    dav_folder_why(s, code));
}

static enum status
next_folder(struct source *s, struct bucket *b)
{
	struct folder *f = s->folders;
	enum status st;

	s->folders = f->next;
	s->depth = f->depth;
	s->list.count = s->at = 0;
	st = enter(s, b, f);
	free(f);
	return st;
}

enum status
dav_fill(void *arg, struct bucket *b)
{
	struct source *s = arg;
	enum status st = ST_OK;

	if (s->at >= s->list.count && s->folders == NULL)
		return ST_EOF;
	if (s->at >= s->list.count)
		st = next_folder(s, b);
	return st == ST_OK ? give_some(s, b) : st;
}

static enum status
dav_next(struct source *s, struct source_item *item)
{
	return bucket_next(&s->bucket, buf_span(&s->shown), item);
}

static enum status
dav_read(struct source *s, void *dst, size_t n, size_t *got)
{
	return bucket_read(&s->bucket, dst, n, got);
}

static enum status
dav_cursor(const struct source *s, struct buf *to)
{
	return bucket_cursor(&s->bucket, to);
}

const struct source_ops dav_source = {
    .scheme = "dav",
    .open = dav_open_plain,
    .next = dav_next,
    .read = dav_read,
    .cursor = dav_cursor,
    .close = dav_close,
};

const struct source_ops davs_source = {
    .scheme = "davs",
    .open = dav_open_tls,
    .next = dav_next,
    .read = dav_read,
    .cursor = dav_cursor,
    .close = dav_close,
};
