#include "scan/reader.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "scan/reader_impl.h"
#include "scan/talk.h"
#include "source/renewal.h"
#include "source/url.h"
#include "sys/priv.h"
#include "sys/sandbox.h"

#define RATE_MAX 1000000 /* objects a second */
#define WHY_MAX  SLOT_DETAIL
#define SIGN_MS  1000

void
reader_lose_rights(void)
{
	static const char *const all[] = {"/"};
	const struct sandbox_paths paths = {.read = all, .read_count = 1};

	reader_need(priv_drop(NULL, PRIV_READ_ALL | PRIV_NO_TRACE));
	reader_need(sandbox_enter(SANDBOX_READER, &paths, NULL));
}

static void
sign(const struct reader *r)
{
	atomic_fetch_add_explicit(slots_signs(r->spec->slots), 1,
				  memory_order_relaxed);
}

/* In parts, each with a sign: whoever rests does not hang. */
static bool
sleep_ms(const struct reader *r, uint64_t ms)
{
	const bool any = ms > 0;

	while (ms > 0) {
		uint64_t part = ms < SIGN_MS ? ms : SIGN_MS;
		const struct timespec t = {.tv_sec = (time_t)(part / 1000),
					   .tv_nsec =
					       (long)(part % 1000) * 1000000};

		(void)nanosleep(&t, NULL); /* a signal: a little early */
		sign(r);
		ms -= part;
	}
	return any;
}

bool
reader_slow_down(struct reader *r, struct throttle *throttle, uint64_t n)
{
	return throttle->rate > 0 && sleep_ms(r, throttle_take(throttle, n));
}

/* Once for each target. */
static void
say_rest(struct reader *r)
{
	struct url u;

	r->said = true;
	if (url_parse(r->spec->order->paths[r->root], &u) == ST_OK)
		log_warn("%.*s answers much later than usual: it is given rest",
			 (int)u.host.len, (const char *)u.host.ptr);
}

bool
reader_rest(struct reader *r)
{
	uint64_t ms = r->spec->remote ? pace_rest(&r->pace) : 0;

	if (r->pace.rested_ms > 0 && !r->said)
		say_rest(r);
	return sleep_ms(r, ms);
}

static bool
is_known(const void *arg, struct span path, struct span version)
{
	uint8_t digest[CLEAN_SIZE];

	clean_digest(arg, path, version, digest);
	return clean_has(arg, digest);
}

void
reader_version(struct reader *r, struct slot_item *it, struct span version)
{
	if (r->spec->known == NULL || version.len == 0 ||
	    it->reason != COVER_OK || (it->flags & SLOT_FOLDER))
		return;
	clean_digest(r->spec->known, slot_span(r->slot, it->path, it->path_len),
		     version, it->version);
	if (clean_has(r->spec->known, it->version))
		it->flags |= SLOT_SAME;
}

static void
walk(struct reader *r)
{
	struct source_item item;
	struct slot_item *it;
	uint64_t before;
	enum status st;
	bool waits;

	reader_slot_take(r);
	while ((st = r->ops->next(r->source, &item)) == ST_OK) {
		before = r->slot->bytes;
		it = reader_slot_add(r, &item);
		reader_version(r, it, item.version);
		if (slot_is_read(it) && !r->spec->browse)
			reader_content(r, it, &item);
		if (r->piece_len > 0)
			reader_stream(r, &item);
		else
			reader_slow_down(r, &r->throttle,
					 r->slot->bytes - before);
		reader_remember(r);
		sign(r);
		waits = reader_slow_down(r, &r->rate, 1) || r->spec->remote;
		waits = reader_rest(r) || waits;
		if ((waits && reader_slot_old(r)) || reader_slot_full(r)) {
			reader_slot_cursor(r);
			reader_slot_send(r);
			reader_slot_take(r);
		}
	}
	if (st == ST_AGAIN)
		reader_give_over(r);
	/* a cursor is of this source: the slot may not outlive it */
	if (r->slot->count > 0) {
		r->slot->root = r->root + 1;
		reader_slot_send(r);
	}
}

/* A target that cannot be read at all. */
static void
no_source(struct reader *r, struct span path, uint8_t reason, struct span why,
	  bool unreached)
{
	struct source_item item = {
	    .path = path, .reason = reason, .detail = why};

	reader_slot_take(r);
	reader_slot_add(r, &item)->flags |= unreached ? SLOT_UNREACHED : 0;
	r->slot->root = r->root + 1;
	reader_slot_send(r);
}

/* Nothing was read of it, and where it stands nobody takes a connection. */
static bool
is_unreached(const struct reader *r, const struct source_target *t,
	     enum status st)
{
	const struct reader_spec *spec = r->spec;

	return spec->unreached != NULL && t->cursor.len == 0 &&
	       (st == ST_CLOSED || st == ST_TIMEOUT || st == ST_NOTFOUND ||
		st == ST_IO) &&
	       spec->unreached(t->path, &t->options);
}

/* Objects a second, as its options have it, where nobody else sees to that. */
static enum status
set_rate(struct reader *r, const struct source_target *t)
{
	struct span v = source_option(t, "rate");
	uint64_t rate = 0;

	if (r->ops->paced && v.ptr != NULL &&
	    str_to_u64(v, 0, RATE_MAX, &rate) != ST_OK)
		return buf_add_str(t->why, "the option rate is a number of "
					   "objects a second") == ST_OK
			   ? ST_USAGE
			   : ST_NOMEM;
	throttle_init(&r->rate, clock_system(), rate, rate / 4 + 1);
	return ST_OK;
}

/* Bytes a second: what the order allows, and no more than the target's. */
static enum status
set_bandwidth(struct reader *r, const struct source_target *t)
{
	struct span v = source_option(t, "bandwidth");
	uint64_t rate = r->spec->order->bytes_per_second, own = 0;

	if (v.ptr != NULL && str_to_size(v, &own) != ST_OK)
		return buf_add_str(t->why,
				   "the option bandwidth is bytes a "
				   "second, as 500KiB or 10MiB") == ST_OK
			   ? ST_USAGE
			   : ST_NOMEM;
	if (own > 0 && (rate == 0 || own < rate))
		rate = own;
	throttle_init(&r->throttle, clock_system(), rate, 0);
	return ST_OK;
}

/* What cannot be told is lost with who would have kept it. */
static void
tell_renewal(void *arg, struct span name, struct span was, struct span is)
{
	const struct reader *r = arg;
	const struct renewal n = {.name = name, .was = was, .is = is};
	struct buf body;
	enum status st;

	buf_init(&body, RENEWAL_MAX);
	st = buf_reserve(&body, RENEWAL_MAX);
	if (st == ST_OK)
		st = renewal_pack(&n, body.data, body.room, &body.len);
	if (st == ST_OK)
		st = pipe_say(r->spec->kept != NULL ? r->spec->kept : r->pipe,
			      TALK_RENEWED, 0, buf_span(&body));
	if (st != ST_OK)
		log_warn("a service replaced a refresh token, and the new one "
			 "cannot be kept: when the next scan is refused, give "
			 "the credential anew (%s)",
			 status_text(st));
	buf_fini(&body);
}

static void
tell_past(void *arg, struct span part, bool last)
{
	const struct reader *r = arg;

	reader_need(pipe_say(r->pipe, TALK_PAST, last, part));
}

static void
walk_root(struct reader *r, struct span cursor)
{
	struct reader_spec *spec = r->spec;
	const struct source_renewal renewal = {tell_renewal, r};
	const struct source_past past = {spec->past, tell_past, r};
	struct source_target t = {
	    .path = spec->order->paths[r->root],
	    .cursor = cursor,
	    .browse = spec->browse,
	    .options = spec->options,
	    .known = spec->known != NULL ? &r->known : NULL,
	    .renewal = &renewal,
	    .past = spec->known != NULL && spec->remote ? &past : NULL,
	    .own = spec->own,
	    .input = spec->input,
	};
	struct buf why;
	enum status st;

	r->ops = source_find(spec->sources, t.path);
	if (r->ops == NULL) {
		no_source(r, t.path,
			  spec->forsaken == NULL ? COVER_UNSUPPORTED
						 : spec->forsaken_reason,
			  span_str(spec->forsaken), false);
		return;
	}
	buf_init(&why, WHY_MAX);
	t.why = &why;
	t.pace = spec->remote ? &r->pace : NULL;
	pace_init(&r->pace, clock_system());
	r->pace.signs = slots_signs(spec->slots);
	r->told_ms = 0;
	r->said = false;
	if (spec->access != NULL)
		t.access.bytes = vault_span(spec->access);
	st = set_rate(r, &t);
	if (st == ST_OK)
		st = set_bandwidth(r, &t);
	if (st == ST_OK)
		st = r->ops->open(&t, &r->source);
	if (spec->access != NULL)
		vault_close(spec->access);
	if (st == ST_OK) {
		walk(r);
		r->ops->close(r->source);
	} else {
		no_source(r, t.path, reader_reason(st), buf_span(&why),
			  is_unreached(r, &t, st));
	}
	buf_fini(&why);
}

void
reader_main(struct reader_spec *spec)
{
	struct pipe *pipe;

	reader_need(slots_writable(spec->slots));
	reader_need(pipe_open(spec->fd, TALK_CAP, &pipe));
	reader_lose_rights();
	reader_serve(spec, pipe);
}

void
reader_serve(struct reader_spec *spec, struct pipe *pipe)
{
	struct reader r = {
	    .spec = spec,
	    .pipe = pipe,
	    .seq = spec->seq,
	    .root = spec->root,
	    .small = spec->remote ? SLOT_REMOTE : SLOT_SMALL,
	    .known = {is_known, spec->known},
	};
	struct pipe_message end = {.kind = TALK_WALKED};

	buf_init(&r.cursor, SLOT_PATH);
	buf_init(&r.before, SLOT_PATH);
	r.piece = spec->remote ? malloc(r.small + 1) : NULL;
	reader_need(spec->remote && r.piece == NULL ? ST_NOMEM : ST_OK);
	r.free = calloc(spec->slots->count, sizeof(*r.free));
	reader_need(r.free == NULL ? ST_NOMEM : ST_OK);
	for (; r.root < spec->order->path_count; r.root++)
		walk_root(&r, r.root == spec->root ? spec->cursor
						   : span_of(NULL, 0));
	end.tag = r.root;
	reader_need(pipe_send(r.pipe, &end));
	/* the director ends us; until then it may still write */
	while (pipe_receive(r.pipe, &end) == ST_OK)
		;
	_exit(0);
}
