#ifndef EXTRACT_MAIL_MESSAGE_H
#define EXTRACT_MAIL_MESSAGE_H

#include "extract/job.h"

/*
 * message: a message with its parts (RFC 5322, RFC 2045 to 2049), read in
 * order, in constant memory whatever its size. Multiparts take no depth, and
 * messages within messages one level each.
 */
NODISCARD enum status message_part(struct extractor *x, struct part *p);

/* Messages one after the other, each at "message 42". */
NODISCARD enum status message_mailbox(struct extractor *x, struct part *p);

/*
 * Does it begin with the header of a message, whose fields weigh that much (3:
 * it is hardly anything else)? Of a mailbox?
 */
bool message_is(struct span head, unsigned least);
bool message_is_mailbox(struct span head);

#endif
