#ifndef PROXY_AGENT_SESSION_PATIENCE_H
#define PROXY_AGENT_SESSION_PATIENCE_H

#include <stdint.h>

/*
 * patience: how long anything on the way to a server may take, in seconds. The
 * one table of such times; an option of a target with the name changes one.
 */
#define PATIENCE_TABLE(X)                                                      \
	X(connect, 15, "until a connection stands, for each address")          \
	X(sign_in, 30, "for greeting, keys and sign-in")                       \
	X(answer, 60, "from a request to the first byte of its answer")        \
	X(idle, 60, "between two pieces of one answer")

struct pace;

struct patience {
#define PATIENCE_FIELD(name, seconds, help) uint32_t name##_ms;
	PATIENCE_TABLE(PATIENCE_FIELD)
#undef PATIENCE_FIELD
	struct pace *pace; /* hears how long it did take; or NULL */
};

struct pairs;

/*
 * The table's own, with what the options of a target say ("connect_timeout",
 * "answer_timeout" ...; 1 to 3600 seconds).
 */
struct patience patience_of(const struct pairs *options);

#endif
