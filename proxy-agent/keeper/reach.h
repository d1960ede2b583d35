#ifndef PROXY_AGENT_KEEPER_REACH_H
#define PROXY_AGENT_KEEPER_REACH_H

/*
 * reach: what the director of a scan, which may start no program, and the
 * keeper in its supervisor say to each other (sys/pipe). The director asks for
 * one thing at a time and waits for the answer. It can choose neither program
 * nor file: the kind of the target says which program, a name which credential.
 */
enum reach_kind {
	/* director to keeper */
	REACH_START = 1,  /* spans target, credential, options; two
			     descriptors: the reader's socket, the slots */
	REACH_SIGNAL = 2, /* tag: number of the reader; body: number of the
			     signal, one byte */
	/* keeper to director */
	REACH_STARTED = 3, /* tag: number of the reader; body: 1 byte, whether
			      it has a credential */
	REACH_REFUSED = 4, /* body: enum status, one byte; then a sentence */
	REACH_DONE = 5,    /* the signal is sent; SIGKILL: and it is gone */
};

#define REACH_CAP (64 * 1024) /* bytes that may wait in a pipe */
#define REACH_FD  3           /* where the director finds its end */

#endif
