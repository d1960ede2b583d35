#include "proxy-agent/source/s3.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/session/sigv4.h"
#include "proxy-agent/session/xml.h"
#include "proxy-agent/source/bucket.h"
#include "proxy-agent/source/http_target.h"
#include "proxy-agent/source/stamp.h"
#include "proxy-agent/source/store.h"
#include "source/url.h"
#include "sys/vault.h"

#define NAME_MAX_ 256
#define KEY_MAX   4096        /* 1,024 bytes, each escaped */
#define LIST_MAX  (32u << 20) /* bytes of one page of a list */

struct source {
	struct http *http;
	struct bucket bucket;
	struct vault vault;
	struct pairs secrets;
	struct buf name, prefix, region, endpoint, query, root;
	struct buf version; /* of the one object that is asked for */
	struct buf after, after_version; /* go on behind; start of next page */
	struct buf token;                /* of the next page */
	bool host_style, amazon, versions, browse, single;
	bool begun, more;
};

/* ---- addresses -------------------------------------------------------------
 */

/* https://endpoint/bucket or https://bucket.endpoint, without a slash behind */
static enum status
add_site(const struct source *s, struct buf *to)
{
	struct span e = buf_span(&s->endpoint), name = buf_span(&s->name);
	struct href u;
	enum status st;

	href_split(e, &u);
	st = buf_addf(to, "%.*s://", (int)u.scheme.len,
		      (const char *)u.scheme.ptr);
	if (st == ST_OK && s->host_style)
		st = buf_addf(to, "%.*s.", (int)name.len,
			      (const char *)name.ptr);
	if (st == ST_OK)
		st = buf_add(to, u.authority.ptr, u.authority.len);
	if (st == ST_OK && !s->host_style) {
		st = buf_add_byte(to, '/');
		if (st == ST_OK)
			st = href_escape(name, "", to);
	}
	return st;
}

static enum status
add_list_params(const struct source *s, struct buf *to)
{
	enum status st = ST_OK;

	if (s->versions) {
		st = buf_add_str(to, "?versions=");
		if (st == ST_OK && s->after.len > 0)
			st = store_param(to, "key-marker", buf_span(&s->after));
		if (st == ST_OK && s->after_version.len > 0)
			st = store_param(to, "version-id-marker",
					 buf_span(&s->after_version));
	} else {
		st = store_param(to, "list-type", span_str("2"));
		if (st == ST_OK && s->token.len > 0)
			st = store_param(to, "continuation-token",
					 buf_span(&s->token));
		else if (st == ST_OK && s->after.len > 0)
			st =
			    store_param(to, "start-after", buf_span(&s->after));
	}
	if (st == ST_OK)
		st = store_param(to, "encoding-type", span_str("url"));
	if (st == ST_OK && s->browse)
		st = store_param(to, "delimiter", span_str("/"));
	if (st == ST_OK && s->prefix.len > 0)
		st = store_param(to, "prefix", buf_span(&s->prefix));
	return st;
}

static enum status
list_url(const struct source *s, struct buf *to)
{
	enum status st = add_site(s, to);

	if (st == ST_OK)
		st = buf_add_byte(to, '/');
	return st == ST_OK ? add_list_params(s, to) : st;
}

/* ---- signatures ------------------------------------------------------------
 */

static enum status
sign(void *arg, const struct http_request *r, struct http_lines *to)
{
	const struct source *s = arg;
	const struct sigv4_key k = {
	    .id = pairs_find(s->secrets, "id"),
	    .secret = pairs_find(s->secrets, "secret"),
	    .token = pairs_find(s->secrets, "token"),
	    .region = buf_span(&s->region),
	    .service = span_str("s3"),
	};
	const struct sigv4_request q = {
	    .method = "GET",
	    .url = r->url,
	    .wall_s = clock_wall_s(clock_system()),
	};
	struct sigv4 v;
	enum status st;

	if (k.id.len == 0)
		return ST_OK;
	sigv4_init(&v);
	st = sigv4_sign(&k, &q, &v);
	if (st == ST_OK)
		st = http_line(to, "x-amz-date", span_str(v.date));
	if (st == ST_OK)
		st = http_line(to, "x-amz-content-sha256", span_str(v.body));
	if (st == ST_OK && k.token.len > 0)
		st = http_line(to, "x-amz-security-token", k.token);
	if (st == ST_OK)
		st = http_line(to, "Authorization", buf_span(&v.authorization));
	sigv4_fini(&v);
	return st;
}

/* ---- lists -----------------------------------------------------------------
 */

/* One page while it is read. Keys stay escaped until it is known if they are.
 */
struct page {
	struct source *s;
	struct bucket *b;
	struct buf key, version, stamp, etag, class, code, message, region;
	uint64_t size;
	bool marker, escaped, truncated;
	bool
	    adding; /* the second time through: how keys are written is known */
	enum status st;
	struct buf next_key, next_version;
};

static enum status
plain(const struct page *p, struct span key, struct buf *to)
{
	struct buf spaced;
	enum status st;

	if (!p->escaped)
		return store_set(to, key);
	buf_init(&spaced, KEY_MAX);
	st = store_set(&spaced, key);
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
add_path(const struct source *s, struct span key, struct span version,
	 struct buf *to)
{
	const struct store_path p = {
	    .root = buf_span(&s->root),
	    .key = key,
	    .query = buf_span(&s->query),
	    .name = "version",
	    .value = s->version.len == 0 ? version : span_of(NULL, 0),
	};

	return store_path(&p, to);
}

static enum status
add_get(const struct source *s, struct span key, struct span version,
	struct buf *to)
{
	enum status st = add_site(s, to);

	if (st == ST_OK)
		st = buf_add_byte(to, '/');
	if (st == ST_OK)
		st = href_escape(key, "/", to);
	if (st == ST_OK && version.len > 0)
		st = store_param(to, "versionId", version);
	return st;
}

static enum status
add_cursor(struct span key, struct span version, struct buf *to)
{
	enum status st = buf_add(to, key.ptr, key.len);

	if (st == ST_OK && version.len > 0) {
		st = buf_add_byte(to, '\n');
		if (st == ST_OK)
			st = buf_add(to, version.ptr, version.len);
	}
	return st;
}

/* Where the path below the target begins in a key: behind its last slash. */
static size_t
below_at(const struct source *s)
{
	size_t n = s->prefix.len;

	while (n > 0 && s->prefix.data[n - 1] != '/')
		n--;
	return n;
}

static enum status
add_entry(struct page *p, struct span key, bool folder)
{
	struct bucket_entry e = {.size = p->size,
				 .mtime = stamp_parse(buf_span(&p->stamp)),
				 .etag = buf_span(&p->etag),
				 .folder = folder};
	struct span version = p->s->versions || p->s->version.len > 0
				  ? buf_span(&p->version)
				  : span_of(NULL, 0);
	struct span class = buf_span(&p->class);
	struct buf path, url, cursor;
	enum status st;

	buf_init(&path, 4 * KEY_MAX);
	buf_init(&url, 4 * KEY_MAX);
	buf_init(&cursor, 2 * KEY_MAX);
	if (str_is(class, "GLACIER") || str_is(class, "DEEP_ARCHIVE")) {
		e.reason = COVER_DENIED;
		e.detail = span_str("it is archived: it has to be restored "
				    "before it can be read");
	}
	st = add_path(p->s, key, version, &path);
	if (st == ST_OK)
		st = add_get(p->s, key, version, &url);
	if (st == ST_OK)
		st = add_cursor(key, version, &cursor);
	if (st == ST_OK) {
		e.path = buf_span(&path);
		e.url = buf_span(&url);
		e.cursor = buf_span(&cursor);
		e.below = span_skip(key, below_at(p->s));
		st = bucket_add(p->b, &e);
	}
	buf_fini(&path);
	buf_fini(&url);
	buf_fini(&cursor);
	return st;
}

static bool
is_wanted(struct page *p, struct span key)
{
	struct source *s = p->s;
	struct span prefix = buf_span(&s->prefix);

	if (s->single)
		return false;
	if (p->marker || (p->size == 0 && str_ends(key, "/")))
		return false; /* a deletion, or what stands for a folder */
	if (s->version.len > 0 &&
	    !(span_eq(key, prefix) &&
	      span_eq(buf_span(&p->version), buf_span(&s->version))))
		return false;
	/* a prefix that is an object means that object alone */
	if (prefix.len > 0 && span_eq(key, prefix) && !s->versions)
		s->single = true;
	return true;
}

static void
end_entry(struct page *p, bool folder)
{
	struct buf key;

	buf_init(&key, KEY_MAX);
	if (p->st == ST_OK)
		p->st = plain(p, buf_span(&p->key), &key);
	if (p->adding && p->st == ST_OK &&
	    (folder || is_wanted(p, buf_span(&key))))
		p->st = add_entry(p, buf_span(&key), folder);
	buf_fini(&key);
	p->size = 0;
	p->marker = false;
	buf_clear(&p->key);
	buf_clear(&p->version);
	buf_clear(&p->class);
	buf_clear(&p->etag);
}

static void
keep(struct page *p, struct buf *to, struct span text)
{
	if (store_set(to, text) != ST_OK && p->st == ST_OK)
		p->st = ST_LIMIT;
}

/* What an element of a list or of an error means, by name. */
static void
on_leaf(struct page *p, const char *name, struct span text)
{
	const struct {
		const char *name;
		struct buf *to;
	} rows[] = {
	    {"Key", &p->key},
	    {"VersionId", &p->version},
	    {"LastModified", &p->stamp},
	    {"ETag", &p->etag},
	    {"StorageClass", &p->class},
	    {"Code", &p->code},
	    {"Message", &p->message},
	    {"Region", &p->region},
	    {"NextContinuationToken", &p->s->token},
	    {"NextKeyMarker", &p->next_key},
	    {"NextVersionIdMarker", &p->next_version},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].name, name) == 0)
			keep(p, rows[i].to, text);
	if (strcmp(name, "Size") == 0 &&
	    str_to_u64(text, 0, INT64_MAX, &p->size) != ST_OK)
		p->st = ST_MALFORMED;
	if (strcmp(name, "EncodingType") == 0)
		p->escaped = str_is(text, "url");
	if (strcmp(name, "IsTruncated") == 0)
		p->truncated = str_is(text, "true");
}

static void
on_close(void *arg, const char *in, const char *name, struct span text)
{
	struct page *p = arg;

	if (strcmp(name, "Contents") == 0 || strcmp(name, "Version") == 0) {
		end_entry(p, false);
	} else if (strcmp(name, "DeleteMarker") == 0) {
		p->marker = true;
		end_entry(p, false);
	} else if (strcmp(name, "Prefix") == 0 &&
		   strcmp(in, "CommonPrefixes") == 0) {
		keep(p, &p->key, text);
		end_entry(p, true);
	} else if (strcmp(in, "Owner") != 0) {
		on_leaf(p, name, text);
	}
}

static void
page_init(struct page *p, struct source *s, struct bucket *b)
{
	memset(p, 0, sizeof(*p));
	p->s = s;
	p->b = b;
	buf_init(&p->key, KEY_MAX);
	buf_init(&p->version, NAME_MAX_);
	buf_init(&p->stamp, NAME_MAX_);
	buf_init(&p->etag, NAME_MAX_);
	buf_init(&p->class, NAME_MAX_);
	buf_init(&p->code, NAME_MAX_);
	buf_init(&p->message, KEY_MAX);
	buf_init(&p->region, NAME_MAX_);
	buf_init(&p->next_key, KEY_MAX);
	buf_init(&p->next_version, NAME_MAX_);
}

static void
page_fini(struct page *p)
{
	buf_fini(&p->key);
	buf_fini(&p->version);
	buf_fini(&p->stamp);
	buf_fini(&p->etag);
	buf_fini(&p->class);
	buf_fini(&p->code);
	buf_fini(&p->message);
	buf_fini(&p->region);
	buf_fini(&p->next_key);
	buf_fini(&p->next_version);
}

/* ---- one page --------------------------------------------------------------
 */

static enum status
set_endpoint(struct source *s)
{
	buf_clear(&s->endpoint);
	return buf_addf(&s->endpoint, "https://s3.%.*s.amazonaws.com",
			(int)s->region.len, (const char *)s->region.data);
}

static enum status
fetch(struct source *s, struct buf *body, struct span *region, unsigned *code,
      struct buf *where)
{
	struct http_request r = {.sign = sign, .arg = s, .cap = LIST_MAX};
	const struct http_reply *reply;
	struct http_call *c = NULL;
	uint8_t piece[16 * 1024];
	size_t got = 1;
	struct buf url;
	enum status st;

	buf_init(&url, 4 * KEY_MAX);
	st = list_url(s, &url);
	r.url = buf_span(&url);
	if (st == ST_OK)
		st = http_start(s->http, &r, &c);
	if (st == ST_OK)
		st = http_head(c, &reply);
	if (st == ST_OK) {
		*code = reply->code;
		*region = http_header(c, "x-amz-bucket-region");
		st = store_set(where, *region);
		*region = buf_span(where);
	}
	while (st == ST_OK && got > 0) {
		st = http_read(c, piece, sizeof(piece), &got);
		if (st == ST_OK)
			st = buf_add(body, piece, got);
	}
	http_stop(c);
	buf_fini(&url);
	return st;
}

/* The store lies in another region: true when it is to be asked there. */
static bool
moved(struct source *s, unsigned code, struct span region)
{
	if (region.len == 0 || span_eq(region, buf_span(&s->region)) ||
	    (code != 301 && code != 307 && code != 400 && code != 403))
		return false;
	for (size_t i = 0; i < region.len; i++)
		if (!str_listed("a b c d e f g h i j k l m n o p q r s t u v w "
				"x y z 0 1 2 3 4 5 6 7 8 9 -",
				span_of(region.ptr + i, 1)))
			return false;
	if (store_set(&s->region, region) != ST_OK)
		return false;
	return !s->amazon || set_endpoint(s) == ST_OK;
}

static enum status
parse(struct page *p, struct span body)
{
	const struct xml_hear hear = {.close = on_close, .arg = p};
	enum status st = xml_parse(&hear, body);

	return st == ST_OK ? p->st : st;
}

/* Where the next page begins. */
static enum status
turn(struct source *s, struct page *p)
{
	enum status st = ST_OK;

	s->more = p->truncated && !s->single;
	if (!s->more)
		return ST_OK;
	if (!s->versions)
		return s->token.len > 0 ? ST_OK : ST_MALFORMED;
	if (p->next_key.len == 0)
		return ST_MALFORMED;
	st = plain(p, buf_span(&p->next_key), &s->after);
	return st == ST_OK
		   ? store_set(&s->after_version, buf_span(&p->next_version))
		   : st;
}

static enum status
read_page(struct page *p, struct span body)
{
	struct span none = {0};
	enum status st;

	if (store_set(&p->s->token, none) != ST_OK)
		return ST_NOMEM;
	st = parse(p, body);
	p->adding = true;
	p->truncated = false;
	p->size = 0;
	if (st == ST_OK)
		st = parse(p, body);
	return st == ST_OK ? turn(p->s, p) : st;
}

static enum status
list_page(struct source *s, struct bucket *b, struct page *p, unsigned *code)
{
	struct buf body, where;
	struct span region;
	enum status st;

	buf_init(&body, LIST_MAX);
	buf_init(&where, NAME_MAX_);
	for (unsigned times = 0; times < 2; times++) {
		page_fini(p);
		page_init(p, s, b);
		buf_clear(&body);
		st = fetch(s, &body, &region, code, &where);
		if (st != ST_OK || *code == 200)
			break;
		if (parse(p, buf_span(&body)) == ST_OK && region.len == 0)
			region = buf_span(&p->region);
		st = http_code(*code);
		if (!moved(s, *code, region))
			break;
		st = ST_OK;
	}
	if (st == ST_OK && *code == 200)
		st = read_page(p, buf_span(&body));
	buf_fini(&body);
	buf_fini(&where);
	return st;
}

static enum status
s3_list(void *arg, struct bucket *b)
{
	struct source *s = arg;
	unsigned code = 0;
	struct page p;
	enum status st;

	if (s->begun && !s->more)
		return ST_EOF;
	page_init(&p, s, b);
	st = list_page(s, b, &p, &code);
	s->begun = true;
	page_fini(&p);
	return st;
}

/* ---- beginning -------------------------------------------------------------
 */

static enum status
s3_next(struct source *s, struct source_item *item)
{
	return bucket_next(&s->bucket, buf_span(&s->root), item);
}

static enum status
s3_read(struct source *s, void *dst, size_t n, size_t *got)
{
	return bucket_read(&s->bucket, dst, n, got);
}

static enum status
s3_cursor(const struct source *s, struct buf *to)
{
	return bucket_cursor(&s->bucket, to);
}

static void
s3_close(struct source *s)
{
	if (s == NULL)
		return;
	bucket_close(&s->bucket);
	http_close(s->http);
	vault_close(&s->vault);
	buf_fini(&s->name);
	buf_fini(&s->prefix);
	buf_fini(&s->region);
	buf_fini(&s->endpoint);
	buf_fini(&s->query);
	buf_fini(&s->root);
	buf_fini(&s->version);
	buf_fini(&s->after);
	buf_fini(&s->after_version);
	buf_fini(&s->token);
	free(s);
}

static void
init_bufs(struct source *s)
{
	buf_init(&s->name, NAME_MAX_);
	buf_init(&s->prefix, KEY_MAX);
	buf_init(&s->region, NAME_MAX_);
	buf_init(&s->endpoint, HREF_MAX);
	buf_init(&s->query, HREF_MAX);
	buf_init(&s->root, HREF_MAX);
	buf_init(&s->version, NAME_MAX_);
	buf_init(&s->after, KEY_MAX);
	buf_init(&s->after_version, NAME_MAX_);
	buf_init(&s->token, KEY_MAX);
	s->vault.fd = -1;
}

static enum status
take_secrets(struct source *s, const struct source_target *t)
{
	enum status st = vault_open(STORE_SECRETS, &s->vault);

	if (st == ST_OK)
		st = store_secret(&s->vault, "id", source_access(t, "user"));
	if (st == ST_OK)
		st = store_secret(&s->vault, "secret",
				  source_access(t, "password"));
	if (st == ST_OK)
		st =
		    store_secret(&s->vault, "token", source_access(t, "token"));
	if (st == ST_OK)
		s->secrets.bytes = vault_span(&s->vault);
	return st;
}

static enum status
choose_endpoint(struct source *s, const struct source_target *t,
		const struct url *u)
{
	struct buf style;
	struct href e;
	enum status st = store_option(t, u, "endpoint", &s->endpoint);

	if (st == ST_OK)
		st = store_option(t, u, "region", &s->region);
	if (st == ST_OK && s->region.len == 0)
		st = store_set(&s->region, span_str("us-east-1"));
	s->amazon = s->endpoint.len == 0;
	if (st == ST_OK && s->amazon)
		st = set_endpoint(s);
	href_split(buf_span(&s->endpoint), &e);
	if (st == ST_OK && (e.authority.len == 0 || href_port(e.scheme) == 0)) {
		target_why(t, "the option endpoint is not written as "
			      "https://HOST[:PORT]");
		return ST_USAGE;
	}
	/* a dot in the name would not fit the certificate of *.s3... */
	s->host_style =
	    s->amazon && memchr(s->name.data, '.', s->name.len) == NULL;
	buf_init(&style, NAME_MAX_);
	if (st == ST_OK)
		st = store_option(t, u, "style", &style);
	if (style.len > 0)
		s->host_style = str_is(buf_span(&style), "host");
	buf_fini(&style);
	return st;
}

static enum status
read_target(struct source *s, const struct source_target *t)
{
	struct url u;
	enum status st = url_parse(t->path, &u);

	if (st != ST_OK || u.host.len == 0) {
		target_why(t, "the target is not written as "
			      "s3://BUCKET/PREFIX?endpoint=URL&region=NAME");
		return ST_USAGE;
	}
	st = store_set(&s->name, u.host);
	if (st == ST_OK)
		st = url_decode(span_skip(u.path, 1), &s->prefix);
	if (st == ST_OK)
		st = store_option(t, &u, "version", &s->version);
	if (st == ST_OK)
		st = store_flag(t, &u, "versions", &s->versions);
	s->versions = s->versions || s->version.len > 0;
	if (st == ST_OK)
		st = store_set(&s->query, u.query);
	if (st == ST_OK)
		st = buf_addf(&s->root, "s3://%.*s/", (int)u.host.len,
			      (const char *)u.host.ptr);
	return st == ST_OK ? choose_endpoint(s, t, &u) : st;
}

/* "key" or "key\nversion" */
static enum status
set_after(struct source *s, struct span cursor)
{
	size_t n = s->versions ? str_find(cursor, '\n') : cursor.len;
	enum status st = store_set(&s->after, span_of(cursor.ptr, n));

	return st == ST_OK
		   ? store_set(&s->after_version, span_skip(cursor, n + 1))
		   : st;
}

static enum status
begin(struct source *s, const struct source_target *t)
{
	static const struct {
		unsigned code;
		const char *why;
	} troubles[] = {
	    {301, "the bucket lies in another region: name it as region"},
	    {400, "the store did not understand: is the region right?"},
	    {401, "the store refused this access key"},
	    {403, "the store refused: the secret key is wrong, or the key may "
		  "not list this bucket"},
	    {404, "the store has no such bucket"},
	};
	struct bucket_ops ops = {.list = s3_list, .sign = sign, .arg = s};
	enum status st = bucket_open(&s->bucket, s->http, &ops);
	struct page p;
	unsigned code = 0;

	s->bucket.known = t->known;
	s->bucket.open_none = t->count || t->browse;
	if (st == ST_OK)
		st = store_filter(t, &s->bucket.filter);
	if (st != ST_OK)
		return st;
	s->bucket.filtered = true;
	page_init(&p, s, &s->bucket);
	if (st == ST_OK)
		st = list_page(s, &s->bucket, &p, &code);
	s->begun = true;
	if (st != ST_OK)
		target_why(t, "%s",
			   http_why(s->http)[0] != 0
			       ? http_why(s->http)
			       : "what answers is no store like S3");
	for (size_t i = 0; st != ST_OK && code != 200 &&
			   i < sizeof(troubles) / sizeof(troubles[0]);
	     i++)
		if (troubles[i].code == code)
			target_why(t, "%s (%.*s)", troubles[i].why,
				   (int)p.code.len, (const char *)p.code.data);
	page_fini(&p);
	return st;
}

static enum status
s3_open(const struct source_target *t, struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	struct http_target_use use = {.own_sign = true};
	struct buf site;
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	init_bufs(s);
	s->browse = t->browse;
	buf_init(&site, HREF_MAX);
	st = read_target(s, t);
	if (st == ST_OK)
		st = set_after(s, t->cursor);
	if (st == ST_OK)
		st = take_secrets(s, t);
	if (st == ST_OK)
		st = add_site(s, &site);
	use.site = buf_span(&site);
	if (st == ST_OK)
		st = http_target_open(t, &use, &s->http);
	if (st == ST_OK)
		st = begin(s, t);
	buf_fini(&site);
	if (st != ST_OK)
		s3_close(s);
	else
		*out = s;
	return st;
}

const struct source_ops s3_source = {
    .scheme = "s3",
    .open = s3_open,
    .next = s3_next,
    .read = s3_read,
    .cursor = s3_cursor,
    .close = s3_close,
};
