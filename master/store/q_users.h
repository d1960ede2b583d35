#ifndef STORE_Q_USERS_H
#define STORE_Q_USERS_H

#include <stdbool.h>
#include <stdint.h>

#include "master/store/store.h"

struct user_row {
	uint64_t id;
	struct span name, password, role; /* password: argon2id string */
	int64_t created, signed_in;
};
typedef enum status user_fn(void *arg, const struct user_row *row);

NODISCARD enum status q_users_list(struct store *s, user_fn *fn, void *arg);
/* ST_NOTFOUND. Names are compared without regard to ASCII case. */
NODISCARD enum status q_user_by_name(struct store *s, struct span name,
				     user_fn *fn, void *arg);
NODISCARD enum status q_user_by_id(struct store *s, uint64_t id, user_fn *fn,
				   void *arg);
NODISCARD enum status q_users_any(struct store *s, bool *any);

/* Writing, core only. ST_EXISTS when the name is taken. */
NODISCARD enum status q_user_add(struct store *s, struct span name,
				 struct span password, struct span role,
				 int64_t now, uint64_t *id);
NODISCARD enum status q_user_password(struct store *s, uint64_t id,
				      struct span password);

#endif
