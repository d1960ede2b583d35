#ifndef STORE_Q_TOKENS_H
#define STORE_Q_TOKENS_H

#include <stdint.h>

#include "master/store/store.h"

/* q_tokens: what lets an agent enrol without a person looking. */
#define TOKEN_KEY_LEN    8
#define TOKEN_SECRET_LEN 32

struct token_row {
	uint64_t id;
	uint8_t key[TOKEN_KEY_LEN]; /* SHA-256 of the secret, cut */
	struct span secret;         /* empty once used up; core only */
	struct span name, group;
	int64_t created, expires;
	uint32_t uses_left, uses;
};
typedef enum status token_fn(void *arg, const struct token_row *row);

/* Newest first. */
NODISCARD enum status q_tokens_list(struct store *s, token_fn *fn, void *arg);
NODISCARD enum status q_token_by_key(struct store *s,
				     const uint8_t key[TOKEN_KEY_LEN],
				     token_fn *fn, void *arg);

/* Writing, core only. The secret is dropped with the last use. */
NODISCARD enum status q_token_add(struct store *s, const struct token_row *row,
				  uint64_t *id);
NODISCARD enum status q_token_use(struct store *s, uint64_t id);
NODISCARD enum status q_token_drop(struct store *s, uint64_t id);
NODISCARD enum status q_tokens_expire(struct store *s, int64_t now);

#endif
