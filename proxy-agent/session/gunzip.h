#ifndef PROXY_AGENT_SESSION_GUNZIP_H
#define PROXY_AGENT_SESSION_GUNZIP_H

#include "base/span.h"
#include "base/status.h"

/*
 * gunzip: a list that comes as gzip, unpacked piece by piece. How much may come
 * of it is for whoever takes the bytes to say.
 */
struct gunzip;

NODISCARD enum status gunzip_open(struct gunzip **out);
void gunzip_close(struct gunzip *g); /* takes NULL */

/* Ends with what `take` says, when that is not ST_OK. ST_MALFORMED. */
NODISCARD enum status gunzip_feed(struct gunzip *g, struct span packed,
				  enum status (*take)(void *arg, struct span s),
				  void *arg);

#endif
