#include "proxy-agent/data/mongo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "model/fields.h"
#include "proxy-agent/data/mongo_bson.h"
#include "proxy-agent/data/mongo_link.h"
#include "proxy-agent/session/net.h"
#include "proxy-agent/source/account.h"
#include "source/filter.h"
#include "source/url.h"

#define OUT_CAP    ((size_t)48 << 20) /* a document has 16 MiB at most */
#define OUT_ENOUGH ((size_t)256 * 1024)
#define DOC_CAP    ((size_t)17 << 20)
#define PATH_CAP   8192
#define TRIES      5

struct unit {
	char *base, *name;
	enum mongo_kind kind;
	bool files;  /* documents of GridFS: what they speak of is beside */
	bool pieces; /* that: it is read with them */
};

struct source {
	struct account login;
	struct filter filter;
	char known_by[256]; /* the database that knows the user */
	bool tls, views, count_only, browse;
	struct mongo_link *link;
	struct mongo_cursor *cursor, *pieces;
	struct unit *units;
	size_t count, room, at; /* at: behind the item */
	struct buf base, only;  /* C strings, of the target; "" for all */
	const char *listing;    /* the base whose collections come */
	struct buf doc;         /* the last one that was put */
	struct buf out;
	uint64_t read, counted, given; /* given: pieces of the file at hand */
	unsigned failures;             /* in a row */
	enum { DOCUMENTS, PIECES, ENDED } step;
	struct buf path, detail;
};

/* ---- what there is ---- */

static enum status
add_unit(struct source *s, const char *base, const char *name,
	 enum mongo_kind kind)
{
	struct unit u = {.kind = kind};

	if (s->count == s->room) {
		size_t room = s->room == 0 ? 64 : s->room * 2;
		struct unit *more = reallocarray(s->units, room, sizeof(*more));

		if (more == NULL)
			return ST_NOMEM;
		s->units = more;
		s->room = room;
	}
	u.base = strdup(base);
	u.name = strdup(name);
	if (u.base == NULL || u.name == NULL) {
		free(u.base);
		free(u.name);
		return ST_NOMEM;
	}
	s->units[s->count++] = u;
	return ST_OK;
}

static const char *
only(const struct source *s)
{
	return (const char *)s->only.data;
}

static enum status
see_collection(void *arg, const char *name, enum mongo_kind kind)
{
	struct source *s = arg;
	char way[1024];

	if (only(s)[0] != 0 && strcmp(only(s), name) != 0)
		return ST_OK;
	if (only(s)[0] == 0 && (strncmp(name, "system.", 7) == 0 ||
				(kind == MONGO_VIEW && !s->views)))
		return ST_OK;
	snprintf(way, sizeof(way), "%s/%s", s->listing, name);
	if (!filter_takes(&s->filter, span_str(way), 0, 0))
		return ST_OK;
	return add_unit(s, s->listing, name, kind);
}

static enum status
see_base(void *arg, const char *name, enum mongo_kind kind)
{
	struct source *s = arg;

	(void)kind;
	if (strcmp(name, "local") == 0 || strcmp(name, "config") == 0)
		return ST_OK;
	return add_unit(s, name, "", MONGO_COLLECTION);
}

static int
by_name(const void *a, const void *b)
{
	const struct unit *x = a, *y = b;
	int c = strcmp(x->base, y->base);

	return c != 0 ? c : strcmp(x->name, y->name);
}

static bool
has_suffix(const char *name, const char *suffix, size_t *len)
{
	size_t n = strlen(name), m = strlen(suffix);

	*len = n < m ? 0 : n - m;
	return n > m && strcmp(name + n - m, suffix) == 0;
}

static bool
belong_together(const struct unit *files, const struct unit *pieces)
{
	size_t n, m;

	return has_suffix(files->name, ".files", &n) &&
	       has_suffix(pieces->name, ".chunks", &m) && n == m &&
	       strcmp(files->base, pieces->base) == 0 &&
	       strncmp(files->name, pieces->name, n) == 0;
}

/* "fs.files" and "fs.chunks" are one: files, and what they hold. */
static void
pair_files(struct source *s)
{
	size_t kept = 0, n;

	for (size_t i = 0; i < s->count; i++) {
		if (!has_suffix(s->units[i].name, ".files", &n))
			continue;
		for (size_t j = 0; j < s->count; j++)
			if (belong_together(&s->units[i], &s->units[j]))
				s->units[i].files = s->units[j].pieces = true;
	}
	for (size_t i = 0; i < s->count; i++) {
		if (s->units[i].pieces) {
			free(s->units[i].base);
			free(s->units[i].name);
			continue;
		}
		s->units[kept++] = s->units[i];
	}
	s->count = kept;
}

static enum status
list_units(struct source *s)
{
	enum status st = ST_OK;
	size_t bases;

	if (s->base.data[0] != 0)
		st = add_unit(s, (const char *)s->base.data, "",
			      MONGO_COLLECTION);
	else
		st = mongo_link_bases(s->link, see_base, s);
	bases = s->count;
	if (s->browse && s->base.data[0] == 0)
		return st;
	for (size_t i = 0; st == ST_OK && i < bases; i++) {
		s->listing = s->units[i].base;
		st = mongo_link_collections(s->link, s->listing, see_collection,
					    s);
	}
	for (size_t i = 0; i < bases; i++) {
		free(s->units[i].base);
		free(s->units[i].name);
	}
	if (bases > 0)
		memmove(s->units, s->units + bases,
			(s->count - bases) * sizeof(*s->units));
	s->count -= bases;
	return st;
}

/* ---- connections ---- */

static void
hang_up(struct source *s)
{
	mongo_cursor_close(s->cursor);
	mongo_cursor_close(s->pieces);
	s->cursor = s->pieces = NULL;
	mongo_link_close(s->link);
	s->link = NULL;
}

static enum status
dial(struct source *s)
{
	hang_up(s);
	return mongo_link_open(&s->login, s->tls, s->known_by, &s->link);
}

static const struct unit *
unit_of(const struct source *s)
{
	return &s->units[s->at - 1];
}

static enum status
open_cursor(struct source *s)
{
	const struct unit *u = unit_of(s);

	return mongo_cursor_open(s->link, u->base, u->name,
				 u->kind == MONGO_COLLECTION, buf_span(&s->doc),
				 &s->cursor);
}

/* A new connection, and the collection at hand behind its last document. */
static enum status
come_back(struct source *s)
{
	enum status st = ST_CLOSED;

	if (s->failures++ >= TRIES)
		return ST_IO;
	for (unsigned i = 0; i < TRIES && account_again(st); i++) {
		account_rest(i);
		st = dial(s);
	}
	if (st == ST_OK && s->step != ENDED)
		st = open_cursor(s);
	return st;
}

/* ---- documents ---- */

static enum status
put_document(struct source *s)
{
	struct span doc = span_of(NULL, 0);
	enum status st = mongo_cursor_next(s->cursor, &doc);

	if (st == ST_EOF) {
		s->step = ENDED;
		if (unit_of(s)->kind != MONGO_COLLECTION)
			s->counted = s->read;
		return fields_end(&s->out, s->read, s->counted);
	}
	if (st != ST_OK)
		return st;
	s->failures = 0;
	st = mongo_bson_put(&s->out, doc);
	if (st == ST_MALFORMED || st == ST_LIMIT)
		st = fields_note(&s->out, COVER_MALFORMED,
				 span_str("a document is not well formed"));
	s->read++;
	s->given = 0;
	buf_clear(&s->doc);
	if (st == ST_OK)
		st = buf_add(&s->doc, doc.ptr, doc.len);
	s->step = unit_of(s)->files ? PIECES : DOCUMENTS;
	return st;
}

/* ---- files ---- */

static enum status
open_pieces(struct source *s)
{
	const struct unit *u = unit_of(s);
	struct span passed;
	struct buf name;
	enum status st;
	size_t n;

	buf_init(&name, PATH_CAP);
	(void)has_suffix(u->name, ".files", &n);
	st = buf_addf(&name, "%.*s.chunks", (int)n, u->name);
	if (st == ST_OK)
		st = buf_add_byte(&name, 0);
	if (st == ST_OK)
		st = mongo_cursor_pieces(s->link, u->base,
					 (const char *)name.data,
					 buf_span(&s->doc), &s->pieces);
	buf_fini(&name);
	for (uint64_t i = 0; st == ST_OK && i < s->given; i++)
		st = mongo_cursor_next(s->pieces, &passed);
	return st;
}

static enum status
put_name(struct source *s, struct span first)
{
	struct span name = span_of(NULL, 0);

	if (mongo_bson_bytes(buf_span(&s->doc), "filename", &name) != ST_OK ||
	    name.len == 0)
		name = span_str("file");
	return fields_name(&s->out, name, FIELDS_LABEL | fields_look(first));
}

static enum status
put_piece(struct source *s)
{
	struct span doc, bytes = span_of(NULL, 0);
	enum status st = s->pieces == NULL ? open_pieces(s) : ST_OK;

	if (st == ST_OK)
		st = mongo_cursor_next(s->pieces, &doc);
	if (st == ST_EOF) {
		mongo_cursor_close(s->pieces);
		s->pieces = NULL;
		s->step = DOCUMENTS;
		return s->given > 0 ? fields_piece(&s->out, span_of(NULL, 0))
				    : ST_OK;
	}
	if (st == ST_OK)
		st = mongo_bson_bytes(doc, "data", &bytes);
	if (st == ST_OK && s->given++ == 0)
		st = put_name(s, bytes);
	while (st == ST_OK && bytes.len > 0) {
		size_t n = bytes.len < FIELDS_PIECE ? bytes.len : FIELDS_PIECE;

		st = fields_piece(&s->out, span_of(bytes.ptr, n));
		bytes = span_skip(bytes, n);
	}
	return st == ST_NOTFOUND ? ST_OK : st;
}

static enum status
make_more(struct source *s)
{
	enum status st = s->step == PIECES ? put_piece(s) : put_document(s);

	return st == ST_CLOSED ? come_back(s) : st;
}

/* ---- items ---- */

static enum status
begin_unit(struct source *s, const struct unit *u)
{
	enum status st = s->link == NULL ? ST_CLOSED : ST_OK;

	mongo_cursor_close(s->cursor);
	mongo_cursor_close(s->pieces);
	s->cursor = s->pieces = NULL;
	buf_clear(&s->out);
	buf_clear(&s->doc);
	s->read = s->counted = s->given = 0;
	s->step = DOCUMENTS;
	if (st == ST_OK && u->kind == MONGO_COLLECTION)
		st = mongo_link_count(s->link, u->base, u->name, &s->counted);
	if (st == ST_OK)
		st = fields_begin(&s->out);
	return st == ST_OK ? open_cursor(s) : st;
}

static enum status
set_path(struct source *s, const struct unit *u)
{
	enum status st;

	buf_clear(&s->path);
	st = url_root(&s->login.url, &s->path);
	if (st == ST_OK)
		st = buf_add_byte(&s->path, '/');
	if (st == ST_OK)
		st = url_encode(span_str(u->base), &s->path);
	if (st != ST_OK || u->name[0] == 0)
		return st;
	st = buf_add_byte(&s->path, '/');
	return st == ST_OK ? url_encode(span_str(u->name), &s->path) : st;
}

static enum status
mongo_next(struct source *s, struct source_item *item)
{
	const struct unit *u;
	enum status st = ST_OK;

	if (s->at >= s->count)
		return ST_EOF;
	u = &s->units[s->at++];
	*item = (struct source_item){.trickle = true, .folder = s->browse};
	s->failures = 0;
	if (!s->count_only && !s->browse) {
		st = begin_unit(s, u);
		s->step = st == ST_CLOSED ? ENDED : s->step;
		if (st == ST_CLOSED && come_back(s) == ST_OK)
			st = begin_unit(s, u);
	}
	if (st != ST_OK) {
		s->step = ENDED;
		item->reason = st == ST_DENIED ? COVER_DENIED : COVER_IO;
		buf_clear(&s->detail);
		(void)!buf_add_str(&s->detail,
				   s->link == NULL
				       ? "the connection was lost and did not "
					 "come back"
				       : mongo_link_trouble(s->link));
		item->detail = buf_span(&s->detail);
	}
	st = set_path(s, u);
	item->path = buf_span(&s->path);
	return st;
}

static enum status
mongo_read(struct source *s, void *dst, size_t n, size_t *got)
{
	enum status st = ST_OK;

	*got = 0;
	while (st == ST_OK && s->out.len < OUT_ENOUGH && s->step != ENDED)
		st = make_more(s);
	if (st != ST_OK) {
		s->step = ENDED;
		return ST_IO;
	}
	*got = n < s->out.len ? n : s->out.len;
	if (*got > 0)
		memcpy(dst, s->out.data, *got);
	buf_drop(&s->out, *got);
	return ST_OK;
}

/* ---- the target ---- */

static enum status
mongo_cursor_of(const struct source *s, struct buf *to)
{
	const struct unit *u;
	enum status st;

	if (s->at == 0 || s->at > s->count)
		return ST_OK;
	u = &s->units[s->at - 1];
	st = buf_add_str(to, u->base);
	if (st == ST_OK)
		st = buf_add_byte(to, 0);
	return st == ST_OK ? buf_add_str(to, u->name) : st;
}

static void
go_behind(struct source *s, struct span cursor)
{
	size_t n = str_find(cursor, 0);
	char base[512], name[512];
	const struct unit was = {.base = base, .name = name};

	if (cursor.len == 0 ||
	    str_copy(base, sizeof(base), span_of(cursor.ptr, n)) != ST_OK ||
	    str_copy(name, sizeof(name), span_skip(cursor, n + 1)) != ST_OK)
		return;
	while (s->at < s->count && by_name(&s->units[s->at], &was) <= 0)
		s->at++;
}

static enum status
bad_option(const struct source_target *t, const char *name)
{
	net_say(t->why, "the option %s cannot be read", name);
	return ST_USAGE;
}

static bool
is_here(struct span host)
{
	char name[URL_HOST_MAX];

	if (str_copy(name, sizeof(name), host) != ST_OK)
		return false;
	return (name[strspn(name, "0123456789.")] == 0 &&
		strncmp(name, "127.", 4) == 0) ||
	       strcmp(name, "::1") == 0 || strcmp(name, "localhost") == 0;
}

static enum status
read_options(struct source *s, const struct source_target *t)
{
	struct span auth = source_option(t, "auth"),
		    tls = source_option(t, "tls"),
		    views = source_option(t, "views"), bad;
	bool here = is_here(s->login.url.host);

	s->filter = filter_of(t->options, 0, &bad);
	s->tls = !here;
	if (bad.len > 0)
		return bad_option(t, "include or exclude");
	if (tls.len > 0 && str_to_bool(tls, &s->tls) != ST_OK)
		return bad_option(t, "tls");
	if (views.len > 0 && str_to_bool(views, &s->views) != ST_OK)
		return bad_option(t, "views");
	if (auth.len == 0)
		auth = span_str("admin");
	if (str_copy(s->known_by, sizeof(s->known_by), auth) != ST_OK)
		return bad_option(t, "auth");
	if (s->tls || here || s->login.password.len == 0)
		return ST_OK;
	net_say(t->why, "a password does not go to another host in clear: "
			"leave out tls=no");
	return ST_DENIED;
}

/* The parts of the path, decoded; "" where there is none. */
static enum status
read_path(struct source *s)
{
	struct span rest = span_skip(s->login.url.path, 1), part;
	enum status st = ST_OK;

	if (str_next(&rest, '/', &part))
		st = url_decode(part, &s->base);
	if (st == ST_OK)
		st = url_decode(rest, &s->only);
	if (st == ST_OK)
		st = buf_add_byte(&s->base, 0);
	return st == ST_OK ? buf_add_byte(&s->only, 0) : st;
}

static void
mongo_close(struct source *s)
{
	if (s == NULL)
		return;
	hang_up(s);
	for (size_t i = 0; i < s->count; i++) {
		free(s->units[i].base);
		free(s->units[i].name);
	}
	free(s->units);
	account_fini(&s->login);
	buf_fini(&s->base);
	buf_fini(&s->only);
	buf_fini(&s->doc);
	buf_fini(&s->out);
	buf_fini(&s->path);
	buf_fini(&s->detail);
	free(s);
}

static enum status
look_around(struct source *s, struct buf *why)
{
	enum status st = dial(s);

	if (st == ST_OK)
		st = list_units(s);
	if (st == ST_OK && s->count == 0 && only(s)[0] != 0)
		st = ST_NOTFOUND;
	if (st == ST_NOTFOUND)
		net_say(why, "there is no such collection that this user may "
			     "see");
	else if (st != ST_OK && s->link != NULL)
		net_say(why, "%s", mongo_link_trouble(s->link));
	if (st != ST_OK)
		return st;
	if (s->count > 0)
		qsort(s->units, s->count, sizeof(*s->units), by_name);
	pair_files(s);
	return ST_OK;
}

static enum status
mongo_open(const struct source_target *t, struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	s->count_only = t->count;
	s->browse = t->browse;
	s->step = ENDED;
	buf_init(&s->base, PATH_CAP);
	buf_init(&s->only, PATH_CAP);
	buf_init(&s->doc, DOC_CAP);
	buf_init(&s->out, OUT_CAP);
	buf_init(&s->path, PATH_CAP);
	buf_init(&s->detail, 512);
	st = account_read_open(&s->login, t);
	if (st == ST_OK)
		st = read_options(s, t);
	if (st == ST_OK)
		st = read_path(s);
	if (st == ST_OK)
		st = look_around(s, t->why);
	if (st != ST_OK) {
		mongo_close(s);
		return st;
	}
	go_behind(s, t->cursor);
	*out = s;
	return ST_OK;
}

const struct source_ops mongo_source = {
    .scheme = "mongodb",
    .open = mongo_open,
    .next = mongo_next,
    .read = mongo_read,
    .cursor = mongo_cursor_of,
    .close = mongo_close,
};
