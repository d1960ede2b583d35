#ifndef PROXY_AGENT_SQL_DRDA_SUBSTITUTE_H
#define PROXY_AGENT_SQL_DRDA_SUBSTITUTE_H

#include <stdint.h>

#include "base/status.h"

/*
 * drda_substitute: what Apache Derby takes in the place of a password
 * (USRSSBPWD, STRONG_PASSWORD_SUBSTITUTE_SECURITY), a SHA-1 of it and of two
 * seeds. Its name promises more than it holds: Derby hashes the upper four bits
 * of each letter, and whoever hears it can guess at the rest for ever. So it
 * replaces no TLS, and is used where a server takes nothing else.
 */
#define DRDA_SEED       8
#define DRDA_SUBSTITUTE 20

/* ST_MALFORMED: the user or the password is no UTF-8; ST_LIMIT. */
NODISCARD enum status drda_substitute(const char *user, const char *password,
				      const uint8_t ours[DRDA_SEED],
				      const uint8_t theirs[DRDA_SEED],
				      uint8_t out[DRDA_SUBSTITUTE]);

#endif
