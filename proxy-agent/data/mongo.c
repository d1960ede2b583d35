#include <string.h>
#include <time.h>

#include "model/fields.h"
#include "proxy-agent/data/mongo_impl.h"
#include "source/url.h"

#define OUT_ENOUGH ((size_t)256 * 1024)

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
	return st == ST_OK ? mongo_open_cursor(s) : st;
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
		if (st == ST_CLOSED && mongo_come_back(s) == ST_OK)
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

/* By its rate; then what is there goes out. */
static bool
has_waited(struct source *s)
{
	uint64_t ms = throttle_wait(&s->rate);
	const struct timespec t = {.tv_sec = (time_t)(ms / 1000),
				   .tv_nsec = (long)(ms % 1000) * 1000000};

	if (ms > 0)
		(void)nanosleep(&t, NULL); /* a signal: a little early */
	return ms > 0 && s->out.len > 0;
}

static enum status
mongo_read(struct source *s, void *dst, size_t n, size_t *got)
{
	enum status st = ST_OK;

	*got = 0;
	while (st == ST_OK && s->out.len < OUT_ENOUGH && s->step != ENDED &&
	       !has_waited(s))
		st = mongo_make_more(s);
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

const struct source_ops mongo_source = {
    .scheme = "mongodb",
    .open = mongo_open,
    .next = mongo_next,
    .read = mongo_read,
    .cursor = mongo_cursor_of,
    .close = mongo_close,
};
