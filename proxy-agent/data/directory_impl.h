/*
 * A directory that is read, as the files of it share it: `directory_open`
 * connects and takes the target apart, `directory_names` lists the entries of a
 * base, `directory_cursor` says and finds a position, `directory` gives the
 * entries out. One thread.
 */
#ifndef PROXY_AGENT_DATA_DIRECTORY_IMPL_H
#define PROXY_AGENT_DATA_DIRECTORY_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "proxy-agent/data/directory.h"
#include "proxy-agent/data/directory_link.h"
#include "proxy-agent/data/roster.h"
#include "proxy-agent/source/account.h"

#define AHEAD 32 /* entries asked for at once, at most */
#define TRIES 5
#define WORDS 64 /* attributes that an option may name */

struct source {
	struct account login;
	struct directory_to to;
	struct directory_link *link;
	struct buf bases; /* each with a NUL */
	size_t base;      /* where the one at hand begins */
	enum directory_scope scope;
	struct buf filter, attributes; /* C strings; attributes many */
	char *wanted[WORDS + 2];
	bool count_only, browse, folders, lost, broken;
	bool listed;          /* the names of the part at hand are there */
	unsigned failures;    /* in a row */
	uint8_t limit;        /* that the server set, to be told */
	struct roster names;  /* of the part at hand */
	size_t at, asked;     /* behind the item, and behind what was asked */
	int ids[AHEAD];       /* of what was asked, by its place */
	size_t largest;       /* bytes of an entry of late */
	struct buf referrals; /* a line each, to be told */
	size_t referrals_at;
	struct buf entry; /* the one at hand */
	size_t entry_at;
	bool is_behind;    /* until its part was listed: */
	struct buf behind; /* the name of the cursor */
	struct buf path, detail, word;
};

static inline const char *
directory_base(const struct source *s)
{
	return (const char *)s->bases.data + s->base;
}

enum status directory_open_plain(const struct source_target *t,
				 struct source **out);
enum status directory_open_tls(const struct source_target *t,
			       struct source **out);
void directory_close(struct source *s);

/* The connection, or the next one; why may be NULL. */
enum status directory_dial(struct source *s, struct buf *why);
/* After one that was lost: what was asked for is asked again. */
enum status directory_come_back(struct source *s);

/* A part of the names of the base at hand, all of them sorted. */
enum status directory_list_base(struct source *s, uint32_t part,
				uint32_t parts);
void directory_leave_base(struct source *s);

enum status directory_cursor(const struct source *s, struct buf *to);
/* To where a cursor stood; a base that is gone: all again. */
enum status directory_go_behind(struct source *s, struct span cursor);

#endif
