#ifndef MASTER_API_API_H
#define MASTER_API_API_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

/*
 * api: the web door. HTTPS for people and scripts on the sockets that the
 * parent handed down; reads the database, asks core to write.
 *
 * Threads: libmicrohttpd's move bytes and never wait; a few workers serve
 *          requests, each with its own read-only store; the calling thread runs
 *          the loop with the edge to core.
 */
struct api_config {
	const char *data; /* data folder, its database is opened read-only */
	const char *cert; /* PEM file of the console's certificate (chain) */
	const char *key;  /* PEM file of its key */
	const char *user; /* to run as when root; NULL or "": stay */
	bool hsts;        /* send Strict-Transport-Security */
	uint32_t connections;     /* in all; 0: 1000 */
	uint32_t per_address;     /* from one address; 0: 64 */
	uint32_t workers;         /* threads that serve requests; 0: 4 */
	uint32_t timeout;         /* seconds of silence; 0: 60 */
	uint32_t session_idle;    /* seconds; 0: 1800 */
	uint32_t session_longest; /* seconds; 0: 43200 */
};

/*
 * Main of the role: takes what the parent handed down, drops rights, closes the
 * sandbox and serves until it is told to stop. ST_OK then.
 */
NODISCARD enum status api_main(const struct api_config *config);

#endif
