#ifndef MASTER_API_PAGE_H
#define MASTER_API_PAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * page: cursors as clients see them. The text of the store (sort key, id, hash
 * of the filter) goes out as base64url(MAC || text); the MAC binds it to this
 * installation and to one list, so that nobody can make the store parse what it
 * did not write, nor take the cursor of one list to another.
 */
#define PAGE_KEY_LEN    32
#define PAGE_LIMIT_MAX  200
#define PAGE_LIMIT      100
#define PAGE_CURSOR_MAX 12288

/* The key is made from a secret of the installation and survives restarts. */
void page_key(struct span secret, uint8_t key[PAGE_KEY_LEN]);

NODISCARD enum status page_seal(const uint8_t key[PAGE_KEY_LEN],
				const char *list, struct span text,
				struct buf *to);

/* ST_MALFORMED for what page_seal() of this list and key did not make. */
NODISCARD enum status page_open(const uint8_t key[PAGE_KEY_LEN],
				const char *list, struct span cursor,
				struct arena *a, struct span *text);

#endif
