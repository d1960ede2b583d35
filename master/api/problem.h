#ifndef MASTER_API_PROBLEM_H
#define MASTER_API_PROBLEM_H

#include <stddef.h>

#include "master/api/request.h"

/*
 * problem: an error as a client gets it: problem+json (RFC 9457) with the
 * request id as instance. Texts are for people and never hold a secret.
 */
#define PROBLEM_ERRORS_MAX 8
#define PROBLEM_POINTER    96
#define PROBLEM_TEXT       160

struct problem {
	unsigned status; /* 0: there is none */
	char detail[PROBLEM_TEXT];
	struct {
		char pointer[PROBLEM_POINTER]; /* "/name" or "?limit" */
		char detail[PROBLEM_TEXT];
	} errors[PROBLEM_ERRORS_MAX];
	size_t count; /* errors, may be above PROBLEM_ERRORS_MAX */
};

/* One field is wrong: the status becomes 400 unless it was set. */
void problem_field(struct problem *p, const char *pointer, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Make the reply say it, in place of whatever it held. */
void problem_reply(const struct request *rq, struct reply *rp,
		   const struct problem *p);

/* The same for one sentence; fmt NULL: none. */
void problem_say(const struct request *rq, struct reply *rp, unsigned status,
		 const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
