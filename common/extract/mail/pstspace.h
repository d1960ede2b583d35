#ifndef EXTRACT_MAIL_PSTSPACE_H
#define EXTRACT_MAIL_PSTSPACE_H

#include "extract/mail/pstfile.h"

/*
 * pstspace: the bytes of a store that no node leads to, where deleted messages
 * lie: as one text, the substitution undone. `all`: the whole file, for a store
 * whose trees are damaged.
 *
 * What was packed, and what was hidden by a key of its own (PSTCRYPT_CYCLIC),
 * goes out as it stands.
 */
NODISCARD enum status pst_space(struct pst *s, bool all);

#endif
