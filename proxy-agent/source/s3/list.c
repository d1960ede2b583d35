#include "proxy-agent/source/s3/list.h"

#include <string.h>

#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/session/xml.h"
#include "proxy-agent/source/stamp.h"

/* One list while it is read. */
struct reader {
	struct s3_page *page;
	/* NULL the first time through: how keys are written may come last */
	enum status (*take)(void *arg, const struct s3_entry *e);
	void *arg;
	struct buf key, version, stamp, etag, class; /* of an entry */
	uint64_t size;
	bool escaped;
	enum status st;
};

static void
each_of_page(struct s3_page *p, void (*what)(struct buf *b))
{
	struct buf *const all[] = {
	    &p->token,        &p->next_key, &p->next_version, &p->last_key,
	    &p->last_version, &p->code,     &p->region};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		what(all[i]);
}

static void
each_of_entry(struct reader *r, void (*what)(struct buf *b))
{
	struct buf *const all[] = {&r->key, &r->version, &r->stamp, &r->etag,
				   &r->class};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		what(all[i]);
}

static void
init_one(struct buf *b)
{
	buf_init(b, S3_KEY_MAX);
}

void
s3_page_init(struct s3_page *p)
{
	p->truncated = false;
	each_of_page(p, init_one);
}

void
s3_page_fini(struct s3_page *p)
{
	each_of_page(p, buf_fini);
}

/* ---- an entry ---- */

static enum status
put(struct buf *to, struct span s)
{
	buf_clear(to);
	return buf_add(to, s.ptr, s.len);
}

/* A key as it is. */
static enum status
plain(const struct reader *r, struct span key, struct buf *to)
{
	struct buf spaced;
	enum status st;

	if (!r->escaped)
		return put(to, key);
	buf_init(&spaced, S3_KEY_MAX);
	st = put(&spaced, key);
	for (size_t i = 0; i < spaced.len; i++)
		if (spaced.data[i] == '+')
			spaced.data[i] = ' ';
	buf_clear(to);
	if (st == ST_OK)
		st = href_unescape(buf_span(&spaced), to);
	buf_fini(&spaced);
	return st;
}

static enum status
give(const struct reader *r, struct s3_entry e)
{
	struct span class = buf_span(&r->class);
	struct buf key;
	enum status st;

	buf_init(&key, S3_KEY_MAX);
	st = plain(r, buf_span(&r->key), &key);
	e.key = buf_span(&key);
	e.version = buf_span(&r->version);
	e.etag = buf_span(&r->etag);
	e.size = r->size;
	e.mtime = stamp_parse(buf_span(&r->stamp));
	e.archived = str_is(class, "GLACIER") || str_is(class, "DEEP_ARCHIVE");
	if (st == ST_OK)
		st = put(&r->page->last_key, e.key);
	if (st == ST_OK)
		st = put(&r->page->last_version, e.version);
	if (st == ST_OK && r->take != NULL)
		st = r->take(r->arg, &e);
	buf_fini(&key);
	return st;
}

static void
end_entry(struct reader *r, struct s3_entry e)
{
	r->page->count++;
	if (r->st == ST_OK)
		r->st = give(r, e);
	each_of_entry(r, buf_clear);
	r->size = 0;
}

/* ---- elements ---- */

static void
keep(struct reader *r, struct buf *to, struct span text)
{
	if (put(to, text) != ST_OK && r->st == ST_OK)
		r->st = ST_LIMIT;
}

/* What an element of a list or of an error means, by name. */
static void
on_leaf(struct reader *r, const char *name, struct span text)
{
	const struct {
		const char *name;
		struct buf *to;
	} rows[] = {
	    {"Key", &r->key},
	    {"VersionId", &r->version},
	    {"LastModified", &r->stamp},
	    {"ETag", &r->etag},
	    {"StorageClass", &r->class},
	    {"Code", &r->page->code},
	    {"Region", &r->page->region},
	    {"NextContinuationToken", &r->page->token},
	    {"NextKeyMarker", &r->page->next_key},
	    {"NextVersionIdMarker", &r->page->next_version},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].name, name) == 0)
			keep(r, rows[i].to, text);
	if (strcmp(name, "Size") == 0 &&
	    str_to_u64(text, 0, INT64_MAX, &r->size) != ST_OK)
		r->st = ST_MALFORMED;
	if (strcmp(name, "EncodingType") == 0)
		r->escaped = str_is(text, "url");
	if (strcmp(name, "IsTruncated") == 0)
		r->page->truncated = str_is(text, "true");
}

static void
on_close(void *arg, const char *in, const char *name, struct span text)
{
	struct reader *r = arg;

	if (strcmp(name, "Contents") == 0 || strcmp(name, "Version") == 0) {
		end_entry(r, (struct s3_entry){0});
	} else if (strcmp(name, "DeleteMarker") == 0) {
		end_entry(r, (struct s3_entry){.deleted = true});
	} else if (strcmp(name, "Prefix") == 0 &&
		   strcmp(in, "CommonPrefixes") == 0) {
		keep(r, &r->key, text);
		end_entry(r, (struct s3_entry){.folder = true});
	} else if (strcmp(in, "Owner") != 0) {
		on_leaf(r, name, text);
	}
}

/* ---- a page ---- */

/*
 * Where the next page of versions begins. Swift does not escape this key when
 * it does the others, and names no version but "null": the last entry knows.
 */
static enum status
settle_next(struct reader *r)
{
	struct s3_page *p = r->page;
	struct span last = buf_span(&p->last_key);
	enum status st = ST_OK;
	struct buf key;

	buf_init(&key, S3_KEY_MAX);
	if (!span_eq(buf_span(&p->next_key), last)) {
		st = plain(r, buf_span(&p->next_key), &key);
		if (st == ST_OK)
			st = put(&p->next_key, buf_span(&key));
	}
	if (st == ST_OK && span_eq(buf_span(&p->next_key), last) &&
	    str_is(buf_span(&p->next_version), "null"))
		st = put(&p->next_version, buf_span(&p->last_version));
	buf_fini(&key);
	return st;
}

static enum status
parse(struct reader *r, struct span xml)
{
	const struct xml_hear hear = {.close = on_close, .arg = r};
	enum status st;

	each_of_page(r->page, buf_clear);
	each_of_entry(r, buf_clear);
	r->page->truncated = false;
	r->page->count = 0;
	r->size = 0;
	st = xml_parse(&hear, xml);
	return st == ST_OK ? r->st : st;
}

enum status
s3_page_read(struct s3_page *p, struct span xml,
	     enum status (*take)(void *arg, const struct s3_entry *e),
	     void *arg)
{
	struct reader r = {.page = p, .arg = arg};
	enum status st;

	each_of_entry(&r, init_one);
	st = parse(&r, xml);
	r.take = take;
	if (st == ST_OK && take != NULL)
		st = parse(&r, xml);
	if (st == ST_OK)
		st = settle_next(&r);
	each_of_entry(&r, buf_fini);
	return st;
}

enum status
s3_page_error(struct s3_page *p, struct span xml)
{
	return s3_page_read(p, xml, NULL, NULL);
}
