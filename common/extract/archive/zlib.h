#ifndef EXTRACT_ARCHIVE_ZLIB_H
#define EXTRACT_ARCHIVE_ZLIB_H

#include "extract/job.h"

/*
 * zlib: a stream by itself (RFC 1950), as objects of git are stored. Its two
 * bytes of magic say little, so all of the head must unpack as well; what does
 * not is read as bytes and is no damage. What follows the stream is read too.
 */
bool zlib_is(struct format_look *l);
enum status zlib_part(struct extractor *x, struct part *p);

#endif
