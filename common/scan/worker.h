#ifndef SCAN_WORKER_H
#define SCAN_WORKER_H

#include <stdatomic.h>
#include <stdint.h>

#include "detect/detect.h"
#include "extract/extract.h"
#include "scan/slot.h"

/*
 * worker: the process that reads hostile bytes. It holds one socket, shared
 * slots it can only read and a page to say where it is; nothing else, and no
 * right to get more. It may die at any time.
 */
#define WORKER_PLACE 2048

struct worker_status {        /* one page each, read by the director */
	_Atomic uint64_t seq; /* batch */
	_Atomic uint32_t item;
	_Atomic uint64_t read; /* bytes of that object so far */
	/* who reads what inside it: looked at once it is dead */
	char parser[24];
	uint32_t place_len;
	uint8_t place[WORKER_PLACE]; /* longer ones are cut */
};
#define WORKER_STATUS_PAGE 4096

struct allow;

struct worker_spec {
	int fd; /* to the director */
	const struct slots *slots;
	struct worker_status *status;
	const struct detector *detector;
	struct extractor *extractor; /* the worker's own */
	uint32_t matches_max;
	bool reveal, details, texts; /* as in scan_options */
	const struct allow *allow;   /* NULL: nothing passes */
	void (*before_object)(const struct extract_input *in);
};

#define WORKER_MEMORY (512u << 20)    /* address space */
#define WORKER_FILE   BUDGET_MIB(256) /* its file of memory, at most */
#define WORKER_CLEAR  4096            /* bytes of a match that --reveal shows */

_Noreturn void worker_main(const struct worker_spec *w);

#endif
