#ifndef PROXY_AGENT_SOURCE_S3_SITE_H
#define PROXY_AGENT_SOURCE_S3_SITE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/http.h"
#include "source/source.h"
#include "source/url.h"
#include "sys/vault.h"

/*
 * s3_site: where a bucket stands, in which region, and how requests to it are
 * signed. Credential: user (access key id), password (secret key), token (of a
 * temporary key); without them nothing is signed.
 */
struct s3_site {
	struct http *http;
	struct vault vault;
	struct pairs secrets; /* id, secret, token */
	struct buf name, region, endpoint;
	bool host_style; /* the bucket's name stands in that of the host */
	bool amazon;     /* the endpoint follows from the region */
	bool swift;      /* OpenStack answers */
};

/* Opens the session; `u` is the target's path. Says why in t->why. */
NODISCARD enum status s3_site_open(struct s3_site *s,
				   const struct source_target *t,
				   const struct url *u);
void s3_site_close(struct s3_site *s); /* takes all zero */

/* https://endpoint/bucket or https://bucket.endpoint, without a slash behind */
NODISCARD enum status s3_site_add(const struct s3_site *s, struct buf *to);

/* As struct http_request has it; arg is the site. */
NODISCARD enum status s3_site_sign(void *arg, const struct http_request *r,
				   struct http_lines *to);

/* A whole answer; *region: where its head says that the bucket lies. */
NODISCARD enum status s3_site_fetch(struct s3_site *s, struct span url,
				    struct buf *body, struct buf *region,
				    unsigned *code);

/* An answer that names another region: true when it is to be asked there. */
bool s3_site_move(struct s3_site *s, unsigned code, struct span region);

#endif
