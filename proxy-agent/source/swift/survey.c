#include "proxy-agent/session/href.h"
#include "proxy-agent/source/swift/impl.h"

static enum status
note_segment(void *arg, const struct swift_entry *o)
{
	struct source *s = arg;

	return o->name.len > 1
		   ? swift_parts_add(&s->parts, span_skip(o->name, 1))
		   : ST_OK;
}

static enum status
note_manifest(struct source *s, const struct swift_entry *o)
{
	unsigned code = 0;
	enum status st;
	struct buf url;

	buf_init(&url, 4 * KEY_MAX);
	st = swift_add_place(s, o->name, &url);
	if (st == ST_OK)
		st = buf_add_str(&url, "?multipart-manifest=get");
	if (st == ST_OK)
		st = swift_ask_list(s, buf_span(&url), NULL, note_segment,
				    &code);
	buf_fini(&url);
	/* one that cannot be looked into is no reason to stop */
	return st == ST_NOMEM || st == ST_LIMIT ? st : ST_OK;
}

static enum status
note_prefix(struct source *s, const struct swift_entry *o)
{
	struct http_request r = {
	    .method = "HEAD", .sign = swift_login_sign, .arg = &s->login};
	const struct http_reply *reply;
	struct http_call *c = NULL;
	struct buf url, prefix;
	enum status st;

	buf_init(&url, 4 * KEY_MAX);
	buf_init(&prefix, KEY_MAX);
	st = swift_add_place(s, o->name, &url);
	r.url = buf_span(&url);
	if (st == ST_OK)
		st = http_start(s->login.http, &r, &c);
	if (st == ST_OK)
		st = http_head(c, &reply);
	if (st == ST_OK)
		st =
		    href_unescape(http_header(c, "x-object-manifest"), &prefix);
	if (st == ST_OK && prefix.len > 0)
		st = swift_parts_prefix(&s->parts, buf_span(&prefix));
	http_stop(c);
	buf_fini(&url);
	buf_fini(&prefix);
	return st == ST_NOMEM || st == ST_LIMIT ? st : ST_OK;
}

static enum status
survey_object(void *arg, const struct swift_entry *o)
{
	struct source *s = arg;

	if (o->folder || o->marks)
		return ST_OK;
	if (o->manifest)
		return note_manifest(s, o);
	return o->size == 0 ? note_prefix(s, o) : ST_OK;
}

enum status
swift_survey(struct source *s)
{
	enum status st = ST_OK;
	unsigned code = 0;

	while (st == ST_OK) {
		st = swift_next_container(s);
		while (st == ST_OK)
			st = swift_ask_page(s, survey_object, &code);
		/* what goes wrong here is told when it is read */
		if (st != ST_NOMEM && st != ST_LIMIT &&
		    s->containers_at < s->containers.len)
			st = ST_OK;
	}
	s->containers_at = 0;
	swift_parts_end(&s->parts);
	return st == ST_NOMEM ? st : ST_OK;
}
