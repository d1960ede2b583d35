#include "proxy-agent/source/web/web.h"

#include "proxy-agent/source/web/impl.h"

/* What the guard against endless sites left out: once for each place. */
static enum status
next_trap(struct source *s, struct source_item *item)
{
	struct frontier *f = &s->frontier;

	*item = (struct source_item){.trickle = true};
	if (f->trap_at < f->trap_count) {
		item->path = f->traps[f->trap_at++];
		web_refuse(
		    s, item, COVER_LOOP,
		    "more addresses like it than a site can mean; they were "
		    "not read");
		return ST_OK;
	}
	if (!f->full)
		return ST_EOF;
	f->full = false;
	item->path = buf_span(&s->scope.home);
	web_refuse(s, item, COVER_MEMBERS,
		   "the site has more pages than the option pages allows");
	return ST_OK;
}

static enum status
browse_next(struct source *s, struct source_item *item)
{
	struct frontier *f = &s->frontier;

	if (f->at == f->now_count)
		return ST_EOF;
	*item = (struct source_item){.path = f->now[f->at++]};
	return ST_OK;
}

static enum status
web_next(struct source *s, struct source_item *item)
{
	if (s->browse)
		return browse_next(s, item);
	if (s->call != NULL)
		web_drain(s);
	for (;;) {
		web_look_ahead(s);
		if (s->ahead_count > 0) {
			enum turn turn = web_take(s, item);

			web_look_ahead(s);
			if (turn == TURN_GIVE)
				return ST_OK;
			web_drain(s);
			continue;
		}
		if (s->frontier.level == 1 && s->sitemaps && s->depth > 0)
			web_sitemaps(s);
		if (!frontier_turn(&s->frontier))
			return next_trap(s, item);
		s->asked = 0;
	}
}

static enum status
web_read(struct source *s, void *dst, size_t n, size_t *got)
{
	enum status st = http_read(s->call, dst, n, got);

	s->drained = st != ST_OK || *got == 0;
	if (st == ST_OK && s->is_page) {
		links_feed(&s->links, span_of(dst, *got));
		s->read += *got;
	}
	return st;
}

static enum status
web_cursor(const struct source *s, struct buf *to)
{
	return buf_addf(to, "%u %.*s", s->frontier.level, (int)s->origin.len,
			(const char *)s->origin.data);
}

const struct source_ops http_source = {
    .scheme = "http",
    .open = web_open,
    .next = web_next,
    .read = web_read,
    .cursor = web_cursor,
    .close = web_close,
};

const struct source_ops https_source = {
    .scheme = "https",
    .open = web_open,
    .next = web_next,
    .read = web_read,
    .cursor = web_cursor,
    .close = web_close,
};
