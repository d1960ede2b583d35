#ifndef PROXY_AGENT_SMB_HAND_H
#define PROXY_AGENT_SMB_HAND_H

#include <stdint.h>

#include "base/status.h"
#include "proxy-agent/smb/reading.h"
#include "sys/pipe.h"

/*
 * hand: one of a crew: reads the files that it is told, one after the other,
 * over a session of its own, and lets the server rest when it answers late.
 */

/* What is said between a hand and its crew; tag: the number of the job. */
enum hand_talk {
	HAND_TARGET = 1, /* u32 length of the target, it, its options; a vault
			    with the credential, whose length is the tag */
	HAND_READ,       /* path of a file */
	HAND_STOP,       /* no more of that job, and of those before */
	HAND_BYTES,      /* what was read, of little */
	HAND_LENT,       /* struct hand_lent: it lies in the lap */
	HAND_BACK,       /* to the hand: the first of what it lent */
	HAND_END,        /* struct hand_end */
};

/*
 * The lap: memory that a hand has in common with its crew, so that what it
 * reads is copied once, and one piece is read while another is used. Pieces go
 * round; no one is written again before it is given back.
 */
#define HAND_PIECE  READING_PIECE
#define HAND_PIECES 2
#define HAND_LAP    ((size_t)HAND_PIECE * HAND_PIECES)
#define HAND_LITTLE (32u * 1024) /* bytes, which are sent */

struct hand_lent {
	uint32_t which, len;
};

struct hand_end {
	int32_t error;      /* 0 at its end, else errno */
	uint32_t rested_ms; /* for a server that answers late, since the last */
};

#define HAND_CAP (1u << 20) /* bytes waiting in a pipe */

/* Until the other side is gone; gives the exit code. lap: HAND_LAP bytes. */
int hand_serve(struct pipe *p, uint8_t *lap);

#endif
