#ifndef STORE_WORDS_H
#define STORE_WORDS_H

#include "base/span.h"

/*
 * words: the enumerations of the database and the words that JSON uses for
 * them. The numbers lie in databases: never change one, only add.
 */
#define RISK_TABLE(X)                                                          \
	X(RISK_CRITICAL, 1, "critical")                                        \
	X(RISK_HIGH, 2, "high")                                                \
	X(RISK_MEDIUM, 3, "medium")                                            \
	X(RISK_LOW, 4, "low")
#define RISK_COUNT 4

#define FINDING_STATE_TABLE(X)                                                 \
	X(FINDING_OPEN, 1, "open")           /* nobody has judged it */        \
	X(FINDING_CONFIRMED, 2, "confirmed") /* a person says it is real */    \
	X(FINDING_FALSE_POSITIVE, 3, "false_positive")                         \
	X(FINDING_GONE, 4, "gone") /* a later scan did not find it again */
#define FINDING_STATE_COUNT 4

#define AGENT_STATE_TABLE(X)                                                   \
	X(AGENT_UNVERIFIED, 1, "unverified") /* waits for a person */          \
	X(AGENT_VERIFIED, 2, "verified")                                       \
	X(AGENT_BLOCKED, 3, "blocked")                                         \
	X(AGENT_REMOVED, 4, "removed") /* kept only for what it found */

#define WORDS_ENUM(code, number, word) code = (number),
enum risk { RISK_TABLE(WORDS_ENUM) };
enum finding_state { FINDING_STATE_TABLE(WORDS_ENUM) };
enum agent_state { AGENT_STATE_TABLE(WORDS_ENUM) };
#undef WORDS_ENUM

/* The word of a number ("unknown" for others); the number of a word, else 0. */
const char *risk_word(unsigned number);
const char *finding_state_word(unsigned number);
const char *agent_state_word(unsigned number);
unsigned risk_number(struct span word);
unsigned finding_state_number(struct span word);
unsigned agent_state_number(struct span word);

/* A finding counts as standing open while it is open or confirmed. */
#define FINDING_STANDS(state)                                                  \
	((state) == FINDING_OPEN || (state) == FINDING_CONFIRMED)

#endif
