#include <inttypes.h>

#include "base/clock.h"
#include "proxy-agent/source/bucket/impl.h"

#define SETTLED_S 60 /* a time alone tells versions apart, older than this */

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

enum status
bucket_turn_page(struct bucket *b)
{
	enum status st = ST_OK;

	while (st == ST_OK && b->at == b->count && !b->ended) {
		arena_clear(&b->page);
		b->entries = NULL;
		b->count = b->at = b->asked = 0;
		st = b->over != NULL ? ST_DENIED : b->ops.list(b->ops.arg, b);
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
	return bucket_turn_page(b);
}
