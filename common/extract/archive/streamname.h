#ifndef EXTRACT_ARCHIVE_STREAMNAME_H
#define EXTRACT_ARCHIVE_STREAMNAME_H

#include "extract/job.h"

/*
 * streamname: what a compressed stream is called that says no name itself: that
 * of its file without the suffix ("a.tar" of a.tar.xz and of a.txz), else its
 * kind ("xz").
 */
size_t stream_name(struct span file, const char *kind,
		   uint8_t name[JOB_NAME_MAX]);

#endif
