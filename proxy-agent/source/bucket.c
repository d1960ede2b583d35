#include "proxy-agent/source/bucket.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/must.h"
#include "base/str.h"

#define CURSOR_MAX 8192
#define PATH_MAX_  16384
#define DETAIL_MAX 512

enum status
bucket_open(struct bucket *b, struct http *http, const struct bucket_ops *ops)
{
	memset(b, 0, sizeof(*b));
	b->ops = *ops;
	b->http = http;
	arena_init(&b->page, BUCKET_BYTES);
	buf_init(&b->cursor, CURSOR_MAX);
	buf_init(&b->path, PATH_MAX_);
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
	arena_fini(&b->page);
	buf_fini(&b->cursor);
	buf_fini(&b->path);
	buf_fini(&b->detail);
	memset(b, 0, sizeof(*b));
}

static struct span
copy(struct bucket *b, struct span s, bool *fits)
{
	char *kept = arena_str(&b->page, s);

	*fits = *fits && kept != NULL;
	return span_of(kept, kept == NULL ? 0 : s.len);
}

enum status
bucket_add(struct bucket *b, const struct bucket_entry *e)
{
	struct bucket_entry *to;
	bool fits = true;

	if (b->entries == NULL)
		b->entries = arena_array(&b->page, BUCKET_PAGE, sizeof(*to));
	if (b->entries == NULL || b->count == BUCKET_PAGE)
		return ST_LIMIT;
	to = &b->entries[b->count];
	*to = *e;
	to->path = copy(b, e->path, &fits);
	to->url = copy(b, e->url, &fits);
	to->cursor = copy(b, e->cursor, &fits);
	b->count += fits;
	return fits ? ST_OK : ST_LIMIT;
}

/* Pages until one holds something; ST_EOF at the end. */
static enum status
turn_page(struct bucket *b)
{
	enum status st = ST_OK;

	while (st == ST_OK && b->at == b->count && !b->ended) {
		arena_clear(&b->page);
		b->entries = NULL;
		b->count = b->at = b->asked = 0;
		st = b->ops.list(b->ops.arg, b);
		if (st == ST_EOF) {
			b->ended = true;
			st = ST_OK;
		}
	}
	if (st != ST_OK) {
		b->ended = true;
		b->trouble = st;
	}
	return st;
}

enum status
bucket_begin(struct bucket *b)
{
	return turn_page(b);
}

/* ---- objects ---------------------------------------------------------------
 */

static void
look_ahead(struct bucket *b)
{
	size_t room = http_room(b->http);

	room = room < BUCKET_AHEAD ? room : BUCKET_AHEAD;
	while (!b->open_none && b->ahead_count < room && b->asked < b->count) {
		const struct bucket_entry *e = &b->entries[b->asked];
		const struct http_request r = {
		    .url = e->url, .sign = b->ops.sign, .arg = b->ops.arg};
		size_t slot = (b->ahead_at + b->ahead_count) % BUCKET_AHEAD;

		if (e->reason != COVER_OK || e->folder || e->size == 0) {
			b->asked++;
			continue;
		}
		b->ahead[slot] = (struct bucket_call){.at = b->asked};
		if (http_start(b->http, &r, &b->ahead[slot].call) != ST_OK)
			return;
		b->ahead_count++;
		b->asked++;
	}
}

static void
refuse(struct bucket *b, struct source_item *item, uint8_t reason,
       const char *detail)
{
	item->reason = reason;
	buf_clear(&b->detail);
	if (buf_add_str(&b->detail, detail) == ST_OK)
		item->detail = buf_span(&b->detail);
}

static void
answer(struct bucket *b, struct source_item *item)
{
	const struct http_reply *r;
	enum status st = http_head(b->call, &r);
	char why[80];

	if (st != ST_OK) {
		refuse(b, item,
		       st == ST_DENIED    ? COVER_DENIED
		       : st == ST_TIMEOUT ? COVER_TIME
					  : COVER_IO,
		       http_why(b->http));
		return;
	}
	st = http_code(r->code);
	if (st == ST_OK) {
		if (r->length >= 0)
			item->size = (uint64_t)r->length;
		if (r->modified > 0)
			item->mtime = r->modified;
		return;
	}
	snprintf(why, sizeof(why), "the server answered %u", r->code);
	if (st == ST_NOTFOUND)
		refuse(b, item, COVER_VANISHED, why);
	else
		refuse(b, item, st == ST_DENIED ? COVER_DENIED : COVER_IO, why);
}

/* A list that ends in an error: what follows is not known, and that is said. */
static enum status
tell_trouble(struct bucket *b, struct span root, struct source_item *item)
{
	if (b->trouble == ST_OK || b->told)
		return ST_EOF;
	b->told = true;
	*item = (struct source_item){.path = root, .folder = true};
	refuse(b, item, b->trouble == ST_DENIED ? COVER_DENIED : COVER_IO,
	       http_why(b->http)[0] != 0
		   ? http_why(b->http)
		   : "the list of objects could not be read to its end");
	return ST_OK;
}

enum status
bucket_next(struct bucket *b, struct span root, struct source_item *item)
{
	const struct bucket_entry *e;
	struct span path;

	http_stop(b->call);
	b->call = NULL;
	if (turn_page(b) != ST_OK || b->at == b->count)
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
				     .trickle = true};
	if (e->detail != NULL)
		item->detail = span_str(e->detail);
	if (b->ahead_count > 0 && b->ahead[b->ahead_at].at == b->at) {
		b->call = b->ahead[b->ahead_at].call;
		b->ahead_at = (b->ahead_at + 1) % BUCKET_AHEAD;
		b->ahead_count--;
		answer(b, item);
	}
	b->at++;
	look_ahead(b);
	return ST_OK;
}

enum status
bucket_read(struct bucket *b, void *dst, size_t n, size_t *got)
{
	if (b->call != NULL)
		return http_read(b->call, dst, n, got);
	*got = 0;
	return ST_OK;
}

enum status
bucket_cursor(const struct bucket *b, struct buf *to)
{
	return buf_add(to, b->cursor.data, b->cursor.len);
}

int64_t
bucket_time(struct span s)
{
	static const char *const forms[] = {"%Y-%m-%dT%H:%M:%S",
					    "%a, %d %b %Y %H:%M:%S"};
	char text[64];

	if (str_copy(text, sizeof(text), s) != ST_OK)
		return 0;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct tm tm = {0};

		if (strptime(text, forms[i], &tm) != NULL)
			return timegm(&tm);
	}
	return 0;
}
