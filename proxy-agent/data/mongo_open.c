#include <stdlib.h>

#include "base/clock.h"
#include "base/str.h"
#include "proxy-agent/data/mongo_impl.h"
#include "proxy-agent/session/net.h"
#include "source/url.h"

#define OUT_CAP  ((size_t)48 << 20) /* a document has 16 MiB at most */
#define DOC_CAP  ((size_t)17 << 20)
#define RATE_MAX 1000000 /* documents a second */

void
mongo_hang_up(struct source *s)
{
	mongo_cursor_close(s->cursor);
	mongo_cursor_close(s->pieces);
	s->cursor = s->pieces = NULL;
	mongo_link_close(s->link);
	s->link = NULL;
}

enum status
mongo_dial(struct source *s)
{
	mongo_hang_up(s);
	return mongo_link_open(&s->login, s->tls, s->known_by, &s->link);
}

static enum status
bad_option(const struct source_target *t, const char *name)
{
	net_say(t->why, "the option %s cannot be read", name);
	return ST_USAGE;
}

static enum status
read_options(struct source *s, const struct source_target *t)
{
	struct span auth = source_option(t, "auth"),
		    tls = source_option(t, "tls"),
		    views = source_option(t, "views"),
		    rate = source_option(t, "rate");
	uint64_t n = 0;
	bool here = net_is_here(s->login.url.host);

	s->tls = !here;
	if (tls.len > 0 && str_to_bool(tls, &s->tls) != ST_OK)
		return bad_option(t, "tls");
	if (views.len > 0 && str_to_bool(views, &s->views) != ST_OK)
		return bad_option(t, "views");
	if (rate.ptr != NULL && str_to_u64(rate, 0, RATE_MAX, &n) != ST_OK)
		return bad_option(t, "rate");
	throttle_init(&s->rate, clock_system(), n, n / 4 + 1);
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

/* The parts of the path, decoded; "" where there is none; and what of it. */
static enum status
read_path(struct source *s, const struct source_target *t)
{
	struct span rest = span_skip(s->login.url.path, 1), part;
	enum status st = ST_OK;

	if (str_next(&rest, '/', &part))
		st = url_decode(part, &s->base);
	if (st == ST_OK)
		st = url_decode(rest, &s->only);
	s->choice = (struct sql_choice){.database = s->base.len > 0,
					.schema = true,
					.table = s->only.len > 0,
					.include = source_option(t, "include"),
					.exclude = source_option(t, "exclude")};
	if (st == ST_OK)
		st = buf_add_byte(&s->base, 0);
	return st == ST_OK ? buf_add_byte(&s->only, 0) : st;
}

void
mongo_close(struct source *s)
{
	if (s == NULL)
		return;
	mongo_hang_up(s);
	mongo_drop_units(s);
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
	enum status st = mongo_dial(s);

	if (st == ST_OK)
		st = mongo_find_units(s);
	if (st == ST_NOTFOUND)
		net_say(why, "there is no such collection that this user may "
			     "see");
	else if (st != ST_OK && s->link != NULL)
		net_say(why, "%s", mongo_link_trouble(s->link));
	return st;
}

enum status
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
		st = read_path(s, t);
	if (st == ST_OK)
		st = look_around(s, t->why);
	if (st != ST_OK) {
		mongo_close(s);
		return st;
	}
	mongo_go_behind(s, t->cursor);
	*out = s;
	return ST_OK;
}
