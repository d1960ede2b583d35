#ifndef PROXY_AGENT_SOURCE_CLOUD_SITE_H
#define PROXY_AGENT_SOURCE_CLOUD_SITE_H

#include "base/buf.h"
#include "base/status.h"
#include "proxy-agent/session/http.h"
#include "proxy-agent/session/oauth.h"
#include "source/source.h"
#include "source/url.h"

struct cloud_kind;

/*
 * cloud_site: where a service is, and the token that it is asked with: the
 * vendor's addresses, or endpoint and content of the credential. The token goes
 * to these alone.
 */
struct cloud_site {
	struct oauth *oauth;
	struct buf endpoint, content; /* without a slash behind */
};

/* Signs in; says why not in t->why. */
NODISCARD enum status cloud_site_open(struct cloud_site *s,
				      const struct cloud_kind *k,
				      const struct source_target *t,
				      const struct url *u,
				      const struct http_limits *limits);
void cloud_site_close(struct cloud_site *s); /* takes all zero */

/* As struct http_request has them; arg is the site. */
NODISCARD enum status cloud_site_sign(void *arg, const struct http_request *r,
				      struct http_lines *to);
NODISCARD enum status cloud_site_denied(void *arg, unsigned mark);

#endif
