#ifndef FAKE_SCRIPT_H
#define FAKE_SCRIPT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * script: a server of a protocol of lines that plays what is written down. It
 * listens on loopback in a process of its own and takes one connection after
 * the other.
 */
struct script_line {
	const char *hear; /* the next line must begin so; NULL: say at once */
	const char *say;  /* sent then; SCRIPT_CUT and SCRIPT_NEXT are orders */
};

#define SCRIPT_CUT  "\001" /* closes the connection, waits for another */
#define SCRIPT_MUTE "\002" /* says nothing more until the other side leaves */

struct script {
	pid_t pid;
	uint16_t port;
};

void script_start(struct script *s, const struct script_line *lines,
		  size_t count);

/* Ends it; fails the test when it heard something else than was written. */
void script_end(struct script *s);

#endif
