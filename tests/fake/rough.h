#ifndef FAKE_ROUGH_H
#define FAKE_ROUGH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "fake/installation.h"

struct loop;

/*
 * rough: a client of the agent port that need not keep any rule. It shares the
 * loop's thread: every call turns the loop while it waits, and gives up after
 * some seconds.
 */
struct rough;

struct rough_spec {
	const struct identity *id; /* NULL: no certificate */
	const char *alpn;          /* NULL: none is offered */
	int version;               /* TLS1_2_VERSION ..., 0: 1.3 */
};

/* Connects by TCP, nothing more. */
struct rough *rough_open(struct loop *loop, uint16_t port);
void rough_close(struct rough *r);

/* True when TLS is up as far as this side can see. */
bool rough_shake(struct rough *r, const struct rough_spec *s);

/* As many bytes as go out without waiting; through TLS when it is up. */
size_t rough_write(struct rough *r, struct span bytes);

/* Whole frame of any kind, flags and stated length. */
void rough_frame(struct rough *r, uint16_t kind, uint16_t flags,
		 struct span body);

/* Reads one frame; false when the other side ended it. */
bool rough_read(struct rough *r, uint16_t *kind, struct buf *body);

/* Waits until the other side ends it; true when it did. */
bool rough_ended(struct rough *r);

#endif
