#ifndef PROXY_AGENT_SOURCE_AZURE_SITE_H
#define PROXY_AGENT_SOURCE_AZURE_SITE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/http.h"
#include "source/source.h"
#include "source/url.h"
#include "sys/vault.h"

/*
 * azure_site: one account of Azure Storage, of which blobs, queues and tables
 * are each a service of their own: where it is, how its requests are signed,
 * what its errors mean.
 *
 *   SCHEME://ACCOUNT/THING[/NAME]?endpoint=URL
 *
 * Credential: password, the key of the account, or token, a SAS
 * ("sv=...&sig="); with neither what is public is read. Option signature=lite
 * signs with Shared Key Lite. endpoint is the address of the service with all
 * that stands before the thing, as connection strings have it; by default the
 * public cloud's.
 */
struct azure_site {
	struct http *http;
	struct url url;      /* of the target, whose text must live */
	struct buf account;  /* name */
	struct buf endpoint; /* without a slash behind */
	struct buf root;     /* "azure://ACCOUNT/" */
	struct vault vault;
	struct pairs secrets; /* key, sas */
	bool table, lite;
};

/* `service`: "blob", "queue", "table". Says why in t->why. */
NODISCARD enum status azure_site_open(struct azure_site *a,
				      const struct source_target *t,
				      const char *service);
void azure_site_close(struct azure_site *a); /* takes all zero */

/* The first part of the target's path, decoded; *rest: what is behind it. */
NODISCARD enum status azure_site_thing(const struct azure_site *a,
				       struct buf *to, struct span *rest);

/* As struct http_request has it; arg is the site. */
NODISCARD enum status azure_site_sign(void *arg, const struct http_request *r,
				      struct http_lines *to);

/* The last parameter of every address: the SAS, when there is one. */
NODISCARD enum status azure_site_sas(const struct azure_site *a,
				     struct buf *url);

/* A whole answer. */
struct azure_want {
	const char *header;
	struct buf *to; /* its value, or empty */
};

struct azure_answer {
	unsigned code;
	char error[80]; /* "AuthenticationFailed", or empty */
	struct buf body;
	const struct azure_want *want;
	size_t wants;
};
#define AZURE_ANSWER_MAX (64u << 20)

void azure_answer_init(struct azure_answer *a);
void azure_answer_fini(struct azure_answer *a);

/* ST_OK for an answer of 2xx alone. */
NODISCARD enum status azure_site_ask(struct azure_site *a, struct span url,
				     struct azure_answer *out);

/* Why the target cannot be opened. */
void azure_site_why(const struct azure_site *a, const struct source_target *t,
		    const struct azure_answer *got);

#endif
