#ifndef PROXY_AGENT_DATA_REDIS_VALUE_H
#define PROXY_AGENT_DATA_REDIS_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/data/redis_wire.h"

/*
 * redis_value: what a key holds, as bytes: a string as it is, everything else
 * in the form of model/fields.h. Its beginning is asked for ahead of its turn
 * over one connection, all further pages over another, so that the answers of
 * the first stay in the order in which they were asked for.
 *
 * Nothing that is said changes a value or how long it lives.
 */
enum redis_type {
	REDIS_STRING,
	REDIS_ARRAY, /* "list" */
	REDIS_HASH,
	REDIS_SET,
	REDIS_ZSET,
	REDIS_STREAM,
	REDIS_GONE, /* "none" */
	REDIS_OTHER,
};

/* By the word that TYPE answers with. */
enum redis_type redis_type_of(struct span word);

/* Ask for its length and its beginning. */
NODISCARD enum status redis_value_ask(struct redis *r, enum redis_type type,
				      struct span key);

struct redis_value {
	enum redis_type type;
	struct redis *first, *rest, *on; /* on: first or rest */
	struct buf key, out, name, value, cursor;
	uint64_t length; /* bytes or members, as the server counted them */
	uint64_t given;  /* so many came */
	uint64_t asked; /* bytes of a string asked for, or elements of a list */
	uint64_t left;  /* words of the page at hand that did not come yet */
	uint64_t entries;   /* of a stream, of the page at hand, the same */
	uint64_t seen;      /* bytes of the page at hand */
	uint32_t page;      /* members to be asked for at once */
	uint32_t waiting;   /* answers that rest owes */
	uint32_t number;    /* of the value in its record, from 1 */
	bool later;         /* the first piece of a string has begun */
	bool half;          /* between a name and its value */
	bool long_name;     /* it went out as a value of its own */
	enum status failed; /* behind what is in out */
	enum { VALUE_PAGE, VALUE_ITEMS, VALUE_BULK, VALUE_DONE } step;
};

void redis_value_init(struct redis_value *v);
void redis_value_fini(struct redis_value *v);

/*
 * The answer to redis_value_ask() begins. ST_NOTFOUND it is gone or another
 * type by now, ST_DENIED the server refuses it; the connection is good then.
 */
NODISCARD enum status redis_value_begin(struct redis_value *v,
					enum redis_type type, struct span key,
					struct redis *first,
					struct redis *rest);

/* *got 0 at its end. ST_DENIED: the server refused a part of it. */
NODISCARD enum status redis_value_read(struct redis_value *v, void *dst,
				       size_t n, size_t *got);

/* Over what was not read of it. */
NODISCARD enum status redis_value_leave(struct redis_value *v);

/* The id behind one of a stream: "5-1" behind "5-0". */
NODISCARD enum status redis_id_behind(struct span id, struct buf *to);

#endif
