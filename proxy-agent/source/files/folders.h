#ifndef PROXY_AGENT_SOURCE_FILES_FOLDERS_H
#define PROXY_AGENT_SOURCE_FILES_FOLDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * folders: the way from the target down to where a walk is, for a server whose
 * folders can be listed: each with its entries in bytewise order of their
 * names. Any source of files uses it and says only how a folder is listed.
 *
 * Owner:  all zero is an empty way; folders_fini() ends any.
 * Limits: FOLDERS_DEPTH levels (a link of the server's own may lead upwards for
 *         ever), FOLDERS_BYTES of names in all levels.
 */
#define FOLDERS_DEPTH 256
#define FOLDERS_BYTES (48u << 20)

struct folder_entry {
	uint32_t name, name_len; /* in the names of its level */
	uint32_t tail_len; /* of what a source keeps with it, behind the name */
	uint32_t mode, uid, gid;
	int64_t mtime;
	uint64_t size;
	uint64_t id;    /* of the object by any name, where a server has one */
	uint32_t flags; /* the source's own */
};

struct folder_level {
	struct buf names;
	struct folder_entry *entries;
	size_t count, room;
	size_t at;       /* next entry */
	size_t path_len; /* of the path that stands before its names */
};

struct folders {
	struct folder_level *levels; /* FOLDERS_DEPTH of them, or NULL */
	size_t depth;
	size_t bytes; /* of all names and entries */
};

void folders_fini(struct folders *f);

/* A level without entries; ST_LIMIT when it is too deep. */
NODISCARD enum status folders_push(struct folders *f, size_t path_len);
void folders_pop(struct folders *f);

/* One entry more for the innermost level; name_len etc. are filled in. */
NODISCARD enum status folders_add(struct folders *f, struct span name,
				  const struct folder_entry *e);

/* Bytes that belong to the entry added last, a handle of its server say. */
NODISCARD enum status folders_keep(struct folders *f, struct span tail);

void folders_sort(struct folders *f);

/* In the innermost level: the first entry that is not before `name`. */
size_t folders_find(const struct folders *f, struct span name);

static inline struct folder_level *
folders_here(const struct folders *f)
{
	return &f->levels[f->depth - 1];
}

static inline struct span
folders_name(const struct folder_level *l, size_t i)
{
	return span_of(l->names.data + l->entries[i].name,
		       l->entries[i].name_len);
}

static inline struct span
folders_tail(const struct folder_level *l, size_t i)
{
	const struct folder_entry *e = &l->entries[i];

	return span_of(l->names.data + e->name + e->name_len, e->tail_len);
}

#endif
