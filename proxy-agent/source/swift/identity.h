#ifndef PROXY_AGENT_SOURCE_SWIFT_IDENTITY_H
#define PROXY_AGENT_SOURCE_SWIFT_IDENTITY_H

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "source/pairs.h"

/*
 * swift_identity: what OpenStack's Identity is asked and what it answers, in
 * its versions 3 and 2.0: a token, and a catalogue of where stores stand. Of
 * 2.0 also the API keys of Rackspace (RAX-KSKEY).
 *
 * Threads: no state.
 */
struct swift_wish {
	struct pairs secrets;                /* user, and api_key or password */
	struct span project, domain, region; /* "": none is named */
};

struct swift_identity {
	const char *ends; /* the address of the sign-in: "/v3" */
	const char *path; /* behind that, where a token is asked for */
	enum status (*ask)(const struct swift_wish *w, struct buf *to);
	/* Of the whole answer; ST_MALFORMED, ST_NOTFOUND: no such store. */
	enum status (*read)(const struct swift_wish *w, struct span json,
			    struct buf *token, struct buf *storage);
};

/* By the address of the sign-in; NULL: it is another one. */
const struct swift_identity *swift_identity_of(struct span auth);

#endif
