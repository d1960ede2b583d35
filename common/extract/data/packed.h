#ifndef EXTRACT_DATA_PACKED_H
#define EXTRACT_DATA_PACKED_H

#include "extract/job.h"

/*
 * packed: a compressed piece of a file of columns or records, unpacked and read
 * as bytes. Its input is n bytes of p; all of them are consumed.
 */
enum packed {
	PACKED_NOT,
	PACKED_DEFLATE, /* bare */
	PACKED_GZIP,
	PACKED_ZSTD,
	PACKED_SNAPPY,
	PACKED_BZIP2,
	PACKED_XZ,
	PACKED_OTHER, /* noted, then as it stands */
};
NODISCARD enum status packed_read(struct extractor *x, struct part *p,
				  enum packed how, uint64_t n);

#endif
