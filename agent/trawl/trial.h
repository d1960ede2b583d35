#ifndef AGENT_TRAWL_TRIAL_H
#define AGENT_TRAWL_TRIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "detect/decide/explain.h"
#include "detect/detect.h"

/*
 * trial: one data type and a text: what it finds, and why or why not.
 *
 * Two detectors look: one of this type alone, which tells of every stretch
 * with its shape; and one of all types, as in a scan, which says what wins.
 */
struct trial;

/*
 * `rule` is the id of a type of the catalogue, or a file, which may have the id
 * of one. *why (buf_init() done) explains a failure.
 */
NODISCARD enum status trial_open(const char *rule, struct trial **out,
				 struct buf *why);
void trial_close(struct trial *t); /* takes NULL */

const char *trial_id(const struct trial *t);

/* Whether a scan would find the type anywhere in the text. */
bool trial_finds(struct trial *t, struct span text);

/*
 * What is said of each stretch that has its shape, in order. Stretches are
 * shown in clear only when `clear` says so. Gives how many match.
 */
NODISCARD enum status trial_tell(struct trial *t, struct span text, bool clear,
				 struct buf *to, size_t *matches);

#endif
