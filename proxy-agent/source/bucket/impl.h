/*
 * Stores of objects as the files of it share them: `page` takes lists, `answer`
 * makes an item of what a store says of an object, `bucket` goes from object to
 * object and reads them. One thread.
 */
#ifndef PROXY_AGENT_SOURCE_BUCKET_IMPL_H
#define PROXY_AGENT_SOURCE_BUCKET_IMPL_H

#include "proxy-agent/source/bucket/bucket.h"

#define VERSION_MAX 1024

/*
 * Pages until one holds something. What a list gave before it broke off is read
 * before that is told.
 */
NODISCARD enum status bucket_turn_page(struct bucket *b);

/* For an object, without waiting. */
NODISCARD enum status bucket_ask(struct bucket *b, const struct bucket_entry *e,
				 struct bucket_call *to);

/* What came of it, into the item. */
void bucket_answer(struct bucket *b, const struct bucket_entry *e,
		   struct bucket_call *was, struct source_item *item);

/* Why an item cannot be read. */
void bucket_refuse(struct bucket *b, struct source_item *item, uint8_t reason,
		   const char *detail);

#endif
