/*
 * A server that is read, as the files of it share it: `redis_open` connects and
 * takes the target apart, `redis_names` lists the keys of a base, `redis_ahead`
 * asks what the next of them hold, `redis` gives them out. One thread.
 * ST_CLOSED and the like: redis_is_gone() says whether to connect anew.
 */
#ifndef PROXY_AGENT_DATA_REDIS_IMPL_H
#define PROXY_AGENT_DATA_REDIS_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "proxy-agent/data/redis.h"
#include "proxy-agent/data/redis_server.h"
#include "proxy-agent/data/redis_value.h"
#include "proxy-agent/data/roster.h"
#include "proxy-agent/source/account.h"
#include "source/filter.h"

#define AHEAD    64 /* keys asked for at once */
#define TRIES    5
#define NAME_CAP ((size_t)1 << 20) /* bytes of a key that is read */

struct ahead {
	enum redis_type type;
	bool refused;
	char word[128]; /* what the server calls it, or why it refuses */
};

struct source {
	struct account login;
	struct filter filter;
	bool tls, count_only, browse, filtered, lost;
	bool folders; /* only which databases there are */
	bool broken;  /* the connections are of no more use */
	bool reached; /* the last one stood, whatever was said then */
	struct redis *first, *rest;
	struct redis_bases bases;
	size_t base;         /* at hand; the first one from 0 */
	bool listed;         /* its names are there */
	bool whole;          /* its parts were all listed here */
	unsigned failures;   /* in a row */
	uint64_t met;        /* names of it in all parts so far */
	uint64_t before;     /* as the server counted them when it began */
	struct roster names; /* of the part at hand */
	uint64_t given;      /* bytes of the item at hand, to whoever reads */
	size_t at, asked;    /* behind the item, and behind what was asked */
	struct ahead ahead[AHEAD]; /* of at..asked */
	size_t ahead_at;
	struct redis_value value;
	struct buf only;   /* the one key that the target names; or empty */
	bool is_behind;    /* until its part was listed: */
	struct buf behind; /* the key of the cursor */
	struct buf nodes;  /* other ones of a cluster, a line each */
	size_t nodes_at;
	struct buf path, detail, word;
};

enum status redis_open_plain(const struct source_target *t,
			     struct source **out);
enum status redis_open_tls(const struct source_target *t, struct source **out);
void redis_close_source(struct source *s);

/* Another connection may help. */
bool redis_is_gone(enum status st);

/* The connections anew; what was asked for is asked again. */
enum status redis_come_back(struct source *s);

/* The names of a part of the base at hand, all of them sorted. */
enum status redis_begin_base(struct source *s, uint32_t part, uint32_t parts);

/* What each of the next keys holds, and its beginning. */
enum status redis_ask_ahead(struct source *s);

#endif
