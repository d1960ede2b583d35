#ifndef STORE_Q_SESSIONS_H
#define STORE_Q_SESSIONS_H

#include <stdint.h>

#include "master/store/store.h"

/*
 * q_sessions: who is signed in. The browser holds 32 random bytes, the store
 * their SHA-256.
 */
#define SESSION_HASH_LEN 32

/* The longest that settings allow; api asks for less by its own clock. */
#define SESSION_IDLE_MS     (INT64_C(24) * 3600 * 1000)
#define SESSION_ABSOLUTE_MS (INT64_C(30) * 24 * 3600 * 1000)

struct session_row {
	uint8_t id[SESSION_HASH_LEN];
	uint64_t user;
	struct span user_name, role;
	int64_t created, seen, expires; /* expires: the absolute end */
	struct span address, client;
};
typedef enum status session_fn(void *arg, const struct session_row *row);

/* ST_NOTFOUND also when it is over, by idle or absolute time. */
NODISCARD enum status q_session_get(struct store *s,
				    const uint8_t id[SESSION_HASH_LEN],
				    int64_t now, session_fn *fn, void *arg);
NODISCARD enum status q_sessions_of(struct store *s, uint64_t user,
				    session_fn *fn, void *arg);

/* Writing, core only. */
NODISCARD enum status q_session_add(struct store *s,
				    const struct session_row *row);
NODISCARD enum status q_session_touch(struct store *s,
				      const uint8_t id[SESSION_HASH_LEN],
				      int64_t now);
NODISCARD enum status q_session_drop(struct store *s,
				     const uint8_t id[SESSION_HASH_LEN]);
NODISCARD enum status q_sessions_expire(struct store *s, int64_t now);

#endif
