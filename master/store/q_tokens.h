#ifndef STORE_Q_TOKENS_H
#define STORE_Q_TOKENS_H

#include <stdint.h>

#include "master/store/store.h"
#include "model/session.h"

/* q_tokens: what lets an agent enrol without a person looking. */

struct token_row {
	uint64_t id;
	uint8_t name_id[TOKEN_ID_LEN]; /* first bytes of its key */
	struct span key; /* SHA-256 of its secret; empty once used up */
	struct span name, group;
	int64_t created, expires;
	uint32_t uses_left, uses;
};
typedef enum status token_fn(void *arg, const struct token_row *row);

/* Newest first. */
NODISCARD enum status q_tokens_list(struct store *s, token_fn *fn, void *arg);
NODISCARD enum status q_token_find(struct store *s,
				   const uint8_t id[TOKEN_ID_LEN], token_fn *fn,
				   void *arg);

/* Writing, core only. The key is dropped with the last use. */
NODISCARD enum status q_token_add(struct store *s, const struct token_row *row,
				  uint64_t *id);
NODISCARD enum status q_token_use(struct store *s, uint64_t id);
NODISCARD enum status q_token_drop(struct store *s, uint64_t id);
NODISCARD enum status q_tokens_expire(struct store *s, int64_t now);

#endif
