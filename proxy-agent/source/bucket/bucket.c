#include "proxy-agent/source/bucket/bucket.h"

#include <stdlib.h>
#include <string.h>

#include "proxy-agent/source/bucket/impl.h"

#define CURSOR_MAX 8192
#define PATH_MAX_  16384
#define DETAIL_MAX 512

enum status
bucket_open(struct bucket *b, struct http *http, const struct bucket_ops *ops)
{
	memset(b, 0, sizeof(*b));
	b->ops = *ops;
	b->http = http;
	if (ops->inner != NULL) {
		b->raw = malloc(BUCKET_RAW);
		if (b->raw == NULL)
			return ST_NOMEM;
	}
	arena_init(&b->page, BUCKET_BYTES);
	buf_init(&b->cursor, CURSOR_MAX);
	buf_init(&b->path, PATH_MAX_);
	buf_init(&b->version, VERSION_MAX);
	buf_init(&b->detail, DETAIL_MAX);
	return ST_OK;
}

void
bucket_close(struct bucket *b)
{
	if (b->http == NULL)
		return;
	http_stop(b->call);
	for (; b->ahead_count > 0; b->ahead_count--) {
		http_stop(b->ahead[b->ahead_at].call);
		b->ahead_at = (b->ahead_at + 1) % BUCKET_AHEAD;
	}
	free(b->raw);
	arena_fini(&b->page);
	buf_fini(&b->cursor);
	buf_fini(&b->path);
	buf_fini(&b->version);
	buf_fini(&b->detail);
	memset(b, 0, sizeof(*b));
}

/* ---- objects ---------------------------------------------------------------
 */

static bool
is_asked_for(const struct bucket *b, const struct bucket_entry *e)
{
	if (e->version.len > 0 &&
	    b->known->has(b->known->arg, e->path, e->version))
		return false;
	return e->reason == COVER_OK && !e->folder && !e->whole &&
	       (e->size > 0 || e->unsure);
}

static void
look_ahead(struct bucket *b)
{
	size_t room = http_room(b->http);

	room = room < BUCKET_AHEAD ? room : BUCKET_AHEAD;
	while (!b->open_none && b->over == NULL && b->ahead_count < room &&
	       b->asked < b->count) {
		const struct bucket_entry *e = &b->entries[b->asked];
		size_t slot = (b->ahead_at + b->ahead_count) % BUCKET_AHEAD;

		if (!is_asked_for(b, e)) {
			b->asked++;
			continue;
		}
		b->ahead[slot] = (struct bucket_call){.at = b->asked};
		if (bucket_ask(b, e, &b->ahead[slot]) != ST_OK)
			return;
		b->ahead_count++;
		b->asked++;
	}
}

/* A list that ends in an error: what follows is not known, and that is said. */
static enum status
tell_trouble(struct bucket *b, struct span root, struct source_item *item)
{
	if (b->trouble == ST_OK || b->told)
		return ST_EOF;
	b->told = true;
	*item = (struct source_item){.path = root, .folder = true};
	bucket_refuse(b, item,
		      b->trouble == ST_DENIED     ? COVER_DENIED
		      : b->trouble == ST_NOTFOUND ? COVER_VANISHED
						  : COVER_IO,
		      b->over != NULL ? b->over
		      : http_why(b->http)[0] != 0
			  ? http_why(b->http)
			  : "the list of objects could not be read to its end");
	return ST_OK;
}

static struct span
take_version(struct bucket *b, const struct bucket_entry *e)
{
	buf_clear(&b->version);
	if (buf_add(&b->version, e->version.ptr, e->version.len) != ST_OK)
		buf_clear(&b->version);
	return buf_span(&b->version);
}

enum status
bucket_next(struct bucket *b, struct span root, struct source_item *item)
{
	const struct bucket_entry *e;
	struct span path;

	http_stop(b->call);
	b->call = NULL;
	b->left = 0;
	if (bucket_turn_page(b) != ST_OK || b->at == b->count)
		return tell_trouble(b, root, item);
	look_ahead(b);
	e = &b->entries[b->at];
	buf_clear(&b->cursor);
	buf_clear(&b->path);
	if (buf_add(&b->cursor, e->cursor.ptr, e->cursor.len) != ST_OK ||
	    buf_add(&b->path, e->path.ptr, e->path.len) != ST_OK)
		buf_clear(&b->cursor);
	path = b->path.len > 0 ? buf_span(&b->path) : root;
	*item = (struct source_item){.path = path,
				     .size = e->size,
				     .mtime = e->mtime,
				     .reason = e->reason,
				     .folder = e->folder,
				     .version = take_version(b, e),
				     .trickle = true};
	buf_clear(&b->detail);
	if (buf_add(&b->detail, e->detail.ptr, e->detail.len) == ST_OK)
		item->detail = buf_span(&b->detail);
	b->body = e->body;
	if (b->ahead_count > 0 && b->ahead[b->ahead_at].at == b->at) {
		struct bucket_call was = b->ahead[b->ahead_at];

		b->call = was.call;
		b->ahead_at = (b->ahead_at + 1) % BUCKET_AHEAD;
		b->ahead_count--;
		bucket_answer(b, e, &was, item);
	} else if (b->over != NULL && !b->open_none && is_asked_for(b, e)) {
		bucket_refuse(b, item, COVER_DENIED, b->over);
	}
	b->at++;
	look_ahead(b);
	return ST_OK;
}

/* The next bytes of what stands inside an answer. */
static enum status
read_inner(struct bucket *b, void *dst, size_t n, size_t *got)
{
	enum status st = ST_OK;

	*got = 0;
	while (st == ST_OK && *got == 0 && !inner_ended(&b->inner)) {
		size_t some = b->raw_len - b->raw_at;

		if (some == 0) {
			b->raw_at = b->raw_len = 0;
			st = http_read(b->call, b->raw, BUCKET_RAW, &some);
			if (st == ST_OK && some == 0)
				st = ST_IO; /* it ends too soon */
			if (st != ST_OK)
				break;
			b->raw_len = some;
		}
		some = some < n ? some : n;
		st = inner_feed(&b->inner, span_of(b->raw + b->raw_at, some),
				dst, got);
		b->raw_at += some;
	}
	return st;
}

static enum status
read_plain(struct bucket *b, void *dst, size_t n, size_t *got)
{
	enum status st = http_read(b->call, dst, n, got);

	if (st != ST_OK)
		return st;
	if (*got == 0 && b->left > 0)
		return ST_IO; /* it was cut where nobody could tell */
	b->left -= *got < b->left ? *got : b->left;
	return ST_OK;
}

enum status
bucket_read(struct bucket *b, void *dst, size_t n, size_t *got)
{
	if (b->call != NULL)
		return b->ops.inner != NULL ? read_inner(b, dst, n, got)
					    : read_plain(b, dst, n, got);
	*got = n < b->body.len ? n : b->body.len;
	if (*got > 0)
		memcpy(dst, b->body.ptr, *got);
	b->body = span_skip(b->body, *got);
	return ST_OK;
}

enum status
bucket_cursor(const struct bucket *b, struct buf *to)
{
	return buf_add(to, b->cursor.data, b->cursor.len);
}
