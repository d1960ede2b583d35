#include "runtime/enroll.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/must.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "crypto/secret.h"
#include "model/session.h"
#include "runtime/backoff.h"
#include "runtime/facts.h"
#include "sys/host.h"
#include "sys/loop.h"
#include "wire/codec_enroll.h"
#include "wire/codec_session.h"
#include "wire/link.h"

#define PEM_MAX      8192
#define ARENA_MAX    (256 * 1024)
#define ASK_AGAIN_MS 300000 /* while it waits for an admin */
#define SKEW_MAX     300    /* seconds that clocks may differ */

struct enroll {
	const struct enroll_config *config;
	struct loop *loop;
	struct tls *tls;
	struct link *link;
	struct loop_timer *retry;
	struct backoff backoff;
	struct key *key;
	struct buf key_pem, csr, frame;
	struct arena arena;
	bool repeated; /* the key is of an earlier try */
	bool waits;    /* the master knows us and an admin must verify */
	bool finished;
	enum status st;
	struct buf *why;
};

static void __attribute__((format(printf, 3, 4)))
fail(struct enroll *e, enum status st, const char *fmt, ...)
{
	char text[768];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_clear(e->why);
	if (buf_add_str(e->why, text) != ST_OK)
		buf_clear(e->why);
	e->st = st;
	e->finished = true;
	loop_stop(e->loop);
}

/* ---- before the line ---- */

static enum status
take_key(struct enroll *e)
{
	struct state *s = e->config->state;
	enum status st = state_read(s, "enroll.pem", &e->key_pem);

	if (st == ST_OK && key_load(buf_span(&e->key_pem), &e->key) == ST_OK) {
		e->repeated = true;
		return ST_OK;
	}
	buf_clear(&e->key_pem);
	st = key_make(&e->key);
	if (st == ST_OK)
		st = key_pem(e->key, &e->key_pem);
	if (st == ST_OK)
		st = state_write(s, "enroll.pem", buf_span(&e->key_pem));
	return st;
}

static enum status
prepare(struct enroll *e)
{
	struct host *h = calloc(1, sizeof(*h));
	enum status st = h != NULL ? host_look(h) : ST_NOMEM;

	if (st == ST_OK)
		st = take_key(e);
	if (st == ST_OK)
		st = csr_make(e->key, h->name, &e->csr);
	free(h);
	return st;
}

/* ---- request ---- */

static enum status
add_proof(struct enroll *e, struct link *l, struct enroll_request *m)
{
	uint8_t key[TOKEN_KEY_LEN], exporter[TLS_EXPORTER_LEN];
	enum status st;

	if (e->config->token == NULL)
		return ST_OK;
	st = link_exporter(l, exporter);
	if (st != ST_OK)
		return st;
	token_key(e->config->token->secret, key);
	memcpy(m->token_id, key, TOKEN_ID_LEN);
	hash_enroll_proof(key, exporter, buf_span(&e->csr), m->proof);
	m->has_token = 1;
	secret_wipe(key, sizeof(key));
	secret_wipe(exporter, sizeof(exporter));
	return ST_OK;
}

static enum status
request(struct enroll *e, struct link *l)
{
	struct enroll_request *m = arena_take(&e->arena, sizeof(*m));
	struct host *h = arena_take(&e->arena, sizeof(*h));
	enum status st = m != NULL && h != NULL ? host_look(h) : ST_NOMEM;

	if (st == ST_OK)
		st = state_incarnation(e->config->state, m->incarnation);
	if (st == ST_OK)
		st = add_proof(e, l, m);
	if (st == ST_OK) {
		m->csr = buf_span(&e->csr);
		m->program = span_str(e->config->program);
		m->build = span_str(e->config->build);
		facts_of_host(h, &m->host);
		buf_clear(&e->frame);
		st = enroll_encode(m, &e->frame);
	}
	if (st == ST_OK)
		st = link_send(l, KIND_ENROLL, buf_span(&e->frame));
	arena_clear(&e->arena);
	return st;
}

/* ---- answer ---- */

/* The CA in the answer is the one that TLS met (and that the pin fits). */
static enum status
check_ca(struct link *l, struct span ca)
{
	struct buf met;
	enum status st;

	buf_init(&met, X509_DER_MAX);
	st = link_met_ca(l, &met);
	if (st == ST_OK && !span_eq(buf_span(&met), ca))
		st = ST_DENIED;
	buf_fini(&met);
	return st;
}

static enum status
save_conf(struct enroll *e)
{
	const struct enroll_config *c = e->config;
	bool v6 = strchr(c->host, ':') != NULL;
	struct buf text;
	enum status st;

	buf_init(&text, 4096);
	st =
	    buf_addf(&text,
		     "# Settings of trawl-agent; trawl-agent help lists them.\n"
		     "master = \"%s%s%s:%u\"\n",
		     v6 ? "[" : "", c->host, v6 ? "]" : "", c->port);
	if (st == ST_OK)
		st = state_write(c->state, "agent.conf", buf_span(&text));
	buf_fini(&text);
	return st;
}

static enum status
save(struct enroll *e, const struct enroll_reply *m)
{
	struct state *s = e->config->state;
	enum status st = state_ca(s, m->ca);

	if (st == ST_OK)
		st = save_conf(e);
	if (st == ST_OK)
		st = state_identity(s, buf_span(&e->key_pem), m->certificate);
	if (st == ST_OK)
		state_remove(s, "enroll.pem");
	return st;
}

/* Clocks that differ show in the times of the new certificate. */
static bool
clock_is_wrong(struct enroll *e, const struct enroll_reply *m)
{
	int64_t now = clock_wall_s(clock_system());
	struct cert_facts f;

	if (cert_facts(m->certificate, &f) != ST_OK)
		return false;
	if (now + SKEW_MAX >= f.not_before && now < f.not_after)
		return false;
	fail(e, ST_DENIED,
	     "the clock of this host is wrong by about %" PRId64
	     " minutes against the master's: set it and enrol again",
	     (now - f.not_before) / 60);
	return true;
}

static void
take_certificate(struct enroll *e, struct link *l, const struct enroll_reply *m)
{
	const struct enroll_config *c = e->config;
	enum status st;

	if (check_ca(l, m->ca) != ST_OK) {
		fail(e, ST_DENIED,
		     "the master at %s:%u answered with another CA than the "
		     "one it showed: nothing is kept",
		     c->host, c->port);
		return;
	}
	if (clock_is_wrong(e, m))
		return;
	if (cert_check(m->certificate, m->ca, clock_wall_s(clock_system())) !=
		ST_OK ||
	    cert_matches(m->certificate, e->key) != ST_OK) {
		fail(e, ST_DENIED,
		     "the master at %s:%u answered with a certificate that is "
		     "not for this agent: nothing is kept",
		     c->host, c->port);
		return;
	}
	st = save(e, m);
	if (st != ST_OK) {
		fail(e, st,
		     "the certificate cannot be written to %s (%s): make room "
		     "or give rights, then run the same command again",
		     c->state->dir, status_text(st));
		return;
	}
	e->st = ST_OK;
	e->finished = true;
	loop_stop(e->loop);
}

static void
say_wait(struct enroll *e, const struct enroll_reply *m)
{
	const struct enroll_config *c = e->config;
	char ca[KEY_PRINT_LEN];
	struct cert_facts f;

	if (e->waits)
		return; /* said already */
	e->waits = true;
	fprintf(c->to,
		"This host waits until an admin verifies it in the console "
		"(Agents).\nCompare there:  %.*s\n",
		(int)m->fingerprint.len, (const char *)m->fingerprint.ptr);
	if (cert_facts(m->ca, &f) == ST_OK) {
		key_print(f.key, ca);
		fprintf(c->to, "The master's:   %s\n", ca);
	}
	fprintf(c->to, "It goes on by itself; Ctrl-C and the same command "
		       "later do no harm.\n");
	fflush(c->to);
}

static void
ask_again_later(struct enroll *e)
{
	must(loop_timer_set(e->retry, ASK_AGAIN_MS) == ST_OK);
}

static void
take_reply(struct enroll *e, struct link *l, struct span body)
{
	struct enroll_reply m;

	if (enroll_reply_decode(body, &e->arena, &m) != ST_OK) {
		fail(e, ST_MALFORMED,
		     "what answers at %s:%u does not speak as a Trawl master",
		     e->config->host, e->config->port);
	} else if (m.state == ENROLL_VERIFIED && m.certificate.len > 0) {
		take_certificate(e, l, &m);
	} else {
		say_wait(e, &m);
		backoff_reset(&e->backoff);
		ask_again_later(e);
	}
	arena_clear(&e->arena);
}

static void
take_bye(struct enroll *e, struct span body)
{
	const struct enroll_config *c = e->config;
	struct session_bye m;

	if (bye_decode(body, &e->arena, &m) != ST_OK)
		return;
	if (m.code == BYE_TOKEN && e->repeated)
		fail(e, ST_DENIED,
		     "the master at %s:%u takes this token no more. If an "
		     "earlier try on this host was cut off, it has used the "
		     "token: make a new one in the console and run the "
		     "command again",
		     c->host, c->port);
	else if (m.code == BYE_TOKEN)
		fail(e, ST_DENIED,
		     "the master at %s:%u takes this token no more: it was "
		     "used, has run out or was taken back. Make a new one in "
		     "the console (Agents, Add agent)",
		     c->host, c->port);
	else if (m.code != BYE_BUSY && m.code != BYE_RESTART &&
		 m.code != BYE_TIMEOUT)
		fail(e, ST_DENIED, "the master at %s:%u refuses: %s%s%.*s",
		     c->host, c->port, bye_text(m.code),
		     m.text.len > 0 ? ": " : "", (int)m.text.len,
		     m.text.len > 0 ? (const char *)m.text.ptr : "");
	arena_clear(&e->arena);
}

/* ---- the line ---- */

static void
on_up(void *arg, struct link *l, const struct tls_peer *peer)
{
	struct enroll *e = arg;
	enum status st;

	(void)peer;
	st = request(e, l);
	if (st != ST_OK)
		fail(e, st, "the request cannot be made: %s", status_text(st));
}

static void
on_frame(void *arg, struct link *l, const struct frame *f)
{
	struct enroll *e = arg;

	if (e->finished)
		return;
	if (f->kind == KIND_ENROLL_REPLY)
		take_reply(e, l, f->body);
	else if (f->kind == KIND_BYE)
		take_bye(e, f->body);
}

static void
explain(struct enroll *e, enum status why, const char *text)
{
	const struct enroll_config *c = e->config;

	if (why == ST_NOTFOUND)
		fail(e, why, "no host is known by the name %s", c->host);
	else if (why == ST_DENIED && c->pin != NULL)
		fail(e, why,
		     "the master at %s:%u is not the one the token was made "
		     "for, or a proxy between opens TLS: nothing was sent "
		     "(%s)",
		     c->host, c->port, text);
	else
		fail(e, why,
		     "the master at %s:%u cannot be reached: %s. Is it the "
		     "agent port (11117), and does a firewall let it through?",
		     c->host, c->port, text);
}

static void
on_down(void *arg, struct link *l, enum status why, const char *text)
{
	struct enroll *e = arg;

	(void)l;
	link_close(e->link);
	e->link = NULL;
	if (e->finished)
		return;
	/* One that is known to the master waits as long as it takes. */
	if (e->waits && why != ST_DENIED)
		must(loop_timer_set(e->retry, backoff_next(&e->backoff, 0)) ==
		     ST_OK);
	else
		explain(e, why, text);
}

static const struct link_ops line_ops = {on_up, on_frame, NULL, on_down};

static void
on_retry(void *arg)
{
	struct enroll *e = arg;
	const struct enroll_config *c = e->config;
	const struct link_target to = {.host = c->host, .port = c->port};
	struct link_config conf = link_config_default;
	enum status st = ST_OK;

	conf.idle_ms = 0;
	link_close(e->link);
	e->link = NULL;
	if (e->tls == NULL)
		st = tls_enroll(c->pin, &e->tls);
	if (st == ST_OK)
		st = link_connect(e->loop, e->tls, &to, &conf,
				  &(struct link_owner){&line_ops, e}, &e->link);
	if (st != ST_OK)
		fail(e, st, "the connection cannot be begun: %s",
		     status_text(st));
}

static enum status
run(struct enroll *e)
{
	enum status st = loop_open(&e->loop);

	if (st == ST_OK)
		st = prepare(e);
	if (st == ST_OK)
		st = loop_timer_open(e->loop, on_retry, e, &e->retry);
	if (st == ST_OK)
		st = loop_timer_set(e->retry, 0);
	if (st == ST_OK)
		st = loop_run(e->loop);
	if (st != ST_OK &&
	    buf_addf(e->why, "enrolment cannot begin: %s (%s)", status_text(st),
		     e->config->state->dir) != ST_OK)
		return ST_NOMEM;
	return st == ST_OK ? e->st : st;
}

enum status
enroll_run(const struct enroll_config *c, struct buf *why)
{
	struct enroll e = {.config = c, .st = ST_CLOSED, .why = why};
	enum status st;

	e.backoff.base_ms = c->reconnect_base_ms;
	e.backoff.cap_ms = c->reconnect_cap_ms;
	buf_init(&e.key_pem, PEM_MAX);
	buf_init(&e.csr, CERT_MAX);
	buf_init(&e.frame, FRAME_MAX_EARLY);
	arena_init(&e.arena, ARENA_MAX);
	st = run(&e);
	link_close(e.link);
	tls_free(e.tls);
	loop_timer_close(e.retry);
	loop_close(e.loop);
	key_free(e.key);
	buf_fini(&e.key_pem);
	buf_fini(&e.csr);
	buf_fini(&e.frame);
	arena_fini(&e.arena);
	return st;
}
