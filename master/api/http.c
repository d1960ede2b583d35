#include "master/api/http.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/log.h"
#include "base/str.h"
#include "crypto/random.h"
#include "gen/assets.h"
#include "master/api/http_state.h"
#include "master/api/limits.h"
#include "master/api/router.h"
#include "master/api/serve.h"
#include "master/api/static.h"

#define THREADS      2           /* of each TLS socket */
#define HEAD_ROOM    (32 * 1024) /* request and reply heads of a connection */
#define LOG_EVERY_US 1000000

#define PRIORITIES                                                             \
	"SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:"  \
	"+ECDHE-RSA:-CIPHER-ALL:+AES-256-GCM:+CHACHA20-POLY1305:+AES-128-GCM:" \
	"-MAC-ALL:+AEAD:%SERVER_PRECEDENCE"

/* ---- a request ---------------------------------------------------------- */

static void
make_id(char id[17])
{
	uint8_t bytes[8];

	random_bytes(bytes, sizeof(bytes));
	codec_hex(span_of(bytes, sizeof(bytes)), id);
}

/* The raw line, before the library decodes it; the library's own is unused. */
static void *
on_uri(void *cls, const char *uri, struct MHD_Connection *conn)
{
	struct http *h = cls;
	struct exchange *ex = calloc(1, sizeof(*ex));
	struct span raw = span_str(uri);
	size_t cut = str_find(raw, '?');
	char *copy;

	if (ex == NULL)
		return NULL;
	ex->http = h;
	ex->conn = conn;
	ex->rq.api = h->config.api;
	arena_init(&ex->rq.arena, REQUEST_ARENA);
	buf_init(&ex->rq.body, BODY_MAX);
	buf_init(&ex->rp.body, REPLY_MAX);
	make_id(ex->rq.id);
	copy = arena_str(&ex->rq.arena, raw);
	if (copy == NULL) {
		ex->malformed = true;
		return ex;
	}
	ex->rq.path = span_of(copy, cut);
	ex->rq.raw_query = span_skip(span_of(copy, raw.len), cut + 1);
	return ex;
}

static void
exchange_free(struct exchange *ex)
{
	if (ex->rp.stream != NULL) {
		stream_leave(ex->rp.stream);
		stream_unref(ex->rp.stream);
	}
	sse_leave(ex->rp.events);
	buf_fini(&ex->rq.body);
	buf_fini(&ex->rp.body);
	arena_fini(&ex->rq.arena);
	free(ex);
}

static void
on_completed(void *cls, struct MHD_Connection *conn, void **con_cls,
	     enum MHD_RequestTerminationCode code)
{
	(void)cls;
	(void)conn;
	(void)code;
	if (*con_cls != NULL)
		exchange_free(*con_cls);
	*con_cls = NULL;
}

/*
 * Text of an address, and of the network that limits go by: whoever has one
 * address of IPv6 has a /64 of them. The same client by either family is one.
 */
static void
address_text(const struct sockaddr *sa, char address[ADDRESS_MAX],
	     char network[ADDRESS_MAX])
{
	struct sockaddr_in in4;
	struct sockaddr_in6 in6;

	memset(address, 0, ADDRESS_MAX);
	address[0] = '?';
	if (sa != NULL && sa->sa_family == AF_INET) {
		memcpy(&in4, sa, sizeof(in4));
		(void)inet_ntop(AF_INET, &in4.sin_addr, address, ADDRESS_MAX);
	} else if (sa != NULL && sa->sa_family == AF_INET6) {
		memcpy(&in6, sa, sizeof(in6));
		if (!IN6_IS_ADDR_V4MAPPED(&in6.sin6_addr)) {
			(void)inet_ntop(AF_INET6, &in6.sin6_addr, address,
					ADDRESS_MAX);
			memset(in6.sin6_addr.s6_addr + 8, 0, 8);
			(void)inet_ntop(AF_INET6, &in6.sin6_addr, network,
					ADDRESS_MAX);
			return;
		}
		(void)inet_ntop(AF_INET, in6.sin6_addr.s6_addr + 12, address,
				ADDRESS_MAX);
	}
	memcpy(network, address, ADDRESS_MAX);
}

static void
read_address(struct exchange *ex)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
	    ex->conn, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	address_text(info == NULL ? NULL : info->client_addr, ex->rq.address,
		     ex->rq.network);
}

static void
read_head(struct exchange *ex, const char *method)
{
	static const char *const names[HEADER__COUNT] = {
	    [HEADER_HOST] = "Host",
	    [HEADER_ORIGIN] = "Origin",
	    [HEADER_FETCH_SITE] = "Sec-Fetch-Site",
	    [HEADER_CONTENT_TYPE] = "Content-Type",
	    [HEADER_CONTENT_LENGTH] = "Content-Length",
	    [HEADER_COOKIE] = "Cookie",
	    [HEADER_AUTHORIZATION] = "Authorization",
	    [HEADER_IF_MATCH] = "If-Match",
	    [HEADER_IF_NONE_MATCH] = "If-None-Match",
	    [HEADER_IDEMPOTENCY_KEY] = "Idempotency-Key",
	    [HEADER_LAST_EVENT_ID] = "Last-Event-ID",
	    [HEADER_ACCEPT_ENCODING] = "Accept-Encoding",
	    [HEADER_USER_AGENT] = "User-Agent",
	};

	ex->rq.head = strcmp(method, "HEAD") == 0;
	ex->rq.method = METHOD_OTHER;
	for (unsigned m = METHOD_GET; m < METHOD_OTHER; m++)
		if (strcmp(method, method_name((enum method)m)) == 0)
			ex->rq.method = (enum method)m;
	if (ex->rq.head)
		ex->rq.method = METHOD_GET;
	for (size_t i = 0; i < HEADER__COUNT; i++)
		ex->rq.header[i] = MHD_lookup_connection_value(
		    ex->conn, MHD_HEADER_KIND, names[i]);
	read_address(ex);
}

/* ---- the road of a request ---------------------------------------------- */

static bool
is_api(struct span path)
{
	return str_starts(path, "/api/") || str_is(path, "/api") ||
	       str_is(path, "/metrics");
}

/*
 * A reply that is queued now, before the body was asked for, makes the library
 * close the connection: so a reply that is known already waits for the next
 * call, unless the body is not worth reading.
 */
static enum MHD_Result
take_head(struct exchange *ex, const char *method)
{
	if (ex->malformed)
		return MHD_NO;
	read_head(ex, method);
	ex->file = !is_api(ex->rq.path);
	if (!ex->file && serve_head(&ex->rq, &ex->rp, &ex->lane)) {
		ex->stage = STAGE_BODY;
		return MHD_YES;
	}
	if (ex->rp.status == 413)
		return http_reply(ex);
	ex->stage = STAGE_READY;
	return MHD_YES;
}

/* A client that never ends its body is cut off. */
static enum MHD_Result
drain(struct exchange *ex, size_t *size)
{
	ex->drained += *size;
	*size = 0;
	return ex->drained > DRAIN_MAX ? MHD_NO : MHD_YES;
}

static enum MHD_Result
take_body(struct exchange *ex, const char *data, size_t *size)
{
	if (!ex->rq.too_large && buf_add(&ex->rq.body, data, *size) != ST_OK) {
		ex->rq.too_large = true;
		buf_clear(&ex->rq.body);
	}
	if (ex->rq.too_large)
		return drain(ex, size);
	*size = 0;
	return MHD_YES;
}

static void
run(void *arg, struct store *db)
{
	struct exchange *ex = arg;

	ex->rq.db = db;
	serve_run(&ex->rq, &ex->rp);
	MHD_resume_connection(ex->conn);
}

static enum MHD_Result
give_to_worker(struct exchange *ex)
{
	ex->stage = STAGE_WORK;
	/* Before it is put: the worker may be done before we return. */
	MHD_suspend_connection(ex->conn);
	if (work_put(ex->rq.api->work, ex->lane, run, ex) == ST_OK)
		return MHD_YES;
	serve_busy(&ex->rq, &ex->rp);
	MHD_resume_connection(ex->conn);
	return MHD_YES;
}

/* NOLINTBEGIN(readability-function-size): so wants it the library. */
static enum MHD_Result
on_access(void *cls, struct MHD_Connection *conn, const char *url,
	  const char *method, const char *version, const char *data,
	  size_t *size, void **con_cls)
{
	struct exchange *ex = *con_cls;

	(void)cls;
	(void)conn;
	(void)url;
	(void)version;
	if (ex == NULL)
		return MHD_NO;
	switch (ex->stage) {
	case STAGE_HEAD:
		return take_head(ex, method);
	case STAGE_BODY:
		if (*size > 0)
			return take_body(ex, data, size);
		return give_to_worker(ex);
	case STAGE_WORK:
		return http_reply(ex);
	case STAGE_READY:
		if (*size > 0)
			return drain(ex, size);
		return ex->file ? http_asset(ex) : http_reply(ex);
	case STAGE_SENT:
		break;
	}
	*size = 0; /* what comes behind an early answer is not looked at */
	return MHD_YES;
}
/* NOLINTEND(readability-function-size) */

/* ---- the library -------------------------------------------------------- */

/*
 * It says a line for each client that leaves and each handshake that breaks: at
 * most one a second is written, with how many were not.
 */
__attribute__((format(printf, 2, 0))) static void
on_log(void *cls, const char *fmt, va_list ap)
{
	struct http *h = cls;
	uint64_t now = clock_mono_us(h->config.api->clock);
	uint64_t last = atomic_load(&h->logged_us);
	uint64_t silent;
	char text[256];

	if (now - last < LOG_EVERY_US ||
	    !atomic_compare_exchange_strong(&h->logged_us, &last, now)) {
		atomic_fetch_add(&h->silent, 1);
		return;
	}
	silent = atomic_exchange(&h->silent, 0);
	vsnprintf(text, sizeof(text), fmt, ap);
	text[strcspn(text, "\r\n")] = '\0';
	log_debug("http: %s (%" PRIu64 " more were not written)", text, silent);
}

static enum MHD_Result
on_accept(void *cls, const struct sockaddr *sa, socklen_t len)
{
	struct http *h = cls;
	char address[ADDRESS_MAX], network[ADDRESS_MAX];
	unsigned wait;

	(void)len;
	atomic_fetch_add(&h->config.api->count.connections, 1);
	address_text(sa, address, network);
	return limits_take(h->config.api->limits, LIMIT_CONNECT,
			   span_str(network), &wait)
		   ? MHD_YES
		   : MHD_NO;
}

static _Noreturn void
on_panic(void *cls, const char *file, unsigned line, const char *reason)
{
	(void)cls;
	log_error("http library stopped file=%s line=%u reason=%s", file, line,
		  reason == NULL ? "?" : reason);
	abort();
}

enum status
http_open(const struct http_config *config, struct http **out)
{
	struct http *h = calloc(1, sizeof(*h));

	if (h == NULL)
		return ST_NOMEM;
	h->config = *config;
	h->assets = calloc(asset_count * STATIC__COUNT * 2 + 1,
			   sizeof(struct MHD_Response *));
	if (h->assets == NULL || pthread_mutex_init(&h->lock, NULL) != 0) {
		free(h->assets);
		free(h);
		return ST_NOMEM;
	}
	MHD_set_panic_func(on_panic, NULL);
	*out = h;
	return ST_OK;
}

static enum status
start(struct http *h, int fd, unsigned flags,
      MHD_AccessHandlerCallback on_request, const struct MHD_OptionItem *more)
{
	struct MHD_Daemon *d;
	int copy;

	if (h->count == HTTP_DAEMONS_MAX)
		return ST_LIMIT;
	copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (copy < 0)
		return ST_IO;
	d = MHD_start_daemon(
	    flags | MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG |
		MHD_USE_ITC,
	    0, on_accept, h, on_request, h, MHD_OPTION_EXTERNAL_LOGGER, on_log,
	    h, MHD_OPTION_LISTEN_SOCKET, copy, MHD_OPTION_URI_LOG_CALLBACK,
	    on_uri, h, MHD_OPTION_NOTIFY_COMPLETED, on_completed, h,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)h->config.connections,
	    MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)h->config.per_address,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)h->config.timeout,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_ROOM,
	    MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY, more,
	    MHD_OPTION_END);
	if (d == NULL) {
		close(copy);
		return ST_IO;
	}
	h->daemons[h->count++] = d;
	return ST_OK;
}

enum status
http_listen(struct http *h, int fd)
{
	const struct MHD_OptionItem more[] = {
	    {MHD_OPTION_THREAD_POOL_SIZE, THREADS, NULL},
	    {MHD_OPTION_HTTPS_MEM_KEY, 0, http_as_given(h->config.key)},
	    {MHD_OPTION_HTTPS_MEM_CERT, 0, http_as_given(h->config.cert)},
	    {MHD_OPTION_HTTPS_PRIORITIES, 0, http_as_given(PRIORITIES)},
	    {MHD_OPTION_END, 0, NULL},
	};

	return start(h, fd, MHD_USE_TLS | MHD_ALLOW_SUSPEND_RESUME, on_access,
		     more);
}

enum status
http_listen_plain(struct http *h, int fd)
{
	static const struct MHD_OptionItem none[] = {
	    {MHD_OPTION_END, 0, NULL},
	};

	return start(h, fd, 0, http_on_plain, none);
}

void
http_quiet(struct http *h)
{
	for (size_t i = 0; i < h->count; i++) {
		MHD_socket fd = MHD_quiesce_daemon(h->daemons[i]);

		if (fd != MHD_INVALID_SOCKET)
			close(fd);
	}
}

void
http_close(struct http *h)
{
	if (h == NULL)
		return;
	for (size_t i = 0; i < h->count; i++)
		MHD_stop_daemon(h->daemons[i]);
	for (size_t i = 0; i < asset_count * STATIC__COUNT * 2; i++)
		if (h->assets[i] != NULL)
			MHD_destroy_response(h->assets[i]);
	pthread_mutex_destroy(&h->lock);
	free(h->assets);
	free(h);
}
