#ifndef MASTER_API_HTTP_STATE_H
#define MASTER_API_HTTP_STATE_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "master/api/http.h"
#include "master/api/request.h"
#include "master/api/work.h"

/*
 * http_state: the inside of the door, for the files that speak to the library:
 * http.c (sockets and the road of a request), http_reply.c (what goes back) and
 * http_plain.c (the door without TLS).
 */
#define HTTP_DAEMONS_MAX 16

struct http {
	struct http_config config;
	struct MHD_Daemon *daemons[HTTP_DAEMONS_MAX];
	size_t count;
	/* one response an asset and encoding, made when first asked for */
	pthread_mutex_t lock; /* assets */
	struct MHD_Response **assets;
	atomic_uint_fast64_t logged_us, silent;
};

enum stage { STAGE_HEAD, STAGE_BODY, STAGE_WORK, STAGE_READY, STAGE_SENT };

/* One request and its reply, from the first line to the last byte. */
struct exchange {
	struct http *http;
	struct MHD_Connection *conn;
	enum stage stage;
	enum lane lane;
	uint64_t drained; /* bytes of a body that was too large */
	bool malformed;   /* the request line could not be kept */
	bool file;        /* a file of the console answers it */
	struct request rq;
	struct reply rp;
};

/* The library takes what it only reads as if it might write. */
void *http_as_given(const void *p);
/* One header of a response; nothing when the value is NULL or empty. */
void http_header(struct MHD_Response *r, const char *name, const char *value);

/* The reply that is made, or the file of the console that was asked for. */
enum MHD_Result http_reply(struct exchange *ex);
enum MHD_Result http_asset(struct exchange *ex);

/* MHD_AccessHandlerCallback of the plain door: sends people to https. */
enum MHD_Result http_on_plain(void *cls, struct MHD_Connection *conn,
			      const char *url, const char *method,
			      const char *version, const char *data,
			      size_t *size, void **con_cls);

#endif
