#include "master/api/api.h"

#include <limits.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/log.h"
#include "base/must.h"
#include "base/str.h"
#include "crypto/secret.h"
#include "master/api/ask.h"
#include "master/api/events.h"
#include "master/api/http.h"
#include "master/api/idem.h"
#include "master/api/limits.h"
#include "master/api/pem.h"
#include "master/api/serve.h"
#include "master/api/sse.h"
#include "master/proc/child.h"
#include "master/proc/edge.h"
#include "master/proc/peers.h"
#include "master/store/q_sessions.h"
#include "master/store/store.h"
#include "sys/file.h"
#include "sys/loop.h"
#include "sys/priv.h"
#include "sys/sandbox.h"

#define HASH_THREADS   2 /* argon2id at once */
#define EXPORT_THREADS 2
#define PING_MS        15000
#define SSE_CLIENTS    1000
#define STORES_MAX     (WORK_THREADS_MAX + 1)

struct door_api {
	const struct api_config *config;
	struct api api;
	struct child *child;
	struct loop *loop;
	struct loop_waker *waker;
	struct loop_timer *ping;
	struct edge *core; /* NULL while core is away */
	struct http *http;
	struct buf cert, key; /* PEM; the key is wiped at the end */
	size_t threads[LANE__COUNT];
	struct store *stores[STORES_MAX]; /* the last one is the loop's */
	size_t store_count;
};

/* ---- what is read before rights are dropped ------------------------------ */

static enum status
open_stores(struct door_api *d)
{
	char file[PATH_MAX];
	size_t want = 1;
	enum status st =
	    file_join(file, sizeof(file), d->config->data, "db/trawl.db");

	for (size_t i = 0; i < LANE__COUNT; i++)
		want += d->threads[i];
	for (size_t i = 0; i < want && st == ST_OK; i++) {
		struct buf why;

		buf_init(&why, 1024);
		st = store_open(file, STORE_READ, &d->stores[i], &why);
		if (st == ST_OK)
			d->store_count++;
		else
			log_error("the database cannot be read: %.*s",
				  (int)why.len, (const char *)why.data);
		buf_fini(&why);
	}
	return st;
}

static enum status
read_files(struct door_api *d)
{
	enum status st = pem_read(d->config->cert, &d->cert);

	if (st == ST_OK)
		st = pem_read(d->config->key, &d->key);
	if (st == ST_OK)
		st = pem_fingerprint(buf_span(&d->cert), d->api.fingerprint,
				     sizeof(d->api.fingerprint));
	if (st == ST_OK)
		page_key(buf_span(&d->key), d->api.page_key);
	return st;
}

static enum status
drop_rights(const struct api_config *c)
{
	struct priv_user user;
	bool named = c->user != NULL && c->user[0] != '\0' && priv_is_root();
	enum status st = named ? priv_find(c->user, &user) : ST_OK;

	if (st == ST_OK)
		st = priv_drop(named ? &user : NULL, PRIV_NONE);
	if (st != ST_OK)
		log_error("rights cannot be dropped user=%s: %s",
			  named ? c->user : "-", status_text(st));
	return st;
}

/* ---- the edge to core ---------------------------------------------------- */

static enum status
send_ask(void *arg, struct span body)
{
	struct door_api *d = arg;

	if (d->core == NULL)
		return ST_CLOSED;
	return edge_send(d->core, PEER_ASK, body);
}

static void
flush(void *arg)
{
	struct door_api *d = arg;

	ask_flush(d->api.ask, send_ask, d);
}

static void
publish(struct door_api *d, struct span body)
{
	struct peer_event m;
	struct buf text;

	if (peer_event_unpack(body, &m) != ST_OK)
		return;
	buf_init(&text, SSE_EVENT_MAX);
	if (events_translate(m.type, m.body, d->api.clock, &text) == ST_OK)
		sse_publish(d->api.sse, m.type, buf_span(&text));
	buf_fini(&text);
}

static void
on_core_message(void *arg, uint16_t kind, struct span body)
{
	struct door_api *d = arg;

	if (kind == PEER_ANSWER)
		ask_answered(d->api.ask, body);
	else if (kind == PEER_EVENT)
		publish(d, body);
}

static void
on_core_down(void *arg)
{
	struct door_api *d = arg;

	edge_close(d->core);
	d->core = NULL;
	ask_down(d->api.ask);
}

static void
on_peer(void *arg, enum role peer, int fd)
{
	static const struct edge_ops ops = {
	    .message = on_core_message,
	    .down = on_core_down,
	    .room = flush,
	};
	struct door_api *d = arg;

	must(peer == ROLE_CORE);
	if (d->core != NULL)
		on_core_down(d);
	if (edge_open(d->loop, fd, &ops, d, &d->core) != ST_OK) {
		d->core = NULL;
		log_error("the edge to core cannot be opened");
		return;
	}
	/* What was missed while core was away is not known. */
	sse_publish(d->api.sse, span_str("reset"), span_str("{}"));
	flush(d);
}

static void
on_stop(void *arg)
{
	struct door_api *d = arg;

	loop_stop(d->loop);
}

/* ---- live streams -------------------------------------------------------- */

struct sweep {
	struct door_api *d;
	int64_t now;
};

static enum status
session_seen(void *arg, const struct session_row *row)
{
	(void)arg;
	(void)row;
	return ST_OK;
}

/* Trouble with the store is no reason to end a stream. */
static bool
session_alive(void *arg, const uint8_t who[32])
{
	struct sweep *s = arg;
	struct store *db = s->d->stores[s->d->store_count - 1];

	return q_session_get(db, who, s->now, session_seen, NULL) !=
	       ST_NOTFOUND;
}

static void
on_ping(void *arg)
{
	struct door_api *d = arg;
	struct sweep s = {.d = d, .now = clock_wall_us(d->api.clock) / 1000};

	sse_sweep(d->api.sse, s.now, session_alive, &s);
	sse_ping(d->api.sse);
	must(loop_timer_set(d->ping, PING_MS) == ST_OK);
}

/* ---- start and end ------------------------------------------------------- */

static void
wake_loop(void *arg)
{
	struct door_api *d = arg;

	loop_wake(d->waker);
}

static uint32_t
or_default(uint32_t value, uint32_t otherwise)
{
	return value == 0 ? otherwise : value;
}

static enum status
make_parts(struct door_api *d)
{
	struct api *a = &d->api;
	uint8_t nobody[16] = {0};
	enum status st;

	a->clock = clock_system();
	a->stream_ops = http_stream_ops;
	a->session_idle_ms =
	    or_default(d->config->session_idle, 1800) * INT64_C(1000);
	a->session_longest_ms =
	    or_default(d->config->session_longest, 43200) * INT64_C(1000);
	st = passwd_hash(span_of(nobody, sizeof(nobody)), a->dummy);
	if (st == ST_OK)
		st = ask_open(wake_loop, d, &a->ask);
	if (st == ST_OK)
		st = idem_open(a->clock, &a->idem);
	if (st == ST_OK)
		st = limits_open(a->clock, &a->limits);
	if (st == ST_OK)
		st = sse_open(&http_sse_ops, SSE_CLIENTS, &a->sse);
	if (st == ST_OK)
		st = work_open(d->threads, d->stores, &a->work);
	return st;
}

static uint16_t
port_of(int fd)
{
	struct sockaddr_storage ss = {.ss_family = AF_UNSPEC};
	socklen_t len = sizeof(ss);
	struct sockaddr_in in4;
	struct sockaddr_in6 in6;

	if (fd < 0 || getsockname(fd, (struct sockaddr *)&ss, &len) != 0)
		return 443;
	if (ss.ss_family == AF_INET) {
		memcpy(&in4, &ss, sizeof(in4));
		return ntohs(in4.sin_port);
	}
	memcpy(&in6, &ss, sizeof(in6));
	return ntohs(in6.sin6_port);
}

static enum status
open_doors(struct door_api *d)
{
	const struct api_config *c = d->config;
	const struct http_config config = {
	    .api = &d->api,
	    .cert = (const char *)d->cert.data,
	    .key = (const char *)d->key.data,
	    .connections = or_default(c->connections, 1000),
	    .per_address = or_default(c->per_address, 64),
	    .timeout = or_default(c->timeout, 60),
	    .web_port = port_of(child_socket(d->child, DOOR_WEB, 0)),
	    .hsts = c->hsts,
	};
	enum status st = http_open(&config, &d->http);
	int fd;

	for (size_t i = 0; st == ST_OK; i++) {
		fd = child_socket(d->child, DOOR_WEB, i);
		if (fd < 0)
			break;
		st = http_listen(d->http, fd);
	}
	for (size_t i = 0; st == ST_OK; i++) {
		fd = child_socket(d->child, DOOR_PLAIN, i);
		if (fd < 0)
			break;
		st = http_listen_plain(d->http, fd);
	}
	if (st != ST_OK)
		log_error("the web door does not open: certificate, key or "
			  "socket is not usable: %s",
			  status_text(st));
	return st;
}

static enum status
start_loop(struct door_api *d)
{
	static const struct child_ops ops = {.peer = on_peer, .stop = on_stop};
	enum status st = loop_open(&d->loop);

	if (st == ST_OK)
		st = loop_waker_open(d->loop, flush, d, &d->waker);
	if (st == ST_OK)
		st = loop_timer_open(d->loop, on_ping, d, &d->ping);
	if (st == ST_OK)
		st = loop_timer_set(d->ping, PING_MS);
	if (st == ST_OK)
		st = child_watch(d->child, d->loop, &ops, d);
	return st;
}

/* The database folder: SQLite opens -wal and -shm again when it must. */
static enum status
close_sandbox(struct door_api *d)
{
	char db[PATH_MAX];
	const char *paths[] = {db};
	const struct sandbox_paths allowed = {
	    .write = paths,
	    .write_count = 1,
	};
	enum status st = file_join(db, sizeof(db), d->config->data, "db");

	if (st == ST_OK)
		st = sandbox_enter(SANDBOX_API, &allowed, NULL);
	if (st != ST_OK)
		log_error("the sandbox does not close: %s", status_text(st));
	return st;
}

/* Whatever lets connections sleep ends before the library is stopped. */
static void
finish(struct door_api *d)
{
	if (d->http != NULL)
		http_quiet(d->http);
	if (d->api.ask != NULL)
		ask_stop(d->api.ask);
	if (d->api.sse != NULL)
		sse_stop(d->api.sse);
	if (d->api.work != NULL)
		work_stop(d->api.work);
	http_close(d->http);
	work_close(d->api.work);
	sse_close(d->api.sse);
	limits_close(d->api.limits);
	idem_close(d->api.idem);
	edge_close(d->core);
	ask_close(d->api.ask);
	for (size_t i = 0; i < d->store_count; i++)
		store_close(d->stores[i]);
	loop_timer_close(d->ping);
	loop_waker_close(d->waker);
	child_close(d->child);
	loop_close(d->loop);
	secret_wipe(d->api.page_key, sizeof(d->api.page_key));
	buf_fini(&d->cert);
	buf_fini(&d->key);
}

enum status
api_main(const struct api_config *config)
{
	struct door_api *d = calloc(1, sizeof(*d));
	enum status st;

	if (d == NULL)
		return ST_NOMEM;
	d->config = config;
	d->threads[LANE_QUICK] = or_default(config->workers, 4);
	d->threads[LANE_HASH] = HASH_THREADS;
	d->threads[LANE_EXPORT] = EXPORT_THREADS;
	buf_init(&d->cert, PEM_FILE_MAX);
	buf_init(&d->key, PEM_FILE_MAX);
	signal(SIGPIPE, SIG_IGN);
	st = child_open(ROLE_API, &d->child);
	if (st == ST_OK)
		st = read_files(d);
	if (st == ST_OK)
		st = drop_rights(config);
	if (st == ST_OK)
		st = open_stores(d);
	if (st == ST_OK)
		st = start_loop(d);
	/* Before the first thread: each inherits it. */
	if (st == ST_OK)
		st = close_sandbox(d);
	if (st == ST_OK)
		st = make_parts(d);
	if (st == ST_OK)
		st = open_doors(d);
	if (st == ST_OK)
		st = loop_run(d->loop);
	finish(d);
	free(d);
	return st;
}
