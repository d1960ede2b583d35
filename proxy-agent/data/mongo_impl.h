/*
 * A server that is read, as the files of it share it: `mongo_open` connects and
 * takes the target apart, `mongo_units` finds what collections there are
 * and where among them a scan goes on, `mongo_content` makes the fields of one,
 * `mongo` gives them out. One thread.
 */
#ifndef PROXY_AGENT_DATA_MONGO_IMPL_H
#define PROXY_AGENT_DATA_MONGO_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "proxy-agent/data/mongo.h"
#include "proxy-agent/data/mongo_choice.h"
#include "proxy-agent/data/mongo_link.h"
#include "proxy-agent/source/account.h"
#include "sys/throttle.h"

#define PATH_CAP 8192

struct unit {
	char *base, *name;
	enum mongo_kind kind;
	bool by_field; /* of its fields some are wanted */
	bool files;    /* documents of GridFS: what they speak of is beside */
	bool pieces;   /* that: it is read with them */
};

struct source {
	struct account login;
	struct sql_choice choice;
	char known_by[256]; /* the database that knows the user */
	bool tls, views, count_only, browse;
	struct throttle rate; /* of documents */
	struct mongo_link *link;
	struct mongo_cursor *cursor, *pieces;
	struct unit *units;
	size_t count, room, at; /* at: behind the item */
	struct buf base, only;  /* C strings, of the target; "" for all */
	const char *listing;    /* the base whose collections come */
	struct buf doc;         /* the last one that was put */
	struct buf out;
	uint64_t read, counted, given; /* given: pieces of the file at hand */
	unsigned failures;             /* in a row */
	enum { DOCUMENTS, PIECES, ENDED } step;
	struct buf path, detail;
};

static inline const struct unit *
mongo_unit_of(const struct source *s)
{
	return &s->units[s->at - 1];
}

/* What of a collection is wanted. */
static inline struct mongo_choice
mongo_choice_of(const struct source *s, const struct unit *u)
{
	return (struct mongo_choice){
	    .of = &s->choice,
	    .place = {.database = u->base, .name = span_str(u->name)}};
}

enum status mongo_open(const struct source_target *t, struct source **out);
void mongo_close(struct source *s);

/* The connection anew; what was open over the last one is closed. */
enum status mongo_dial(struct source *s);
void mongo_hang_up(struct source *s);

/* What the target names, in order; files of GridFS with their bytes. */
enum status mongo_find_units(struct source *s);
void mongo_drop_units(struct source *s);

/* The cursor is the collection at hand. */
enum status mongo_cursor_of(const struct source *s, struct buf *to);
void mongo_go_behind(struct source *s, struct span cursor);

/* The collection at hand, from its first document or behind the last one. */
enum status mongo_open_cursor(struct source *s);
/* Some of it to s->out; over a new connection when one was lost. */
enum status mongo_make_more(struct source *s);
/* A new connection, and the collection at hand behind its last document. */
enum status mongo_come_back(struct source *s);

#endif
