#ifndef AGENT_SOURCE_FOLDER_H
#define AGENT_SOURCE_FOLDER_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/*
 * folder: the names of one directory, sorted bytewise, so that a walk is the
 * same each time.
 */
struct folder_entry {
	uint64_t key;  /* eight bytes behind what all names share */
	uint32_t name; /* offset into names */
	uint8_t type;  /* DT_REG ... */
};

struct folder {
	char *names; /* NUL-terminated, one behind the other */
	size_t names_len, names_room;
	struct folder_entry *entries;
	size_t count, room;
};

/* Fill from a directory descriptor. On ST_IO what was read stands. */
NODISCARD enum status folder_read(struct folder *f, int fd);
void folder_fini(struct folder *f);

static inline const char *
folder_name(const struct folder *f, size_t i)
{
	return f->names + f->entries[i].name;
}

/* The first entry that is not before `name`. */
size_t folder_find(const struct folder *f, const char *name);

#endif
