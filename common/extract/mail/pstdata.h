#ifndef EXTRACT_MAIL_PSTDATA_H
#define EXTRACT_MAIL_PSTDATA_H

#include "extract/mail/pstfile.h"

/*
 * pstdata: what a node holds: bytes in one block or in many, by lists of blocks
 * and lists of lists ([MS-PST] 2.2.2.8.3.2), and nodes below it (2.2.2.8.3.3).
 * The list of a node's blocks is held while it is open: 16 bytes for each, of
 * which there are never more than the file has room for.
 */
struct pst_piece {
	uint64_t bid, end; /* end: of its bytes, among all */
};

struct pst_data {
	struct pst *s;
	struct pst_piece *pieces;
	size_t count, room;
	uint64_t size;
};

/* False: there is nothing. Blocks that are not there are passed over. */
bool pst_data_open(struct pst *s, uint64_t bid, struct pst_data *d);
void pst_data_close(struct pst_data *d); /* takes one that is zeroed */
/* Bytes of piece i, good until the next block is read. */
struct span pst_data_piece(const struct pst_data *d, size_t i);
/* As a part, seekable, while it is open. */
void pst_data_part(struct pst_data *d, struct part *out);

/* Nodes below a node, in their order. */
struct pst_subs {
	struct pst *s;
	uint64_t bid;
	uint32_t list, at; /* which list, and where in it */
};

bool pst_subs_next(struct pst_subs *l, struct pst_node *n);
bool pst_subs_find(struct pst *s, uint64_t bid, uint32_t nid,
		   struct pst_node *n);

#endif
