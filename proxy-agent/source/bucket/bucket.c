#include "proxy-agent/source/bucket/bucket.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/must.h"
#include "base/str.h"

#define CURSOR_MAX    8192
#define PATH_MAX_     16384
#define DETAIL_MAX    512
#define VERSION_MAX   1024
#define SETTLED_S     60 /* a time alone tells versions apart, older than this */
#define REFUSAL_MAX   4096
#define BUSY_TIMES    5
#define RENEWALS_VAIN 2 /* and the sign-in before them: three in all */

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

static struct span
copy(struct bucket *b, struct span s, bool *fits)
{
	char *kept = arena_str(&b->page, s);

	*fits = *fits && kept != NULL;
	return span_of(kept, kept == NULL ? 0 : s.len);
}

/* A folder that is excluded holds nothing that is wanted. */
static bool
is_wanted(const struct bucket *b, const struct bucket_entry *e)
{
	struct span s = e->below;

	if (!b->filtered || s.len == 0)
		return true;
	for (size_t i = 1; i < s.len; i++)
		if (s.ptr[i] == '/' &&
		    !filter_enters(&b->filter, span_of(s.ptr, i)))
			return false;
	return e->folder || filter_takes(&b->filter, s, e->size, e->mtime);
}

/* An ETag, or else a time that nothing new can bear any more. */
static struct span
version_of(struct bucket *b, const struct bucket_entry *e, bool *fits)
{
	struct span v = span_of(NULL, 0);
	struct buf text;

	if (b->known == NULL || e->folder || e->reason != COVER_OK ||
	    (e->etag.len == 0 &&
	     (b->strict || e->mtime <= 0 ||
	      e->mtime + SETTLED_S >= clock_wall_s(clock_system()))))
		return v;
	buf_init(&text, VERSION_MAX);
	if (buf_addf(&text, "%" PRIu64 " %" PRId64 " %.*s", e->size, e->mtime,
		     (int)e->etag.len, (const char *)e->etag.ptr) == ST_OK)
		v = copy(b, buf_span(&text), fits);
	buf_fini(&text);
	return v;
}

enum status
bucket_add(struct bucket *b, const struct bucket_entry *e)
{
	struct bucket_entry *to;
	bool fits = true;

	if (!is_wanted(b, e))
		return ST_OK;
	if (b->entries == NULL)
		b->entries = arena_array(&b->page, BUCKET_PAGE, sizeof(*to));
	if (b->entries == NULL || b->count == BUCKET_PAGE)
		return ST_LIMIT;
	to = &b->entries[b->count];
	*to = *e;
	to->path = copy(b, e->path, &fits);
	to->url = copy(b, e->url, &fits);
	to->cursor = copy(b, e->cursor, &fits);
	to->body = copy(b, e->body, &fits);
	to->post = copy(b, e->post, &fits);
	to->detail = copy(b, e->detail, &fits);
	to->version = version_of(b, e, &fits);
	to->etag = span_of(NULL, 0);
	to->below = span_of(NULL, 0); /* whose bytes may be gone */
	b->count += fits;
	return fits ? ST_OK : ST_LIMIT;
}

/*
 * Pages until one holds something. What a list gave before it broke off is read
 * before that is told.
 */
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
	return b->at < b->count ? ST_OK : st;
}

enum status
bucket_begin(struct bucket *b)
{
	return turn_page(b);
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

static enum status
ask(struct bucket *b, const struct bucket_entry *e, struct bucket_call *to)
{
	const struct http_request r = {
	    .url = e->url,
	    .body = e->post,
	    .method = e->post.len > 0 ? "POST" : NULL,
	    .type = e->post.len > 0 ? b->ops.type : NULL,
	    .sign = b->ops.sign,
	    .denied = b->ops.denied,
	    .arg = b->ops.arg,
	    .hops = b->ops.hops,
	};

	to->age = b->age;
	return http_start(b->http, &r, &to->call);
}

static void
look_ahead(struct bucket *b)
{
	size_t room = http_room(b->http);

	room = room < BUCKET_AHEAD ? room : BUCKET_AHEAD;
	while (!b->open_none && b->ahead_count < room && b->asked < b->count) {
		const struct bucket_entry *e = &b->entries[b->asked];
		size_t slot = (b->ahead_at + b->ahead_count) % BUCKET_AHEAD;

		if (!is_asked_for(b, e)) {
			b->asked++;
			continue;
		}
		b->ahead[slot] = (struct bucket_call){.at = b->asked};
		if (ask(b, e, &b->ahead[slot]) != ST_OK)
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

/* With a secret that holds again, when there is one. */
static enum status
ask_again(struct bucket *b, const struct bucket_entry *e,
	  struct bucket_call *was, const struct http_reply **r)
{
	static const struct http_reply refused = {.code = 401};
	bool stale = was->age == b->age;

	if (stale && (b->idle || b->vain == RENEWALS_VAIN))
		return ST_OK; /* the answer stands */
	/* the others fill the session: who renews takes this one's place */
	http_stop(b->call);
	b->call = NULL;
	if (stale && !b->ops.renew(b->ops.arg)) {
		*r = &refused;
		b->vain++;
		return ST_OK;
	}
	b->vain = 0;
	b->idle = b->idle || stale;
	b->age += stale;
	if (ask(b, e, was) != ST_OK)
		return ST_AGAIN;
	b->call = was->call;
	return http_head(b->call, r);
}

static void
refuse_code(struct bucket *b, struct source_item *item, unsigned code)
{
	struct span name = {0};
	enum status st = http_code(code);
	char why[160];

	if (b->ops.error_header != NULL && b->call != NULL)
		name = http_header(b->call, b->ops.error_header);
	if (name.len > 0 && name.len < 80)
		snprintf(why, sizeof(why), "the server answered %u (%.*s)",
			 code, (int)name.len, (const char *)name.ptr);
	else
		snprintf(why, sizeof(why), "the server answered %u", code);
	if (st == ST_NOTFOUND)
		refuse(b, item, COVER_VANISHED, why);
	else
		refuse(b, item, st == ST_DENIED ? COVER_DENIED : COVER_IO, why);
}

/* The beginning of an answer that is not the object itself. */
static void
read_raw(struct bucket *b, uint8_t *to, size_t room, size_t *have)
{
	size_t got = 1;

	*have = 0;
	while (*have < room && got > 0) {
		if (http_read(b->call, to + *have, room - *have, &got) != ST_OK)
			break;
		*have += got;
	}
}

/* What a refusal says; true: it only means to come back later. */
static bool
is_busy(struct bucket *b, unsigned code)
{
	uint8_t body[REFUSAL_MAX];
	size_t have;

	if (b->ops.busy == NULL || code < 402)
		return false;
	read_raw(b, body, sizeof(body), &have);
	return b->ops.busy(b->ops.arg, code, span_of(body, have));
}

/*
 * Looks for the object in the beginning of its answer. ST_AGAIN: the server
 * says to come back later; ST_NOTFOUND: there is none in it.
 */
static enum status
look_inside(struct bucket *b)
{
	uint8_t some[REFUSAL_MAX];
	size_t got;

	read_raw(b, b->raw, REFUSAL_MAX, &b->raw_len);
	b->raw_at = 0;
	inner_init(&b->inner, b->ops.inner);
	if (inner_feed(&b->inner, span_of(b->raw, b->raw_len), some, &got) !=
		ST_OK ||
	    inner_begun(&b->inner)) {
		inner_init(&b->inner, b->ops.inner);
		return ST_OK;
	}
	if (b->ops.busy != NULL &&
	    b->ops.busy(b->ops.arg, 200, span_of(b->raw, b->raw_len)))
		return ST_AGAIN;
	return ST_NOTFOUND;
}

/* Whether to come back later; *found: the object, where it stands inside. */
static bool
waits(struct bucket *b, unsigned code, bool *found)
{
	enum status st;

	*found = true;
	if (code != 200 || b->ops.inner == NULL)
		return is_busy(b, code);
	st = look_inside(b);
	*found = st == ST_OK;
	return st == ST_AGAIN;
}

/* The head of the item's answer, after as many pauses as the server wants. */
static enum status
head(struct bucket *b, const struct bucket_entry *e, struct bucket_call *was,
     const struct http_reply **r, bool *found)
{
	enum status st = http_head(b->call, r);

	for (unsigned i = 0; st == ST_OK && i < BUSY_TIMES; i++) {
		if (!waits(b, (*r)->code, found))
			break;
		http_rest(b->http, i);
		http_stop(b->call);
		b->call = NULL;
		st = ask(b, e, was);
		if (st != ST_OK)
			break;
		b->call = was->call;
		st = http_head(b->call, r);
	}
	return st;
}

static void
answer(struct bucket *b, const struct bucket_entry *e, struct bucket_call *was,
       struct source_item *item)
{
	const struct http_reply *r;
	bool found = true;
	enum status st = head(b, e, was, &r, &found);

	if (st == ST_OK && r->code == 401 && b->ops.renew != NULL)
		st = ask_again(b, e, was, &r);
	if (st != ST_OK) {
		refuse(b, item,
		       st == ST_DENIED    ? COVER_DENIED
		       : st == ST_TIMEOUT ? COVER_TIME
					  : COVER_IO,
		       http_why(b->http));
		return;
	}
	if (http_code(r->code) != ST_OK) {
		refuse_code(b, item, r->code);
		return;
	}
	b->idle = false;
	if (!found) {
		uint8_t reason = COVER_IO;
		const char *lacks = b->ops.lacks(
		    b->ops.arg, span_of(b->raw, b->raw_len), &reason);

		refuse(b, item, reason, lacks);
	}
	if (b->ops.inner != NULL)
		return; /* the answer is larger than the object */
	if (r->length >= 0)
		item->size = (uint64_t)r->length;
	else if (!e->unsure)
		b->left = item->size; /* the list said it */
	if (r->modified > 0)
		item->mtime = r->modified;
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
		answer(b, e, &was, item);
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
