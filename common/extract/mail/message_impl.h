/*
 * A message as the files of it share it: `messagetell` knows one by its first
 * bytes, `message` goes through its parts, `messagebody` through the leaves of
 * one: what its transfer decodes to, and files that stand in its text.
 */
#ifndef EXTRACT_MAIL_MESSAGE_IMPL_H
#define EXTRACT_MAIL_MESSAGE_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "extract/mail/header.h"
#include "extract/mail/message.h"
#include "extract/mail/transfer.h"

#define FROM_MAX 512

/* One message while it is read. */
struct message {
	struct lines lines;
	struct lines_boundary around[LINES_NEST];
	struct header header; /* of the part at hand */
	struct transfer transfer;
	unsigned part;          /* number of the leaf at hand */
	uint8_t from[FROM_MAX]; /* the line before the header, in a mailbox */
	size_t from_len;
};

static inline bool
message_type_is(const struct header *h, const char *type)
{
	return strcmp(h->type, type) == 0;
}

static inline bool
message_type_begins(const struct header *h, const char *with)
{
	return strncmp(h->type, with, strlen(with)) == 0;
}

/* A leaf of that name, coded so, up to where its lines stop. */
enum status message_leaf(struct extractor *x, struct message *m,
			 struct span name, enum coding coding);
/* A leaf, and the files that stand in it; it ends where its lines stop. */
enum status message_body(struct extractor *x, struct message *m);
/* What a parser left of a leaf that ended before its time. */
void message_drain(struct extractor *x, struct lines *l);

#endif
