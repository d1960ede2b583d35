#ifndef PROXY_AGENT_SESSION_AZURE_KEY_H
#define PROXY_AGENT_SESSION_AZURE_KEY_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * azure_key: "Shared Key" and "Shared Key Lite", by which the storage services
 * of Azure know who asks ("Authorize with Shared Key" of their reference). The
 * key of the account itself never leaves; what is sent holds for 15 minutes and
 * for this one request.
 */
struct azure_key {
	struct span account;
	struct span key; /* as the portal shows it, in base64 */
	bool table;      /* for the service of tables, which signs less */
	bool lite;
};

/* A GET; spans may be empty. */
struct azure_request {
	struct span url;     /* escaped as it is sent */
	struct span date;    /* x-ms-date: "Sun, 22 Nov 2026 10:11:12 GMT" */
	struct span version; /* x-ms-version */
	struct span range, if_match, if_unmodified_since;
};

/*
 * The value of Authorization, behind what is there. ST_MALFORMED: the URL has
 * no host, or the key is no base64.
 */
NODISCARD enum status azure_key_sign(const struct azure_key *k,
				     const struct azure_request *r,
				     struct buf *to);

/* What is signed; for tests. */
NODISCARD enum status azure_key_text(const struct azure_key *k,
				     const struct azure_request *r,
				     struct buf *to);

#endif
