#include "proxy-agent/data/mongo_link.h"

#include <mongoc/mongoc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/str.h"
#include "proxy-agent/session/stream.h"
#include "sys/pace.h"

#define BATCH     200 /* documents asked for at once; the server cuts by size */
#define PORT      27017
#define DENIED    13 /* "Unauthorized" of its error codes */
#define AUTH_FAIL 18

struct mongo_link {
	mongoc_client_t *client;
	mongoc_read_prefs_t *prefs;
	char trouble[240];
	int ca; /* a file of memory; -1: none */
};

struct mongo_cursor {
	struct mongo_link *link;
	mongoc_collection_t *collection;
	mongoc_cursor_t *cursor;
	struct buf behind; /* the document to be passed over, if it comes */
};

/* ---- words ---- */

static enum status
failed(struct mongo_link *m, const bson_error_t *e)
{
	stream_words(m->trouble, sizeof(m->trouble), span_str(e->message));
	if (e->domain == MONGOC_ERROR_CLIENT &&
	    e->code == MONGOC_ERROR_CLIENT_AUTHENTICATE)
		return ST_DENIED;
	if (e->domain == MONGOC_ERROR_STREAM ||
	    e->domain == MONGOC_ERROR_SERVER_SELECTION)
		return ST_CLOSED;
	return e->code == DENIED || e->code == AUTH_FAIL ? ST_DENIED : ST_IO;
}

const char *
mongo_link_trouble(const struct mongo_link *m)
{
	return m->trouble;
}

/* ---- connecting ---- */

/* libmongoc wants a file: one of memory. */
static void
trust(struct mongo_link *m, mongoc_uri_t *uri, struct span pem)
{
	char name[64];

	m->ca = pem.len == 0 ? -1 : memfd_create("trawl-ca", MFD_CLOEXEC);
	if (m->ca < 0 || write(m->ca, pem.ptr, pem.len) != (ssize_t)pem.len)
		return;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", m->ca);
	mongoc_uri_set_option_as_utf8(uri, MONGOC_URI_TLSCAFILE, name);
}

static void
set_times(mongoc_uri_t *uri, const struct patience *p)
{
	mongoc_uri_set_option_as_int32(uri, MONGOC_URI_CONNECTTIMEOUTMS,
				       (int32_t)p->connect_ms);
	mongoc_uri_set_option_as_int32(uri, MONGOC_URI_SOCKETTIMEOUTMS,
				       (int32_t)p->answer_ms);
	mongoc_uri_set_option_as_int32(uri, MONGOC_URI_SERVERSELECTIONTIMEOUTMS,
				       (int32_t)p->connect_ms);
	mongoc_uri_set_option_as_bool(uri, MONGOC_URI_SERVERSELECTIONTRYONCE,
				      true);
	mongoc_uri_set_option_as_bool(uri, MONGOC_URI_DIRECTCONNECTION, true);
	mongoc_uri_set_option_as_bool(uri, MONGOC_URI_RETRYREADS, false);
}

static bool
set_user(mongoc_uri_t *uri, const struct account *a, const char *source)
{
	struct buf text;
	bool good;

	if (a->user.len == 0)
		return true;
	buf_init(&text, (size_t)128 << 10);
	good = buf_add(&text, a->user.ptr, a->user.len) == ST_OK &&
	       buf_add_byte(&text, 0) == ST_OK &&
	       buf_add(&text, a->password.ptr, a->password.len) == ST_OK &&
	       buf_add_byte(&text, 0) == ST_OK &&
	       mongoc_uri_set_username(uri, (const char *)text.data) &&
	       mongoc_uri_set_password(uri, (const char *)text.data +
						a->user.len + 1) &&
	       mongoc_uri_set_auth_source(uri, source);
	buf_fini(&text);
	return good;
}

static void
on_asked(const mongoc_apm_command_started_t *e)
{
	pace_begin(mongoc_apm_command_started_get_context(e));
}

static void
on_answered(const mongoc_apm_command_succeeded_t *e)
{
	pace_end(mongoc_apm_command_succeeded_get_context(e),
		 mongoc_apm_command_succeeded_get_reply(e)->len);
}

static void
on_failed(const mongoc_apm_command_failed_t *e)
{
	pace_end(mongoc_apm_command_failed_get_context(e), 0);
}

/* What is asked, which cursors do by themselves. */
static void
keep_pace(struct mongo_link *m, struct pace *p)
{
	mongoc_apm_callbacks_t *calls = mongoc_apm_callbacks_new();

	mongoc_apm_set_command_started_cb(calls, on_asked);
	mongoc_apm_set_command_succeeded_cb(calls, on_answered);
	mongoc_apm_set_command_failed_cb(calls, on_failed);
	if (p != NULL)
		mongoc_client_set_apm_callbacks(m->client, calls, p);
	mongoc_apm_callbacks_destroy(calls);
}

static enum status
make_client(struct mongo_link *m, const struct account *a, bool tls,
	    const char *source)
{
	char host[URL_HOST_MAX];
	mongoc_uri_t *uri;
	bson_error_t e;
	enum status st = str_copy(host, sizeof(host), a->url.host);

	if (st != ST_OK)
		return st;
	uri = mongoc_uri_new_for_host_port(host, a->url.port != 0 ? a->url.port
								  : PORT);
	if (uri == NULL)
		return ST_MALFORMED;
	mongoc_uri_set_appname(uri, "trawl");
	mongoc_uri_set_option_as_bool(uri, MONGOC_URI_TLS, tls);
	if (tls)
		trust(m, uri, a->ca);
	set_times(uri, &a->patience);
	if (set_user(uri, a, source))
		m->client = mongoc_client_new_from_uri_with_error(uri, &e);
	mongoc_uri_destroy(uri);
	if (m->client == NULL)
		return ST_USAGE;
	keep_pace(m, a->patience.pace);
	mongoc_client_set_error_api(m->client, MONGOC_ERROR_API_VERSION_2);
	m->prefs = mongoc_read_prefs_new(MONGOC_READ_SECONDARY_PREFERRED);
	return m->prefs == NULL ? ST_NOMEM : ST_OK;
}

/* Nothing is said before something is asked: who we are, and what we may. */
static enum status
greet(struct mongo_link *m)
{
	bson_t *ask = BCON_NEW("connectionStatus", BCON_INT32(1));
	bson_t reply;
	bson_error_t e = {0};
	enum status st = ST_OK;

	if (!mongoc_client_command_simple(m->client, "admin", ask, m->prefs,
					  &reply, &e))
		st = failed(m, &e);
	bson_destroy(&reply);
	bson_destroy(ask);
	return st;
}

enum status
mongo_link_open(const struct account *a, bool tls, const char *source,
		struct mongo_link **out)
{
	struct mongo_link *m = calloc(1, sizeof(*m));
	enum status st;

	mongoc_init(); /* once is enough, and more does no harm */
	mongoc_log_set_handler(NULL, NULL);
	if (m == NULL)
		return ST_NOMEM;
	m->ca = -1;
	st = make_client(m, a, tls, source);
	if (st != ST_OK) {
		mongo_link_close(m);
		return st;
	}
	*out = m; /* its words are wanted whatever comes */
	return greet(m);
}

void
mongo_link_close(struct mongo_link *m)
{
	if (m == NULL)
		return;
	mongoc_read_prefs_destroy(m->prefs);
	if (m->client != NULL)
		mongoc_client_destroy(m->client);
	if (m->ca >= 0)
		close(m->ca);
	free(m);
}

/* ---- what there is ---- */

static enum mongo_kind
kind_of(const char *type)
{
	return strcmp(type, "view") == 0         ? MONGO_VIEW
	       : strcmp(type, "collection") == 0 ? MONGO_COLLECTION
						 : MONGO_SERIES;
}

/* The names in what a cursor gives, which it ends. */
static enum status
give_names(struct mongo_link *m, mongoc_cursor_t *cursor, mongo_name *each,
	   void *arg)
{
	enum status st = ST_OK;
	const bson_t *doc;
	bson_error_t e;
	bson_iter_t i;

	while (st == ST_OK && mongoc_cursor_next(cursor, &doc)) {
		enum mongo_kind kind = MONGO_COLLECTION;

		if (bson_iter_init_find(&i, doc, "type") &&
		    BSON_ITER_HOLDS_UTF8(&i))
			kind = kind_of(bson_iter_utf8(&i, NULL));
		if (bson_iter_init_find(&i, doc, "name") &&
		    BSON_ITER_HOLDS_UTF8(&i))
			st = each(arg, bson_iter_utf8(&i, NULL), kind);
	}
	if (st == ST_OK && mongoc_cursor_error(cursor, &e))
		st = failed(m, &e);
	mongoc_cursor_destroy(cursor);
	return st;
}

enum status
mongo_link_bases(struct mongo_link *m, mongo_name *each, void *arg)
{
	bson_t *opts = BCON_NEW("nameOnly", BCON_BOOL(true),
				"authorizedDatabases", BCON_BOOL(true));
	enum status st = give_names(
	    m, mongoc_client_find_databases_with_opts(m->client, opts), each,
	    arg);

	bson_destroy(opts);
	return st;
}

enum status
mongo_link_collections(struct mongo_link *m, const char *base, mongo_name *each,
		       void *arg)
{
	mongoc_database_t *d = mongoc_client_get_database(m->client, base);
	bson_t *opts = BCON_NEW("nameOnly", BCON_BOOL(true),
				"authorizedCollections", BCON_BOOL(true));
	enum status st = give_names(
	    m, mongoc_database_find_collections_with_opts(d, opts), each, arg);

	bson_destroy(opts);
	mongoc_database_destroy(d);
	return st;
}

enum status
mongo_link_count(struct mongo_link *m, const char *base, const char *collection,
		 uint64_t *count)
{
	mongoc_collection_t *c =
	    mongoc_client_get_collection(m->client, base, collection);
	bson_error_t e = {0};
	int64_t n = mongoc_collection_estimated_document_count(
	    c, NULL, m->prefs, NULL, &e);

	mongoc_collection_destroy(c);
	if (n < 0)
		return failed(m, &e);
	*count = (uint64_t)n;
	return ST_OK;
}

/* ---- documents ---- */

static enum status
find(struct mongo_link *m, const char *base, const char *collection,
     const bson_t *filter, const bson_t *opts, struct mongo_cursor **out)
{
	struct mongo_cursor *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return ST_NOMEM;
	buf_init(&c->behind, (size_t)17 << 20);
	c->link = m;
	c->collection =
	    mongoc_client_get_collection(m->client, base, collection);
	c->cursor = mongoc_collection_find_with_opts(c->collection, filter,
						     opts, m->prefs);
	*out = c;
	return ST_OK;
}

/* An index has all kinds of _id in one order; $gt would see only one kind. */
static bool
begin_behind(bson_t *opts, struct span behind)
{
	bson_t doc, min;
	bson_iter_t i;
	bool good;

	if (!bson_init_static(&doc, behind.ptr, behind.len) ||
	    !bson_iter_init_find(&i, &doc, "_id"))
		return false;
	good = BSON_APPEND_DOCUMENT_BEGIN(opts, "min", &min) &&
	       bson_append_iter(&min, NULL, 0, &i) &&
	       bson_append_document_end(opts, &min);
	return good;
}

static bool
tell(bson_t *opts, const struct mongo_told *t)
{
	bson_t fields;
	bool good = true;

	if (t->count == 0)
		return true;
	if (!BSON_APPEND_DOCUMENT_BEGIN(opts, "projection", &fields))
		return false;
	for (size_t i = 0; i < t->count && good; i++)
		good =
		    bson_append_int32(&fields, (const char *)t->field[i].ptr,
				      (int)t->field[i].len, t->without ? 0 : 1);
	return bson_append_document_end(opts, &fields) && good;
}

enum status
mongo_cursor_open(struct mongo_link *m, const struct mongo_find *f,
		  struct mongo_cursor **out)
{
	bson_t none = BSON_INITIALIZER;
	bson_t *opts = BCON_NEW("batchSize", BCON_INT32(BATCH));
	bson_t *order = BCON_NEW("_id", BCON_INT32(1));
	enum status st = ST_OK;

	if (f->by_id && (!BSON_APPEND_DOCUMENT(opts, "sort", order) ||
			 !BSON_APPEND_DOCUMENT(opts, "hint", order)))
		st = ST_NOMEM;
	if (st == ST_OK && !tell(opts, &f->told))
		st = ST_LIMIT;
	if (st == ST_OK && f->behind.len > 0 &&
	    (!f->by_id || !begin_behind(opts, f->behind)))
		st = ST_UNSUPPORTED;
	if (st == ST_OK)
		st = find(m, f->base, f->collection, &none, opts, out);
	if (st == ST_OK && f->behind.len > 0)
		st = buf_add(&(*out)->behind, f->behind.ptr, f->behind.len);
	bson_destroy(order);
	bson_destroy(opts);
	return st;
}

enum status
mongo_cursor_pieces(struct mongo_link *m, const char *base,
		    const char *collection, struct span of,
		    struct mongo_cursor **out)
{
	bson_t doc, filter = BSON_INITIALIZER;
	bson_t *opts = BCON_NEW("sort", "{", "n", BCON_INT32(1), "}",
				"batchSize", BCON_INT32(8));
	enum status st = ST_MALFORMED;
	bson_iter_t i;

	if (bson_init_static(&doc, of.ptr, of.len) &&
	    bson_iter_init_find(&i, &doc, "_id") &&
	    bson_append_iter(&filter, "files_id", -1, &i))
		st = find(m, base, collection, &filter, opts, out);
	bson_destroy(&filter);
	bson_destroy(opts);
	return st;
}

/* The first one is where we were, when it is still there. */
static bool
is_behind(struct mongo_cursor *c, const bson_t *doc)
{
	bson_iter_t a, b;
	bson_t was;
	bool same;

	if (c->behind.len == 0)
		return false;
	same = bson_init_static(&was, c->behind.data, c->behind.len) &&
	       bson_iter_init_find(&a, &was, "_id") &&
	       bson_iter_init_find(&b, doc, "_id") &&
	       bson_iter_type(&a) == bson_iter_type(&b) &&
	       a.next_off - a.d1 == b.next_off - b.d1 &&
	       memcmp(a.raw + a.d1, b.raw + b.d1, a.next_off - a.d1) == 0;
	buf_clear(&c->behind);
	return same;
}

enum status
mongo_cursor_next(struct mongo_cursor *c, struct span *document)
{
	const bson_t *doc;
	bson_error_t e;

	do
		if (!mongoc_cursor_next(c->cursor, &doc))
			return mongoc_cursor_error(c->cursor, &e)
				   ? failed(c->link, &e)
				   : ST_EOF;
	while (is_behind(c, doc));
	*document = span_of(bson_get_data(doc), doc->len);
	return ST_OK;
}

void
mongo_cursor_close(struct mongo_cursor *c)
{
	if (c == NULL)
		return;
	if (c->cursor != NULL)
		mongoc_cursor_destroy(c->cursor);
	if (c->collection != NULL)
		mongoc_collection_destroy(c->collection);
	buf_fini(&c->behind);
	free(c);
}
