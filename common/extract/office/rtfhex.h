#ifndef EXTRACT_OFFICE_RTFHEX_H
#define EXTRACT_OFFICE_RTFHEX_H

#include "extract/job.h"

/*
 * rtfhex: bytes within RTF, in hexadecimal up to the next brace or control
 * word, or as they are (\bin), read as a member while the document is read.
 */
/* p is at the first digit, then behind the last; `object`: an OLE wrapper. */
NODISCARD enum status rtf_hex(struct extractor *x, struct part *p,
			      struct span name, bool object);
NODISCARD enum status rtf_bin(struct extractor *x, struct part *p, uint64_t n,
			      struct span name);

#endif
