#ifndef EXTRACT_MAIL_PSTFILE_H
#define EXTRACT_MAIL_PSTFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "extract/archive/inflate.h"
#include "extract/job.h"

/*
 * pstfile: what an Outlook store is built of ([MS-PST] 2.2): two trees of
 * pages, of which one finds nodes (folders, messages) and the other blocks of
 * bytes. Read by offset, whatever the store's size; pages and blocks that were
 * read last are kept, at most PST_PAGES and PST_BLOCKS of them.
 *
 * Blocks come out as their writer had them: unpacked (stores of 2013 and later)
 * and without the substitution that is called encryption but has no key.
 *
 * Damage: what cannot be read is not there; s->damage counts such places.
 */
#define PST_PAGES     64
#define PST_PAGE_MAX  4096
#define PST_BLOCKS    16
#define PST_BLOCK_MAX 65536

/* Kinds of nodes, the lower five bits of their numbers; 2.2.2.1. */
enum pst_nid {
	PST_HEAP = 0x00, /* no node: an item of the heap at hand */
	PST_INTERNAL = 0x01,
	PST_FOLDER = 0x02,
	PST_SEARCH_FOLDER = 0x03,
	PST_MESSAGE = 0x04,
	PST_ATTACHMENT = 0x05,
	PST_ASSOCIATED = 0x08,
	PST_HIERARCHY = 0x0d,
	PST_SEARCH_CONTENTS = 0x10,
	PST_ATTACHMENTS = 0x11,
	PST_RECIPIENTS = 0x12,
};
#define PST_NID_KIND(nid) ((nid)&0x1fu)
#define PST_STORE         0x21u  /* the node that speaks of the store */
#define PST_ROOT          0x122u /* the folder that holds all others */

struct pst_layout; /* sizes, which differ between the three kinds of store */

struct pst_page {
	uint64_t at; /* 0: none */
	uint8_t bytes[PST_PAGE_MAX];
};

struct pst_block {
	uint64_t bid; /* 0: none */
	size_t len;
	uint8_t *bytes; /* PST_BLOCK_MAX, once it was used */
};

struct pst {
	struct extractor *x;
	struct part *p;
	const struct pst_layout *layout;
	unsigned crypt;
	uint64_t nodes, blocks; /* where the roots of the trees are */
	uint64_t given;         /* bytes of nodes that went out */
	uint64_t damage, said;  /* places; of which was told */
	bool deep;              /* a tree was damaged: nodes may be missing */
	struct inflater *inflater; /* once it was used */
	uint8_t stored[PST_BLOCK_MAX];
	uint8_t plain[256]; /* the substitution backwards */
	struct pst_page pages[PST_PAGES];
	struct pst_block cached[PST_BLOCKS];
};

struct pst_node {
	uint32_t nid, parent;
	uint64_t data, subs; /* blocks; 0: none */
};

/* Does it begin like a store? */
bool pst_is(struct span head);
/* False: it is none that we know. s is zeroed by the caller. */
bool pst_begin(struct pst *s, struct extractor *x, struct part *p);
void pst_end(struct pst *s);
bool pst_wide(const struct pst *s);       /* eight bytes to a number */
bool pst_large(const struct pst *s);      /* pages of 4 KiB */
unsigned pst_number(const struct pst *s); /* bytes of one */
uint64_t pst_id(const struct pst *s, const uint8_t *at);

bool pst_find_node(struct pst *s, uint32_t nid, struct pst_node *n);
/* All nodes in their order, each once; false from `see` ends it. */
void pst_each_node(struct pst *s,
		   bool (*see)(void *arg, const struct pst_node *n), void *arg);

/*
 * The bytes of a block, good until the next call; empty: it is not there.
 * pst_block_size() does not read them; 0: it is not there.
 */
struct span pst_block(struct pst *s, uint64_t bid);
uint32_t pst_block_size(struct pst *s, uint64_t bid);
static inline bool
pst_is_internal(uint64_t bid)
{
	return (bid & 2) != 0;
}

/* Bytes of a block as they stand in the file, in place: 5.1, 5.2. */
void pst_decode(const struct pst *s, uint8_t *p, size_t n, uint32_t key);

/*
 * A stretch of the file that no block and no page uses, as the store's maps say
 * (2.2.2.7.2): the next from *at on; false: there is none. Where a map is
 * damaged, nothing is told to be unused.
 */
bool pst_unused(struct pst *s, uint64_t *at, uint64_t *end);

#endif
