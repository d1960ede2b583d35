#ifndef PROXY_AGENT_SOURCE_HTTP_TARGET_H
#define PROXY_AGENT_SOURCE_HTTP_TARGET_H

#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/http.h"
#include "source/source.h"

/*
 * http_target: a session as a target wants it. Of its credential: user,
 * password, token, cookie, and ca (certificates as PEM text); of its options:
 * ca_file, certificate=any, auth (basic, digest, ntlm), the times of
 * patience.h, and the limits of http.h (rate, sessions, tries, pause,
 * pause_max, resumes).
 */
struct http_target_use {
	struct span site; /* tidy */
	struct span user; /* of the target's name; or empty */
	bool own_sign; /* requests are signed: no user and password are sent */
};

/* What the options proxy and proxy_auth, and the credential, say of it. */
struct http_way http_target_way(const struct source_target *t);

/* A name or value that is wrong is said in t->why: ST_USAGE. */
NODISCARD enum status http_target_open(const struct source_target *t,
				       const struct http_target_use *use,
				       struct http **out);

/* The limits that its options name; ST_USAGE is said in t->why. */
NODISCARD enum status http_target_limits(const struct source_target *t,
					 struct http_limits *l);

/* Into t->why, when somebody asks. */
void target_why(const struct source_target *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* "yes" unless the option says no, or the other way round. */
bool target_flag(const struct source_target *t, const char *name, bool unless);

/* A whole number of an option; ST_USAGE is said in t->why. */
NODISCARD enum status target_number(const struct source_target *t,
				    const char *name, uint64_t max,
				    uint64_t *out);

#endif
