#ifndef EXTRACT_ARCHIVE_ZIPODD_H
#define EXTRACT_ARCHIVE_ZIPODD_H

#include "extract/archive/zipmember.h"

/*
 * zipodd: members of a zip that are encrypted (ZipCrypto, AES) or packed by a
 * rare method. The library of archives reads them, as a zip of that one member.
 * The passwords of the options are tried one after the other.
 */

/*
 * The content of m to r, whatever is wrong is noted. The part must be seekable;
 * where it stands afterwards is not said.
 */
NODISCARD enum status zip_odd(struct extractor *x, struct part *p,
			      const struct zip_member *m, bool encrypted,
			      struct zip_reader *r);

#endif
