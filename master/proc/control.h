#ifndef MASTER_PROC_CONTROL_H
#define MASTER_PROC_CONTROL_H

/*
 * control: what parent and child say to each other on descriptor 3 of the
 * child (sys/pipe). For parent.c and child.c only.
 */
enum control_kind {
	/* parent to child */
	CONTROL_DOORS = 1, /* first: one byte a door, the sockets beside it */
	CONTROL_PEER = 2,  /* tag: role of the neighbour; one descriptor */
	CONTROL_STOP = 3,  /* end in good order */
	/* child to parent */
	CONTROL_READY = 16, /* its loop starts */
};

#define CONTROL_QUEUE (1024 * 1024) /* bytes that may wait */

#endif
