#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/source/azure/azure.h"
#include "proxy-agent/source/azure/blobs.h"
#include "proxy-agent/source/azure/site.h"
#include "proxy-agent/source/bucket/bucket.h"
#include "proxy-agent/source/bucket/store.h"
#include "proxy-agent/source/turns.h"

#define TEXT_MAX (128 * 1024)

struct source {
	struct azure_site site;
	struct bucket bucket;
	struct azure_page page;
	struct buf queue, query;
	struct buf queues; /* names, each with a NUL behind */
	size_t queues_at;
	struct buf marker; /* of their next page */
	struct turns turns;
	struct buf after_queue, after_message;
	uint64_t seen; /* messages of the queue at hand */
	bool one, browse, ended, passing;
};

/* ---- addresses ---- */

static enum status
add_root(const struct source *s, struct buf *to)
{
	return buf_add(to, s->site.endpoint.data, s->site.endpoint.len);
}

static enum status
queues_url(const struct source *s, struct buf *to)
{
	enum status st = add_root(s, to);

	if (st == ST_OK)
		st = buf_add_str(to, "/?comp=list");
	if (st == ST_OK && s->marker.len > 0)
		st = store_param(to, "marker", buf_span(&s->marker));
	return st == ST_OK ? azure_site_sas(&s->site, to) : st;
}

static enum status
queue_url(const struct source *s, const char *rest, struct buf *to)
{
	enum status st = add_root(s, to);

	if (st == ST_OK)
		st = buf_add_byte(to, '/');
	if (st == ST_OK)
		st = href_escape(buf_span(&s->queue), "", to);
	if (st == ST_OK)
		st = buf_add_str(to, rest);
	return st == ST_OK ? azure_site_sas(&s->site, to) : st;
}

static enum status
add_path(const struct source *s, struct span message, struct buf *to)
{
	struct store_path p = {.root = buf_span(&s->site.root),
			       .query = buf_span(&s->query)};
	struct buf key;
	enum status st;

	buf_init(&key, TEXT_MAX);
	st = buf_add(&key, s->queue.data, s->queue.len);
	if (st == ST_OK && message.len > 0)
		st = buf_add_byte(&key, '/');
	if (st == ST_OK)
		st = buf_add(&key, message.ptr, message.len);
	p.key = buf_span(&key);
	if (st == ST_OK)
		st = store_path(&p, to);
	buf_fini(&key);
	return st;
}

/* ---- messages ---- */

static enum status
add_cursor(const struct source *s, struct span message, struct buf *to)
{
	enum status st = buf_add(to, s->queue.data, s->queue.len);

	/* the queue itself stands behind its messages, before any other */
	if (st == ST_OK && message.len == 0)
		st = buf_add_byte(to, 1);
	if (st == ST_OK)
		st = buf_add_byte(to, '\n');
	return st == ST_OK ? buf_add(to, message.ptr, message.len) : st;
}

/* An object of its own; without an id it is the queue. */
static enum status
give(struct source *s, struct bucket_entry *e, struct span message)
{
	struct buf path, cursor;
	enum status st;

	buf_init(&path, 4 * TEXT_MAX);
	buf_init(&cursor, TEXT_MAX);
	st = add_path(s, message, &path);
	if (st == ST_OK)
		st = add_cursor(s, message, &cursor);
	e->path = buf_span(&path);
	e->cursor = buf_span(&cursor);
	if (st == ST_OK)
		st = bucket_add(&s->bucket, e);
	buf_fini(&path);
	buf_fini(&cursor);
	return st;
}

static enum status
take_message(void *arg, const struct azure_blob *e)
{
	struct source *s = arg;
	struct bucket_entry to = {.mtime = e->mtime,
				  .body = e->text,
				  .size = e->text.len,
				  .whole = true};

	s->seen++;
	if (!s->passing)
		return give(s, &to, e->name);
	s->passing = !span_eq(e->name, buf_span(&s->after_message));
	return ST_OK;
}

/* The service counts roughly; what it does not show is told of. */
static enum status
give_rest(struct source *s, struct span counted)
{
	struct bucket_entry e = {.folder = true, .reason = COVER_STOPPED};
	uint64_t n = 0;
	char why[160];

	if (str_to_u64(counted, 0, INT64_MAX, &n) != ST_OK || n <= s->seen)
		return ST_OK;
	snprintf(why, sizeof(why),
		 "%llu of about %llu messages were seen: the service shows no "
		 "more of them without hiding them from whom they are for",
		 (unsigned long long)s->seen, (unsigned long long)n);
	e.detail = span_str(why);
	return give(s, &e, span_of(NULL, 0));
}

static enum status
ask(struct source *s, const char *rest, struct azure_answer *got)
{
	struct buf url;
	enum status st;

	buf_init(&url, TEXT_MAX);
	st = rest == NULL ? queues_url(s, &url) : queue_url(s, rest, &url);
	if (st == ST_OK)
		st = azure_site_ask(&s->site, buf_span(&url), got);
	buf_fini(&url);
	return st;
}

static enum status
count_queue(struct source *s, struct azure_answer *got)
{
	struct buf counted;
	const struct azure_want want = {"x-ms-approximate-messages-count",
					&counted};
	enum status st;

	buf_init(&counted, 64);
	got->want = &want;
	got->wants = 1;
	st = ask(s, "?comp=metadata", got);
	got->want = NULL;
	got->wants = 0;
	if (st == ST_OK)
		st = give_rest(s, buf_span(&counted));
	buf_fini(&counted);
	return st;
}

static enum status
peek_queue(struct source *s, struct azure_answer *got)
{
	enum status st =
	    ask(s, "/messages?peekonly=true&numofmessages=32", got);

	s->seen = 0;
	if (st == ST_OK)
		st = azure_page_read(&s->page, buf_span(&got->body),
				     take_message, s);
	/* where the scan went on is not there any more: all of it is new */
	if (st == ST_OK && s->passing && s->seen > 0) {
		s->passing = false;
		s->seen = 0;
		st = azure_page_read(&s->page, buf_span(&got->body),
				     take_message, s);
	}
	s->passing = false;
	return st == ST_OK ? count_queue(s, got) : st;
}

/* ---- queues ---- */

static enum status
take_queue(void *arg, const struct azure_blob *e)
{
	struct source *s = arg;
	struct span after = buf_span(&s->after_queue);
	struct bucket_entry folder = {.folder = true};
	enum status st;

	if (after.len > 0 && str_order(e->name, after) < 0)
		return ST_OK;
	if (s->browse) {
		st = store_set(&s->queue, e->name);
		return st == ST_OK ? give(s, &folder, span_of(NULL, 0)) : st;
	}
	st = buf_add(&s->queues, e->name.ptr, e->name.len);
	return st == ST_OK ? buf_add_byte(&s->queues, 0) : st;
}

static enum status
list_queues(struct source *s, struct azure_answer *got)
{
	enum status st = ask(s, NULL, got);

	buf_clear(&s->queues);
	s->queues_at = 0;
	if (st == ST_OK)
		st = azure_page_read(&s->page, buf_span(&got->body), take_queue,
				     s);
	if (st == ST_OK)
		st = turns_take(&s->turns, s->page.count,
				buf_span(&s->page.next));
	if (st == ST_OK)
		st = store_set(&s->marker, buf_span(&s->page.next));
	s->ended = st != ST_OK || s->marker.len == 0;
	return st;
}

static enum status
give_trouble(struct source *s, const struct azure_answer *got)
{
	struct bucket_entry e = {
	    .folder = true,
	    .reason = got->code == 403   ? COVER_DENIED
		      : got->code == 404 ? COVER_VANISHED
					 : COVER_IO,
	    .detail = span_str(got->error[0] != 0 ? got->error
						  : "it could not be read"),
	};

	return give(s, &e, span_of(NULL, 0));
}

static enum status
next_queue(struct source *s, struct azure_answer *got)
{
	const char *name = (const char *)s->queues.data + s->queues_at;
	enum status st = store_set(&s->queue, span_str(name));

	s->queues_at += strlen(name) + 1;
	s->passing = s->after_message.len > 0 &&
		     span_eq(span_str(name), buf_span(&s->after_queue));
	if (st == ST_OK)
		st = peek_queue(s, got);
	if (st != ST_OK && st != ST_NOMEM && got->code != 0 && !s->one)
		st = give_trouble(s, got);
	return st;
}

static enum status
step(struct source *s, struct azure_answer *got)
{
	if (s->queues_at < s->queues.len)
		return next_queue(s, got);
	return s->ended ? ST_EOF : list_queues(s, got);
}

static enum status
queue_list(void *arg, struct bucket *b)
{
	struct azure_answer got;
	struct source *s = arg;
	enum status st = ST_OK;

	azure_answer_init(&got);
	while (st == ST_OK && b->count == 0)
		st = step(s, &got);
	azure_answer_fini(&got);
	return st;
}

/* ---- beginning ---- */

static enum status
begin(struct source *s, const struct source_target *t)
{
	const struct bucket_ops ops = {.list = queue_list, .arg = s};
	struct azure_answer got;
	enum status st = bucket_open(&s->bucket, s->site.http, &ops);

	s->bucket.open_none = t->count || t->browse;
	azure_answer_init(&got);
	if (st == ST_OK)
		st = step(s, &got);
	if (st != ST_OK && st != ST_EOF)
		azure_site_why(&s->site, t, &got);
	azure_answer_fini(&got);
	return st == ST_EOF ? ST_OK : st;
}

/* "queue\nmessage" */
static enum status
read_cursor(struct source *s, struct span cursor)
{
	size_t n = str_find(cursor, '\n');
	enum status st = store_set(&s->after_queue, span_of(cursor.ptr, n));

	if (st == ST_OK)
		st = store_set(&s->after_message, span_skip(cursor, n + 1));
	if (s->one && n > 0 &&
	    str_order(span_str((const char *)s->queues.data),
		      buf_span(&s->after_queue)) < 0)
		buf_clear(&s->queues); /* it was read */
	return st;
}

static enum status
read_place(struct source *s, struct span cursor)
{
	struct span rest;
	enum status st = azure_site_thing(&s->site, &s->queues, &rest);

	s->one = s->ended = s->queues.len > 0;
	if (st == ST_OK && s->one)
		st = buf_add_byte(&s->queues, 0);
	if (st == ST_OK)
		st = store_set(&s->query, s->site.url.query);
	return st == ST_OK ? read_cursor(s, cursor) : st;
}

static void
each_buf(struct source *s, void (*what)(struct buf *b))
{
	struct buf *const all[] = {&s->queue,       &s->query,
				   &s->queues,      &s->marker,
				   &s->after_queue, &s->after_message};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		what(all[i]);
}

static void
init_one(struct buf *b)
{
	buf_init(b, 1u << 20);
}

static void
queue_close(struct source *s)
{
	if (s == NULL)
		return;
	bucket_close(&s->bucket);
	azure_site_close(&s->site);
	azure_page_fini(&s->page);
	turns_fini(&s->turns);
	each_buf(s, buf_fini);
	free(s);
}

static enum status
queue_open(const struct source_target *t, struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	each_buf(s, init_one);
	turns_init(&s->turns);
	azure_page_init(&s->page);
	s->browse = t->browse;
	st = azure_site_open(&s->site, t, "queue");
	if (st == ST_OK)
		st = read_place(s, t->cursor);
	if (st == ST_OK)
		st = begin(s, t);
	if (st != ST_OK)
		queue_close(s);
	else
		*out = s;
	return st;
}

static enum status
queue_next(struct source *s, struct source_item *item)
{
	return bucket_next(&s->bucket, buf_span(&s->site.root), item);
}

static enum status
queue_read(struct source *s, void *dst, size_t n, size_t *got)
{
	return bucket_read(&s->bucket, dst, n, got);
}

static enum status
queue_cursor(const struct source *s, struct buf *to)
{
	return bucket_cursor(&s->bucket, to);
}

const struct source_ops azure_queue_source = {
    .scheme = "azure-queue",
    .open = queue_open,
    .next = queue_next,
    .read = queue_read,
    .cursor = queue_cursor,
    .close = queue_close,
};
