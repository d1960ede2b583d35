/*
 * Prose as the files of it share it: `proseplace` says where a paragraph is,
 * `prosepara` puts one together, `prosesays` knows which attributes are a
 * person's words, `proseelement` what each element does, `prose` reads a part.
 */
#ifndef EXTRACT_OFFICE_PROSE_IMPL_H
#define EXTRACT_OFFICE_PROSE_IMPL_H

#include "extract/office/prose.h"

#define FRAME_MAX (256u * 1024) /* bytes of a paragraph that are joined */
#define BEFORE    0x80000000u   /* of mark.b: as it was */

/* Where what comes stands; flags: BEFORE. */
void prose_mark(struct prose *pr, uint32_t flags);
/* As made_begin() has it. */
size_t prose_place(const void *arg, const struct made_mark *m, char *dst,
		   size_t room);

static inline struct prose_frame *
prose_frame_of(struct prose *pr)
{
	unsigned i = pr->paras == 0 ? 0 : pr->paras - 1;

	return &pr->frames[i < PROSE_NEST ? i : PROSE_NEST - 1];
}

/* All that it holds; it is wiped at the end, until then written over. */
void prose_put(struct prose *pr, struct prose_frame *f);
/* What is too long to be held goes out as it is. */
void prose_add_to(struct prose *pr, struct buf *b, struct span s);
/* As it was, a paragraph is told only when that is another one. */
void prose_add(struct prose *pr, struct span s);
void prose_add_byte(struct prose *pr, uint8_t c, unsigned n);

/* With XML_SAME when on_same() does the same for a tag of the same bytes. */
unsigned prose_open_tag(struct prose *pr, const struct xml_tag *t);
void prose_open_known(struct prose *pr, const struct prose_element *e,
		      const struct xml_tag *t);

#endif
