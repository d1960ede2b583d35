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

#include "base/must.h"
#include "model/session.h"
#include "sys/loop.h"
#include "wire/codec_session.h"
#include "wire/dial.h"
#include "wire/link_impl.h"

#define OUT_LOW (16 * 1024) /* below it more is moved to the socket */

const struct link_config link_config_default = {
    .handshake_ms = 10 * 1000,
    .idle_ms = 200 * 1000,
    .stall_ms = 60 * 1000,
    .queue_max = 8 * 1024 * 1024,
};

static void
destroy(struct link *l)
{
	dial_close(l->dial);
	loop_timer_close(l->timer);
	if (l->bev != NULL) {
		/* It may live on until its own callback has returned. */
		(void)evbuffer_remove_cb(bufferevent_get_output(l->bev),
					 link_on_out, l);
		bufferevent_free(l->bev);
	}
	lanes_fini(&l->lanes);
	free(l);
}

void
link_enter(struct link *l)
{
	must(l->busy < UINT8_MAX);
	l->busy++;
}

/* After a callback: true when the link is still there. */
bool
link_leave(struct link *l)
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

void
link_go_down(struct link *l, enum status why, const char *text)
{
	if (l->state == LINK_DOWN)
		return;
	cut(l);
	link_enter(l);
	l->owner.ops->down(l->owner.arg, l, why, text);
	(void)link_leave(l);
}

void
link_end_writing(struct link *l)
{
	SSL_shutdown(l->ssl);
	shutdown(bufferevent_getfd(l->bev), SHUT_WR);
}

/* ---- up and down ---- */

static void
go_up(struct link *l)
{
	struct tls_peer peer;

	if (tls_peer(l->ssl, &peer) != ST_OK) {
		link_go_down(l, ST_DENIED, "what TLS agreed on is not Trawl's");
		return;
	}
	l->state = LINK_UP;
	l->known =
	    l->server ? peer.role != 0 : SSL_get_certificate(l->ssl) != NULL;
	l->last_in = l->last_out = link_now();
	link_watch(l);
	bufferevent_setwatermark(l->bev, EV_READ, 0,
				 FRAME_HEAD +
				     (l->known ? FRAME_MAX : FRAME_MAX_EARLY));
	bufferevent_setwatermark(l->bev, EV_WRITE, OUT_LOW, 0);
	link_enter(l);
	l->owner.ops->up(l->owner.arg, l, &peer);
	/* Something may have come together with the handshake. */
	if (link_leave(l) && l->state == LINK_UP)
		(void)link_read_frames(l);
}

static void
on_trouble(struct link *l, short what)
{
	char text[256];
	bool shaking = l->state == LINK_HANDSHAKE;
	unsigned long err = bufferevent_get_openssl_error(l->bev);

	if (l->state == LINK_LEAVING) {
		link_go_down(l, ST_CLOSED, "we said good-bye");
		return;
	}
	if (err == 0 && SSL_get_verify_result(l->ssl) == X509_V_OK) {
		link_go_down(
		    l, ST_CLOSED,
		    shaking ? "it was cut before TLS was up: a wrong port, "
			      "or something between that refuses"
			    : ((what & BEV_EVENT_EOF) != 0
				   ? "the other side ended it"
				   : "the connection broke"));
		return;
	}
	tls_trouble(l->ssl, err, text, sizeof(text));
	link_go_down(l, shaking ? ST_DENIED : ST_CLOSED, text);
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
	if (l->state == LINK_UP && !link_read_frames(l))
		return;
	if (l->state != LINK_DOWN)
		on_trouble(l, what);
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
	bufferevent_setcb(l->bev, link_on_readable, link_on_writable, on_event,
			  l);
	if (evbuffer_add_cb(bufferevent_get_output(l->bev), link_on_out, l) ==
	    NULL)
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
	l->born = link_now();
	st = loop_timer_open(loop, link_on_time, l, &l->timer);
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
	link_watch(l);
	*out = l;
	return ST_OK;
}

static void
dialed(void *arg, const struct dial_result *r)
{
	struct link *l = arg;
	enum status st = r->st;

	if (st == ST_OK) {
		l->born = link_now(); /* the handshake has its own time */
		st = start_tls(l, r->fd);
		if (st == ST_OK)
			link_watch(l);
		else
			link_go_down(l, st, status_text(st));
	} else {
		link_go_down(l, st, r->text);
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
			link_go_down(l, ST_CLOSED, text);
		return;
	}
	buf_init(&body, 2 * BYE_TEXT_MAX);
	if (bye_encode(&m, &body) == ST_OK)
		(void)!link_queue(l, kinds_find(KIND_BYE), buf_span(&body));
	buf_fini(&body);
	l->state = LINK_LEAVING;
	l->leaving_since = link_now();
	bufferevent_enable(l->bev, EV_READ);
	bufferevent_setwatermark(l->bev, EV_WRITE, 0, 0);
	link_pump(l);
	link_watch(l);
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
	l->last_in = link_now();
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
	l->last_in = link_now();
	if (l->state == LINK_UP)
		link_watch(l);
}

void
link_set_arg(struct link *l, void *arg)
{
	l->owner.arg = arg;
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
link_pass(struct link *l, int64_t now, struct pass *out)
{
	return l->state == LINK_UP ? tls_pass(l->ssl, now, out) : ST_CLOSED;
}

enum status
link_met_ca(struct link *l, struct buf *der)
{
	return l->state == LINK_UP ? tls_met_ca(l->ssl, der) : ST_CLOSED;
}
