#ifndef WIRE_CODEC_JOB_H
#define WIRE_CODEC_JOB_H

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "model/session.h"

struct arena;

/* codec_job: schema/wire/job.proto <-> model; as codec_session. */
NODISCARD enum status task_order_encode(const struct task_order *m,
					struct buf *to);
NODISCARD enum status task_order_decode(struct span s, struct arena *a,
					struct task_order *m);
NODISCARD enum status task_control_encode(const struct task_control *m,
					  struct buf *to);
NODISCARD enum status task_control_decode(struct span s, struct arena *a,
					  struct task_control *m);
NODISCARD enum status task_progress_encode(const struct task_progress *m,
					   struct buf *to);
NODISCARD enum status task_progress_decode(struct span s, struct arena *a,
					   struct task_progress *m);

#endif
