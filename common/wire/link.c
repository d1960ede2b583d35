#include "wire/link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/must.h"
#include "model/session.h"
#include "sys/loop.h"
#include "wire/codec_session.h"
#include "wire/dial.h"
#include "wire/lanes.h"

#define OUT_LOW (16 * 1024) /* below it more is moved to the socket */
#define OUT_HIGH                                                               \
	(64 * 1024)   /* no more than a bulk chunk is ahead of control         \
		       */
#define BYE_MS    250 /* for the last words */
#define SLOW_RATE 1   /* bytes a millisecond: slower is stalled */

const struct link_config link_config_default = {
    .handshake_ms = 10 * 1000,
    .idle_ms = 200 * 1000,
    .stall_ms = 60 * 1000,
    .queue_max = 8 * 1024 * 1024,
};

enum link_state {
	LINK_DIALING,
	LINK_HANDSHAKE,
	LINK_UP,
	LINK_LEAVING, /* BYE is queued; what comes in is thrown away */
	LINK_DOWN,
};

struct link {
	struct loop *loop;
	struct tls *tls;
	struct link_config config;
	struct link_owner owner;
	bool server;
	bool known; /* the peer (server) or we (client) have a certificate */
	enum link_state state;
	unsigned busy; /* callbacks that are running */
	bool closed;   /* link_close() came while busy */
	bool reading_stopped, full;

	struct dial *dial;
	struct bufferevent *bev;
	SSL *ssl; /* belongs to bev */
	struct loop_timer *timer;
	struct lanes lanes; /* frames that wait */
	char peer[64];

	/* Monotonic milliseconds. */
	uint64_t born;
	uint64_t last_in;     /* a byte came in */
	uint64_t last_out;    /* a byte went out, or nothing waited */
	uint64_t frame_since; /* half a frame is there since, 0: none */
	uint64_t frame_len;   /* of that frame */
	uint64_t leaving_since;
};

static uint64_t
now_ms(void)
{
	return clock_mono_ms(clock_system());
}

static void on_out(struct evbuffer *buffer, const struct evbuffer_cb_info *info,
		   void *arg);

static void
destroy(struct link *l)
{
	dial_close(l->dial);
	loop_timer_close(l->timer);
	if (l->bev != NULL) {
		/* It may live on until its own callback has returned. */
		(void)evbuffer_remove_cb(bufferevent_get_output(l->bev), on_out,
					 l);
		bufferevent_free(l->bev);
	}
	lanes_fini(&l->lanes);
	free(l);
}

static void
enter(struct link *l)
{
	must(l->busy < UINT8_MAX);
	l->busy++;
}

/* After a callback: true when the link is still there. */
static bool
leave(struct link *l)
{
	must(l->busy > 0);
	if (--l->busy == 0 && l->closed) {
		destroy(l);
		return false;
	}
	return !l->closed;
}

static void
cut(struct link *l)
{
	int fd = l->bev == NULL ? -1 : bufferevent_getfd(l->bev);

	l->state = LINK_DOWN;
	loop_timer_stop(l->timer);
	if (l->bev == NULL)
		return;
	bufferevent_disable(l->bev, EV_READ | EV_WRITE);
	if (fd >= 0)
		shutdown(fd, SHUT_RDWR);
}

static void
go_down(struct link *l, enum status why, const char *text)
{
	if (l->state == LINK_DOWN)
		return;
	cut(l);
	enter(l);
	l->owner.ops->down(l->owner.arg, l, why, text);
	(void)leave(l);
}

/* ---- out ---- */

/* No more than a chunk is ahead of what is more urgent. */
static void
pump(struct link *l)
{
	lanes_move(&l->lanes, bufferevent_get_output(l->bev), OUT_HIGH);
}

static size_t
waiting(const struct link *l)
{
	if (l->bev == NULL)
		return l->lanes.bytes;
	return l->lanes.bytes +
	       evbuffer_get_length(bufferevent_get_output(l->bev));
}

static void
on_out(struct evbuffer *buffer, const struct evbuffer_cb_info *info, void *arg)
{
	struct link *l = arg;

	(void)buffer;
	if (info->n_deleted > 0 || info->orig_size == 0)
		l->last_out = now_ms();
}

static void
on_writable(struct bufferevent *bev, void *arg)
{
	struct link *l = arg;

	(void)bev;
	if (l->state != LINK_UP && l->state != LINK_LEAVING)
		return;
	pump(l);
	if (l->state == LINK_LEAVING && waiting(l) == 0) {
		SSL_shutdown(l->ssl);
		shutdown(bufferevent_getfd(l->bev), SHUT_WR);
	} else if (l->full && waiting(l) < l->config.queue_max / 2) {
		l->full = false;
		enter(l);
		if (l->owner.ops->room != NULL)
			l->owner.ops->room(l->owner.arg, l);
		(void)leave(l);
	}
}

static enum status
queue_frame(struct link *l, const struct wire_kind_row *row, struct span body)
{
	if (waiting(l) == 0)
		l->last_out = now_ms();
	return lanes_add(&l->lanes, row, body);
}

enum status
link_send(struct link *l, enum wire_kind kind, struct span body)
{
	const struct wire_kind_row *row = kinds_find((uint16_t)kind);
	enum status st;

	must(row != NULL);
	if (l->state != LINK_UP)
		return ST_CLOSED;
	if (body.len > row->cap)
		return ST_LIMIT;
	if (waiting(l) + FRAME_HEAD + body.len > l->config.queue_max) {
		l->full = true;
		return ST_FULL;
	}
	st = queue_frame(l, row, body);
	if (st == ST_OK)
		pump(l);
	return st;
}

/* ---- in ---- */

static bool
may_come(const struct link *l, const struct wire_kind_row *row)
{
	uint8_t from = l->server ? FROM_AGENT : FROM_MASTER;
	uint8_t when = l->known ? WHEN_KNOWN : WHEN_EARLY;

	return (row->from & from) != 0 && (row->when & when) != 0;
}

/* One whole frame; false when nothing more is to be read. */
static bool
take_frame(struct link *l, const struct frame *f)
{
	const struct wire_kind_row *row = kinds_find(f->kind);

	if (row == NULL) {
		if ((f->flags & FRAME_CRITICAL) == 0)
			return true; /* of a newer version: not for us */
		link_bye(l, BYE_VERSION, "a message is not known here", 0);
		return false;
	}
	if (!may_come(l, row) || f->stream != row->stream) {
		link_bye(l, BYE_PROTOCOL, "a message out of place", 0);
		return false;
	}
	if (f->body.len > row->cap) {
		link_bye(l, BYE_LIMIT, "a message is too large", 0);
		return false;
	}
	enter(l);
	l->owner.ops->frame(l->owner.arg, l, f);
	return leave(l) && l->state == LINK_UP && !l->reading_stopped;
}

/* Remember since when half a frame is there: it must not stay so. */
static void
note_half(struct link *l, struct evbuffer *in)
{
	uint8_t head[FRAME_HEAD];

	if (evbuffer_get_length(in) == 0) {
		l->frame_since = 0;
		return;
	}
	if (l->frame_since == 0)
		l->frame_since = now_ms();
	l->frame_len = 0;
	if (evbuffer_copyout(in, head, sizeof(head)) == sizeof(head))
		l->frame_len = frame_body_len(head);
}

/* Gives the status of the first frame in the buffer, made contiguous. */
static enum status
first_frame(struct link *l, struct evbuffer *in, struct frame *f, size_t *used)
{
	size_t cap = l->known ? FRAME_MAX : FRAME_MAX_EARLY;
	uint8_t head[FRAME_HEAD];
	ev_ssize_t n = evbuffer_copyout(in, head, sizeof(head));
	enum status st;
	size_t len;

	st = frame_next(span_of(head, n > 0 ? (size_t)n : 0), cap, f, used);
	if (n < FRAME_HEAD || (st != ST_OK && st != ST_AGAIN))
		return st;
	len = frame_body_len(head);
	if (evbuffer_get_length(in) < FRAME_HEAD + len)
		return ST_AGAIN;
	return frame_next(
	    span_of(evbuffer_pullup(in, (ev_ssize_t)(FRAME_HEAD + len)),
		    FRAME_HEAD + len),
	    cap, f, used);
}

/* False when the link is gone. */
static bool
read_frames(struct link *l)
{
	struct evbuffer *in = bufferevent_get_input(l->bev);
	bool more = true;

	enter(l);
	while (more && l->state == LINK_UP && !l->reading_stopped) {
		struct frame f;
		size_t used = 0;
		enum status st = first_frame(l, in, &f, &used);

		if (st == ST_AGAIN)
			break;
		l->frame_since = 0;
		if (st == ST_OK) {
			more = take_frame(l, &f);
			evbuffer_drain(in, used);
		} else if (st == ST_LIMIT) {
			link_bye(l, BYE_LIMIT, "a frame is too large", 0);
		} else {
			link_bye(l, BYE_PROTOCOL, "what came is no frame", 0);
		}
	}
	if (l->state == LINK_UP && !l->reading_stopped)
		note_half(l, in);
	return leave(l);
}

static void
on_readable(struct bufferevent *bev, void *arg)
{
	struct link *l = arg;
	struct evbuffer *in = bufferevent_get_input(bev);

	l->last_in = now_ms();
	if (l->state == LINK_LEAVING)
		evbuffer_drain(in, evbuffer_get_length(in));
	else if (l->state == LINK_UP)
		(void)read_frames(l);
}

/* ---- time ---- */

static uint64_t
sooner(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* When to look next; UINT64_MAX: nothing runs out. */
static uint64_t
deadline(const struct link *l, const char **why)
{
	const struct link_config *c = &l->config;
	uint64_t at = UINT64_MAX, end;

	*why = "it took too long";
	if (l->state == LINK_DIALING || l->state == LINK_HANDSHAKE) {
		*why = "TLS was not up in time";
		return l->born + c->handshake_ms;
	}
	if (l->state == LINK_LEAVING)
		return l->leaving_since + BYE_MS;
	if (c->stall_ms > 0 && waiting(l) > 0) {
		at = l->last_out + c->stall_ms;
		*why = "the other side takes nothing";
	}
	if (c->stall_ms > 0 && l->frame_since != 0 && !l->reading_stopped) {
		end = l->frame_since + c->stall_ms + l->frame_len / SLOW_RATE;
		if (end < at)
			*why = "half a frame came, and then nothing";
		at = sooner(at, end);
	}
	if (c->idle_ms > 0 && !l->reading_stopped) {
		if (l->last_in + c->idle_ms < at)
			*why = "the other side is silent";
		at = sooner(at, l->last_in + c->idle_ms);
	}
	return at;
}

static void
watch_time(struct link *l)
{
	const struct link_config *c = &l->config;
	const char *why;
	uint64_t now = now_ms(), at = deadline(l, &why);
	uint64_t look = UINT64_MAX;

	/* Deadlines that may begin at any moment are looked for in time. */
	if (l->state == LINK_UP && c->stall_ms > 0)
		look = now + c->stall_ms / 2 + 1;
	look = sooner(look, at);
	if (look == UINT64_MAX)
		return;
	(void)!loop_timer_set(l->timer, look > now ? look - now : 1);
}

/* ---- up and down ---- */

static void
go_up(struct link *l)
{
	struct tls_peer peer;

	if (tls_peer(l->ssl, &peer) != ST_OK) {
		go_down(l, ST_DENIED, "what TLS agreed on is not Trawl's");
		return;
	}
	l->state = LINK_UP;
	l->known =
	    l->server ? peer.role != 0 : SSL_get_certificate(l->ssl) != NULL;
	l->last_in = l->last_out = now_ms();
	watch_time(l);
	bufferevent_setwatermark(l->bev, EV_READ, 0,
				 FRAME_HEAD +
				     (l->known ? FRAME_MAX : FRAME_MAX_EARLY));
	bufferevent_setwatermark(l->bev, EV_WRITE, OUT_LOW, 0);
	enter(l);
	l->owner.ops->up(l->owner.arg, l, &peer);
	/* Something may have come together with the handshake. */
	if (leave(l) && l->state == LINK_UP)
		(void)read_frames(l);
}

static void
on_trouble(struct link *l, short what)
{
	char text[256];
	bool shaking = l->state == LINK_HANDSHAKE;
	unsigned long err = bufferevent_get_openssl_error(l->bev);

	if (l->state == LINK_LEAVING) {
		go_down(l, ST_CLOSED, "we said good-bye");
		return;
	}
	if (err == 0 && SSL_get_verify_result(l->ssl) == X509_V_OK) {
		go_down(l, ST_CLOSED,
			shaking ? "it was cut before TLS was up: a wrong port, "
				  "or something between that refuses"
				: ((what & BEV_EVENT_EOF) != 0
				       ? "the other side ended it"
				       : "the connection broke"));
		return;
	}
	tls_trouble(l->ssl, err, text, sizeof(text));
	go_down(l, shaking ? ST_DENIED : ST_CLOSED, text);
}

static void
on_event(struct bufferevent *bev, short what, void *arg)
{
	struct link *l = arg;

	(void)bev;
	if ((what & BEV_EVENT_CONNECTED) != 0) {
		if (l->state == LINK_HANDSHAKE)
			go_up(l);
		return;
	}
	if ((what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)) == 0)
		return;
	/* BYE may have come just before the end. */
	if (l->state == LINK_UP && !read_frames(l))
		return;
	if (l->state != LINK_DOWN)
		on_trouble(l, what);
}

static void
on_time(void *arg)
{
	struct link *l = arg;
	const char *why;

	if (l->state == LINK_DOWN)
		return;
	if (now_ms() < deadline(l, &why)) {
		watch_time(l);
		return;
	}
	if (l->state == LINK_UP)
		link_bye(l, BYE_TIMEOUT, why, 0);
	else
		go_down(l, l->state == LINK_LEAVING ? ST_CLOSED : ST_TIMEOUT,
			why);
}

/* ---- birth ---- */

static void
name_peer(struct link *l, int fd)
{
	struct sockaddr_storage a = {0};
	socklen_t len = sizeof(a);
	char host[INET6_ADDRSTRLEN];

	snprintf(l->peer, sizeof(l->peer), "unknown");
	if (getpeername(fd, (struct sockaddr *)&a, &len) != 0)
		return;
	if (a.ss_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)&a;

		inet_ntop(AF_INET6, &in6->sin6_addr, host, sizeof(host));
		snprintf(l->peer, sizeof(l->peer), "[%s]:%u", host,
			 ntohs(in6->sin6_port));
	} else if (a.ss_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)&a;

		inet_ntop(AF_INET, &in->sin_addr, host, sizeof(host));
		snprintf(l->peer, sizeof(l->peer), "%s:%u", host,
			 ntohs(in->sin_port));
	}
}

/* The fd is taken in any case. */
static enum status
start_tls(struct link *l, int fd)
{
	SSL *ssl = tls_session(l->tls, l->server);

	if (ssl != NULL)
		l->bev = bufferevent_openssl_socket_new(
		    loop_base(l->loop), fd, ssl,
		    l->server ? BUFFEREVENT_SSL_ACCEPTING
			      : BUFFEREVENT_SSL_CONNECTING,
		    BEV_OPT_CLOSE_ON_FREE);
	if (l->bev == NULL) {
		SSL_free(ssl);
		evutil_closesocket(fd);
		return ST_NOMEM;
	}
	l->ssl = ssl;
	l->state = LINK_HANDSHAKE;
	name_peer(l, fd);
	/* Frames say themselves where they end. */
	bufferevent_openssl_set_allow_dirty_shutdown(l->bev, 1);
	bufferevent_setcb(l->bev, on_readable, on_writable, on_event, l);
	if (evbuffer_add_cb(bufferevent_get_output(l->bev), on_out, l) == NULL)
		return ST_NOMEM;
	return bufferevent_enable(l->bev, EV_READ | EV_WRITE) == 0 ? ST_OK
								   : ST_NOMEM;
}

static enum status
birth(struct loop *loop, struct tls *tls, const struct link_config *config,
      const struct link_owner *owner, struct link **out)
{
	struct link *l = calloc(1, sizeof(*l));
	enum status st;

	if (l == NULL)
		return ST_NOMEM;
	l->loop = loop;
	l->tls = tls;
	l->config = config != NULL ? *config : link_config_default;
	l->owner = *owner;
	l->born = now_ms();
	st = loop_timer_open(loop, on_time, l, &l->timer);
	if (st == ST_OK)
		st = lanes_init(&l->lanes);
	if (st == ST_OK)
		*out = l;
	else
		destroy(l);
	return st;
}

enum status
link_accept(struct loop *loop, struct tls *tls, int fd,
	    const struct link_config *config, const struct link_owner *owner,
	    struct link **out)
{
	struct link *l;
	enum status st = birth(loop, tls, config, owner, &l);

	if (st != ST_OK) {
		evutil_closesocket(fd);
		return st;
	}
	l->server = true;
	st = start_tls(l, fd);
	if (st != ST_OK) {
		destroy(l);
		return st;
	}
	watch_time(l);
	*out = l;
	return ST_OK;
}

static void
dialed(void *arg, const struct dial_result *r)
{
	struct link *l = arg;
	enum status st = r->st;

	if (st == ST_OK) {
		l->born = now_ms(); /* the handshake has its own time */
		st = start_tls(l, r->fd);
		if (st == ST_OK)
			watch_time(l);
		else
			go_down(l, st, status_text(st));
	} else {
		go_down(l, st, r->text);
	}
}

enum status
link_connect(struct loop *loop, struct tls *tls, const struct link_target *to,
	     const struct link_config *config, const struct link_owner *owner,
	     struct link **out)
{
	struct dial_target where = {.host = to->host, .port = to->port};
	struct link *l;
	enum status st = birth(loop, tls, config, owner, &l);

	if (st != ST_OK)
		return st;
	where.try_ms = l->config.handshake_ms;
	st = dial_open(loop, &where, dialed, l, &l->dial);
	if (st != ST_OK) {
		destroy(l);
		return st;
	}
	*out = l;
	return ST_OK;
}

/* ---- the rest ---- */

void
link_bye(struct link *l, uint32_t code, const char *text, uint32_t retry_after)
{
	struct session_bye m = {
	    .code = code, .text = span_str(text), .retry_after = retry_after};
	struct buf body;

	if (l->state != LINK_UP) {
		if (l->state != LINK_LEAVING)
			go_down(l, ST_CLOSED, text);
		return;
	}
	buf_init(&body, 2 * BYE_TEXT_MAX);
	if (bye_encode(&m, &body) == ST_OK)
		(void)!queue_frame(l, kinds_find(KIND_BYE), buf_span(&body));
	buf_fini(&body);
	l->state = LINK_LEAVING;
	l->leaving_since = now_ms();
	bufferevent_enable(l->bev, EV_READ);
	bufferevent_setwatermark(l->bev, EV_WRITE, 0, 0);
	pump(l);
	watch_time(l);
}

void
link_close(struct link *l)
{
	if (l == NULL)
		return;
	cut(l);
	if (l->busy > 0)
		l->closed = true;
	else
		destroy(l);
}

void
link_read_stop(struct link *l, bool stop)
{
	if (l->reading_stopped == stop || l->state == LINK_DOWN)
		return;
	l->reading_stopped = stop;
	if (l->bev == NULL)
		return;
	if (stop) {
		bufferevent_disable(l->bev, EV_READ);
		return;
	}
	l->last_in = now_ms();
	bufferevent_enable(l->bev, EV_READ);
	/* What came before lies in the buffer; not from inside the caller. */
	bufferevent_trigger(l->bev, EV_READ,
			    BEV_TRIG_IGNORE_WATERMARKS |
				BEV_TRIG_DEFER_CALLBACKS);
}

void
link_set_idle(struct link *l, uint32_t idle_ms)
{
	l->config.idle_ms = idle_ms;
	l->last_in = now_ms();
	if (l->state == LINK_UP)
		watch_time(l);
}

void
link_set_arg(struct link *l, void *arg)
{
	l->owner.arg = arg;
}

size_t
link_queued(const struct link *l)
{
	return waiting(l);
}

const char *
link_peer_text(const struct link *l)
{
	return l->peer;
}

enum status
link_exporter(struct link *l, uint8_t out[TLS_EXPORTER_LEN])
{
	return l->state == LINK_UP ? tls_exporter(l->ssl, out) : ST_CLOSED;
}

enum status
link_met_ca(struct link *l, struct buf *der)
{
	return l->state == LINK_UP ? tls_met_ca(l->ssl, der) : ST_CLOSED;
}
