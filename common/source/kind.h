#ifndef SOURCE_KIND_H
#define SOURCE_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/*
 * kind: the kinds of remote targets as people see them: one table for the
 * command `trawl targets`, the documents and the checks of a target's name.
 * What reads a kind stands in proxy-agent/source under the same scheme, or in
 * the room of its program.
 */
enum kind_honesty {
	KIND_PRODUCT,  /* tested against the product */
	KIND_PROTOCOL, /* against another server of the same protocol */
	KIND_FIXTURE,  /* against a server that we wrote ourselves */
	KIND_UNTESTED,
};

struct kind {
	const char *scheme;
	const char *title;   /* "Files over SFTP" */
	const char *ports;   /* "22", "443, 80" */
	const char *form;    /* of a target: "sftp://USER@HOST[:PORT]/PATH" */
	const char *access;  /* names in its credential, "user password ..." */
	const char *options; /* names of its options, "host_key=..."; or "" */
	/* What did not change can be told (--skip-unchanged): tables and keys
	 * have no mark of that, and are read again. */
	bool versions;
	enum kind_honesty honesty;
	const char *tested; /* against what: "OpenSSH 9.2" */
	const char *reader; /* the program that reads it; NULL: trawl-source */
};

/*
 * Products that have no kind of their own and are read by what they speak as
 * well; none of them was at hand.
 */
struct kind_kin {
	const char *product;
	const char *schemes; /* the safest first */
	const char *how;     /* what has to be known; "" when nothing */
};

/* Ends with a product of NULL. */
extern const struct kind_kin kind_kin[];

/* Descriptors that a reader begins with: a socket to who directs it, the
 * memory that it fills, and perhaps a vault with its credential and a pipe to
 * who keeps that. */
#define KIND_FD_SOCKET 3
#define KIND_FD_SLOTS  4
#define KIND_FD_SECRET 5
#define KIND_FD_KEPT   6
/* A message to it, or without it to the first: see source/renewal.h. */
#define KIND_TALK_RENEWED 100

/* All rows, ends with a scheme of NULL. */
extern const struct kind kinds[];

const struct kind *kind_find(struct span scheme); /* NULL: unknown */
const char *kind_reader(const struct kind *k);    /* name of a program */
/* Where a target of it stands: as it says, or as the kind is used to; 0: it
 * names no host (but a bucket, an account). */
struct url;
uint16_t kind_port(const struct kind *k, const struct url *u);
const char *kind_honesty(enum kind_honesty h); /* words for people */

#endif
