#ifndef SCAN_ZYGOTE_H
#define SCAN_ZYGOTE_H

#include "model/order.h"
#include "scan/scan.h"
#include "scan/slot.h"
#include "scan/worker.h"
#include "sys/priv.h"

/*
 * zygote: a small process that compiles the detector once and forks workers,
 * so that a new worker costs about a millisecond. It is their parent: it
 * signals them and tells how they ended.
 */
struct zygote_spec {
	int fd; /* to the director */
	const struct scan_order *order;
	const struct scan_options *options;
	const struct slots *slots;
	uint8_t *status; /* WORKER_STATUS_PAGE bytes for each worker */
	const struct priv_user *nobody; /* workers become; NULL: as we are */
	size_t workers;
};

_Noreturn void zygote_main(const struct zygote_spec *z);

#endif
