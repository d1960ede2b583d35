#include <stdlib.h>
#include <string.h>

#include "proxy-agent/session/href.h"
#include "proxy-agent/source/dav/impl.h"

static const char question[] =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?><propfind xmlns=\"DAV:\"><prop>"
    "<resourcetype/><getcontentlength/><getlastmodified/><getetag/></prop>"
    "</propfind>";

/* ---- those that wait ---- */

static enum status
dav_push(struct source *s, struct span path, unsigned depth)
{
	struct folder *f = calloc(1, sizeof(*f) + path.len + 1);

	if (f == NULL)
		return ST_NOMEM;
	f->depth = depth;
	f->len = path.len;
	memcpy(f->path, path.ptr, path.len);
	f->next = s->folders;
	s->folders = f;
	return ST_OK;
}

enum status
dav_push_folders(struct source *s)
{
	enum status st = ST_OK;

	for (size_t i = s->list.count; i > 0 && st == ST_OK; i--) {
		const struct dav_entry *e = &s->list.entries[i - 1];

		if (e->folder && e->reason == COVER_OK && !dav_is_done(s, e))
			st = dav_push(s, e->path, s->depth + 1);
	}
	return st;
}

/* ---- one folder ---- */

static enum status
read_answer(struct source *s, struct http_call *c)
{
	uint8_t piece[16 * 1024];
	size_t got = 1;
	enum status st = ST_OK;

	while (st == ST_OK && got > 0) {
		st = http_read(c, piece, sizeof(piece), &got);
		if (st == ST_OK)
			st = dav_list_feed(&s->list, span_of(piece, got),
					   got == 0);
	}
	return st;
}

static enum status
hear_list(struct source *s, struct http_call *c, struct span path,
	  unsigned *code)
{
	const struct http_reply *reply;
	enum status st = dav_list_begin(&s->list, path);

	if (st == ST_OK)
		st = http_head(c, &reply);
	if (st != ST_OK)
		return st;
	*code = reply->code;
	st = http_code(*code);
	if (st == ST_OK && *code != 207)
		st = ST_MALFORMED;
	return st == ST_OK ? read_answer(s, c) : st;
}

/*
 * One that breaks off is heard again from its beginning. code: the answer's, 0
 * when there was none.
 */
static enum status
read_list(struct source *s, struct span url, struct span path, unsigned *code)
{
	const struct http_request q = {
	    .method = "PROPFIND",
	    .url = url,
	    .body = span_of(question, sizeof(question) - 1),
	    .type = "application/xml",
	    .depth = "1",
	};
	struct http_call *c = NULL;
	enum status st = http_start(s->http, &q, &c);

	if (st == ST_OK)
		st = hear_list(s, c, path, code);
	while ((st == ST_IO || st == ST_TIMEOUT) && http_anew(c))
		st = hear_list(s, c, path, code);
	http_stop(c);
	return dav_list_end(&s->list, st);
}

enum status
dav_folder_read(struct source *s, struct span path, unsigned *code)
{
	struct buf url;
	enum status st;

	buf_init(&url, 4 * PATH_MAX_);
	s->at = 0;
	*code = 0;
	st = buf_add(&url, s->site.data, s->site.len);
	if (st == ST_OK)
		st = href_escape(path, "/", &url);
	if (st == ST_OK)
		st = read_list(s, buf_span(&url), path, code);
	buf_fini(&url);
	return st;
}

const char *
dav_folder_why(const struct source *s, unsigned code)
{
	static const struct {
		unsigned code;
		const char *why;
	} rows[] = {
	    {401, "the server wants another user or password for it"},
	    {403, "the server does not let this user list it"},
	    {404, "the folder was there and is gone"},
	    {423, "it is locked"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].code == code)
			return rows[i].why;
	return http_why(s->http)[0] != 0 ? http_why(s->http)
					 : "its list could not be read";
}
