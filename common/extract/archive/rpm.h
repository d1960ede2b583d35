#ifndef EXTRACT_ARCHIVE_RPM_H
#define EXTRACT_ARCHIVE_RPM_H

#include "extract/job.h"

/*
 * rpm: a package: what stands in its headers is text, its payload is read by
 * what it holds (a compressed cpio, mostly).
 */
enum status rpm_part(struct extractor *x, struct part *p);

#endif
