#ifndef PROXY_AGENT_SESSION_HTTP_PROXY_H
#define PROXY_AGENT_SESSION_HTTP_PROXY_H

#include <stdbool.h>

#include "base/span.h"
#include "proxy-agent/session/http_state.h"

/*
 * http_proxy: the way through a forward proxy (RFC 9110, 7.3.2; CONNECT for
 * https). It looks names up in our place, so what a name leads to cannot be
 * checked as guard.h does: addresses as text, this machine's name and those of
 * the metadata services of clouds are refused here.
 *
 * Its password is sent when it asks for it, by digest or NTLM; as it is only
 * where the proxy is spoken to by TLS or a person said so, and never again once
 * it was refused.
 */

/* Takes what the options say. ST_USAGE: not the URL of a proxy. */
NODISCARD enum status http_proxy_keep(struct http *h,
				      const struct http_way *way);
void http_proxy_drop(struct http *h);

/* For one attempt. ST_DENIED: not to be reached, h->refusal says why. */
NODISCARD enum status http_proxy_prepare(struct http_call *c);

/* An attempt ended because the proxy wants to know who asks. */
bool http_proxy_denied(const struct http_call *c);

/* Why a host must not be asked for, of a target at `home`; NULL: it may. */
const char *http_proxy_refuses(struct span host, struct span home);

#endif
