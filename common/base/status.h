#ifndef BASE_STATUS_H
#define BASE_STATUS_H

/*
 * status: the one space of results for all of Trawl.
 *
 * Input is wrong:   MALFORMED, LIMIT, UNSUPPORTED, EOF: results; the scan notes
 *                   the place as not fully read and goes on.
 * The world failed: IO, DENIED, NOTFOUND, AGAIN, FULL, NOMEM, CLOSED, TIMEOUT,
 *                   EXISTS: go up to whoever can retry or say it to a person.
 * We are wrong:     must() in base/must.h, never a status.
 */
#define STATUS_TABLE(X)                                                        \
	X(ST_OK, "ok", "it worked")                                            \
	X(ST_EOF, "eof", "nothing is left")                                    \
	X(ST_MALFORMED, "malformed", "the input is not well formed")           \
	X(ST_LIMIT, "limit", "a limit was reached")                            \
	X(ST_UNSUPPORTED, "unsupported", "the format is not supported")        \
	X(ST_IO, "io", "reading or writing failed")                            \
	X(ST_DENIED, "denied", "permission was denied")                        \
	X(ST_NOTFOUND, "notfound", "it does not exist")                        \
	X(ST_EXISTS, "exists", "it exists already")                            \
	X(ST_AGAIN, "again", "not now, try again")                             \
	X(ST_FULL, "full", "no space is left")                                 \
	X(ST_NOMEM, "nomem", "no memory is left")                              \
	X(ST_CLOSED, "closed", "the other side is gone")                       \
	X(ST_TIMEOUT, "timeout", "it took too long")                           \
	X(ST_USAGE, "usage", "the call or command is not valid")

enum status {
#define STATUS_ENUM(code, name, text) code,
	STATUS_TABLE(STATUS_ENUM)
#undef STATUS_ENUM
	    ST__COUNT
};

#define NODISCARD __attribute__((warn_unused_result))

/* Short name ("limit") and sentence; never NULL. */
const char *status_name(enum status st);
const char *status_text(enum status st);

/* The status that says what errno said; ST_IO for what has no better word. */
enum status status_of_errno(int err);

#endif
