#ifndef SCAN_ANSWER_H
#define SCAN_ANSWER_H

#include "base/buf.h"
#include "base/status.h"
#include "model/session.h"
#include "scan/scan.h"

/*
 * answer: a question of a person who chooses a target (model/session.h),
 * carried out by browse(): does it answer, what stands in it.
 *
 * For a program that does nothing else: the calling process gives up, for good,
 * what it does not need. The answer, packed, goes behind what is in *to.
 *
 * Limits: ANSWER_ENTRIES_MAX entries, ANSWER_BYTES_MAX bytes of their paths;
 *         what there is beyond is only told as more.
 */
#define ANSWER_BYTES_MAX (128 * 1024)

NODISCARD enum status answer_give(const struct scan_remote *how,
				  const struct agent_ask *q, struct buf *to);

#endif
