#ifndef EXTRACT_ARCHIVE_PACKED_H
#define EXTRACT_ARCHIVE_PACKED_H

#include "extract/job.h"

/*
 * packed: kinds whose content is packed in a way that nobody here unpacks. They
 * are told by what they begin with, read as bytes, and noted as unsupported:
 * what would pass for "all was read" is not.
 */
enum status packed_part(struct extractor *x, struct part *p);

/* More than a magic, where that alone could begin a text. */
bool packed_is_binary(struct format_look *l);
bool packed_is_arj(struct format_look *l);
bool packed_is_ace(struct format_look *l);
bool packed_is_vmdk(struct format_look *l);
bool packed_is_orc(struct format_look *l);

#endif
