#ifndef EXTRACT_MAIL_PSTMESSAGE_H
#define EXTRACT_MAIL_PSTMESSAGE_H

#include "extract/mail/pstheap.h"

/*
 * pstmessage: what is in a message of a store: its properties, its bodies, for
 * whom it is, what is attached, messages within it. At the place at hand, which
 * is the message's.
 */
NODISCARD enum status pst_message(struct pst *s, const struct pst_node *n);

/* Properties alone: of a folder, of the store. */
NODISCARD enum status pst_properties(struct pst *s, const struct pst_node *n);

/* A node's bytes as they are, as a member. */
NODISCARD enum status pst_bytes(struct pst *s, const struct pst_node *n,
				struct span name);

/* A short text as UTF-8, its length, at most room; 0: there is none. */
size_t pst_short_text(struct pst_heap *h, const struct pst_properties *l,
		      unsigned id, uint8_t *dst, size_t room);

/* What could not be read of the place at hand is said once. */
void pst_note(struct pst *s);

#endif
