#ifndef SOURCE_CREDENTIAL_H
#define SOURCE_CREDENTIAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"
#include "source/pairs.h"

/*
 * credential: what a file of credentials says for one target, as pairs. The
 * file is JSON: one object of names and values (texts, numbers, true and
 * false), for every target; or an object of such objects by target, where the
 * longest that a target begins with is its own:
 *
 *   {"sftp://app@a.example.org/": {"password": "..."},
 *    "sftp://b.example.org:2222/": {"key_file": "/home/app/.ssh/id_ed25519"}}
 *
 * No value is copied anywhere but to `to`, which is the caller's vault.
 *
 * Errors: ST_MALFORMED: *why says what is wrong, never with a value in it.
 *         ST_NOTFOUND: it has none for this target. ST_LIMIT: no room.
 */
/*
 * Each object of a file that has them by target, with what stands in it; the
 * values stand in `to` and are overwritten by the next. ST_MALFORMED also for a
 * value that does not say for which target it is. each() may stop it by a
 * failure of its own.
 */
typedef enum status credential_fn(void *arg, struct span scope,
				  struct pairs values);
NODISCARD enum status credential_each(struct span json, uint8_t *to,
				      size_t room, credential_fn *each,
				      void *arg, const char **why);

/*
 * Each text that is a value of it, of whatever target, where it stands in the
 * file, with its quotes. What it says is overwritten by the next.
 */
struct credential_text {
	struct span name, value, at;
};
typedef void credential_text_fn(void *arg, const struct credential_text *t);
NODISCARD enum status credential_texts(struct span json, uint8_t *to,
				       size_t room, credential_text_fn *each,
				       void *arg, const char **why);

NODISCARD enum status credential_pick(struct span json, struct span target,
				      uint8_t *to, size_t room, size_t *len,
				      const char **why);

#endif
