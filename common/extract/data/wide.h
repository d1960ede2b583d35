#ifndef EXTRACT_DATA_WIDE_H
#define EXTRACT_DATA_WIDE_H

#include "extract/job.h"

/*
 * wide: files of Windows whose texts stand in UTF-16 among other bytes, such as
 * registry hives and event logs: each run of at least WIDE_MIN characters is a
 * line, "text at byte 4711". Then all of it as it stands.
 */
#define WIDE_MIN 4
enum status wide_part(struct extractor *x, struct part *p);

#endif
