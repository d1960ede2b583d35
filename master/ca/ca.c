#include "master/ca/ca.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "crypto/x509.h"
#include "master/proc/child.h"
#include "master/proc/edge.h"
#include "master/proc/peers.h"
#include "sys/loop.h"

#define DAY      86400
#define DAYS_MAX 366
#define BACKDATE DAY /* clocks of hosts differ */

struct ca {
	struct loop *loop;
	struct edge *core;
	struct key *key;
	struct span ca_der;
};

static enum status
sign(const struct ca *ca, const struct peer_sign *ask, struct buf *der,
     struct peer_signed *out)
{
	int64_t now = clock_wall_s(clock_system());
	struct cert_order order = {
	    .role = CERT_AGENT,
	    .agent = ask->agent,
	    .not_before = now - BACKDATE,
	    .not_after = now + (int64_t)ask->days * DAY,
	};
	struct cert_facts facts;
	enum status st;

	if (ask->agent == 0 || ask->agent > INT64_MAX || ask->days == 0 ||
	    ask->days > DAYS_MAX)
		return ST_USAGE;
	st = cert_sign(ca->key, ca->ca_der, ask->csr, &order, der);
	if (st == ST_OK)
		st = cert_facts(buf_span(der), &facts);
	if (st != ST_OK)
		return st;
	memcpy(out->key, facts.key, sizeof(out->key));
	memcpy(out->cert, facts.hash, sizeof(out->cert));
	out->not_before = facts.not_before;
	out->not_after = facts.not_after;
	out->certificate = buf_span(der);
	out->ca = ca->ca_der;
	return ST_OK;
}

static void
answer(struct ca *ca, const struct peer_sign *ask)
{
	struct peer_signed out = {.tag = ask->tag};
	struct buf der, body;
	enum status st;

	buf_init(&der, X509_DER_MAX);
	buf_init(&body, 4 * X509_DER_MAX);
	st = sign(ca, ask, &der, &out);
	out.status = (uint8_t)st;
	if (st == ST_OK)
		log_info("signed agent=%llu days=%u",
			 (unsigned long long)ask->agent, ask->days);
	else
		log_warn("not signed agent=%llu: %s",
			 (unsigned long long)ask->agent, status_text(st));
	if (peer_signed_pack(&out, &body) != ST_OK ||
	    edge_send(ca->core, PEER_SIGNED, buf_span(&body)) != ST_OK)
		log_error("an answer for core is lost");
	buf_fini(&body);
	buf_fini(&der);
}

static void
message(void *arg, uint16_t kind, struct span body)
{
	struct ca *ca = arg;
	struct peer_sign ask;

	if (kind == PEER_SIGN && peer_sign_unpack(body, &ask) == ST_OK)
		answer(ca, &ask);
	else
		log_error("core said what is not understood: %s",
			  peer_kind_name(kind));
}

static void
down(void *arg)
{
	struct ca *ca = arg;

	edge_close(ca->core);
	ca->core = NULL;
}

static void
peer(void *arg, enum role role, int fd)
{
	static const struct edge_ops ops = {.message = message, .down = down};
	struct ca *ca = arg;

	(void)role; /* the table knows only one neighbour */
	edge_close(ca->core);
	ca->core = NULL;
	if (edge_open(ca->loop, fd, &ops, ca, &ca->core) != ST_OK)
		log_error("no memory for the edge to core");
}

static void
stop(void *arg)
{
	struct ca *ca = arg;

	loop_stop(ca->loop);
}

enum status
ca_run(struct child *c, const struct ca_config *config)
{
	static const struct child_ops ops = {.peer = peer, .stop = stop};
	struct ca ca = {.ca_der = config->ca_der};
	enum status st = key_load(config->key_pem, &ca.key);

	if (st == ST_OK)
		st = cert_matches(config->ca_der, ca.key);
	if (st == ST_OK)
		st = loop_open(&ca.loop);
	if (st == ST_OK)
		st = child_watch(c, ca.loop, &ops, &ca);
	if (st == ST_OK && config->confine != NULL)
		st = config->confine(config->arg);
	if (st == ST_OK)
		st = loop_run(ca.loop);
	child_unwatch(c);
	edge_close(ca.core);
	loop_close(ca.loop);
	key_free(ca.key);
	return st;
}
