#ifndef EXTRACT_OLE_OLE_H
#define EXTRACT_OLE_OLE_H

#include "extract/ole/cfb.h"

/*
 * ole: a compound file by what it holds: a document of a kind we know, at any
 * level of storages, then all streams that it did not take, as members by
 * their paths, then sectors that no stream holds.
 */
NODISCARD enum status ole_part(struct extractor *x, struct part *p);

/* A document in a storage: takes the streams that it understands. */
struct ole_kind {
	const char *stream; /* whose presence tells it */
	const char *name;   /* of the parser */
	enum status (*read)(struct extractor *x, struct cfb *c, uint32_t in);
};

NODISCARD enum status doc_read(struct extractor *x, struct cfb *c, uint32_t in);
NODISCARD enum status xls_read(struct extractor *x, struct cfb *c, uint32_t in);
NODISCARD enum status ppt_read(struct extractor *x, struct cfb *c, uint32_t in);
NODISCARD enum status msg_read(struct extractor *x, struct cfb *c, uint32_t in);

/* A stream as a member called `name`; it is taken. */
NODISCARD enum status ole_member(struct extractor *x, struct cfb *c,
				 uint32_t entry, struct span name);

/* A stream as bytes, not asked what it is. */
NODISCARD enum status ole_bytes(struct extractor *x, struct cfb *c,
				uint32_t entry, struct span name);

#endif
