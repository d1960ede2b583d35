#include "fake/fake_master.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/must.h"
#include "base/str.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "crypto/x509.h"
#include "model/batch.h"
#include "model/task.h"
#include "wire/codec_enroll.h"
#include "wire/codec_finding.h"
#include "wire/codec_job.h"
#include "wire/codec_parcel.h"
#include "wire/codec_session.h"

#define AGENT 7 /* number of its only agent */
#define ARENA (64u * 1024 * 1024)

#define SAY(m, kind, encode, message)                                          \
	(buf_clear(&(m)->frame),                                               \
	 must(encode((message), &(m)->frame) == ST_OK),                        \
	 (void)!link_send((m)->link, (kind), buf_span(&(m)->frame)))

/* ---- certificates ---- */

static void
sign(struct fake_master *m, struct span csr, enum cert_role role,
     struct buf *der)
{
	int64_t now = clock_wall_s(clock_system());
	struct cert_order o = {.role = role,
			       .agent = role == CERT_AGENT ? AGENT : 0,
			       .not_before = now - 60 + m->cert_starts_in,
			       .not_after =
				   now + m->cert_starts_in + m->cert_seconds};

	must(cert_sign(m->ca_key, buf_span(&m->ca), csr, &o, der) == ST_OK);
}

static void
make_identity(struct fake_master *m)
{
	struct key *key;
	struct buf csr, cert, pem;
	struct tls_identity id;

	buf_init(&csr, CERT_MAX);
	buf_init(&cert, CERT_MAX);
	buf_init(&pem, CERT_MAX);
	must(key_make(&m->ca_key) == ST_OK && key_make(&key) == ST_OK);
	must(cert_make_ca(m->ca_key, "made-up CA", &m->ca) == ST_OK);
	must(key_hash(m->ca_key, m->token.pin) == ST_OK);
	must(csr_make(key, "gate", &csr) == ST_OK);
	sign(m, buf_span(&csr), CERT_GATE, &cert);
	must(key_pem(key, &pem) == ST_OK);
	id = (struct tls_identity){.key_pem = buf_span(&pem),
				   .cert_der = buf_span(&cert),
				   .ca_der = buf_span(&m->ca)};
	must(tls_gate(&id, &m->tls) == ST_OK);
	key_free(key);
	buf_fini(&csr);
	buf_fini(&cert);
	buf_fini(&pem);
}

/* ---- batches ---- */

static void
note_row(struct fake_master *m, const struct batch *b,
	 const struct batch_finding *f)
{
	const struct object *o = &b->objects[f->object];
	int n;

	if (m->rows == FAKE_ROWS_MAX)
		must(fake_master_rows(m) < FAKE_ROWS_MAX);
	n = asprintf(
	    &m->row[m->rows], "%.*s %.*s %.*s %" PRIu64, (int)o->path.len,
	    (const char *)o->path.ptr, (int)f->finding.place.len,
	    f->finding.place.len > 0 ? (const char *)f->finding.place.ptr : "",
	    (int)f->finding.type.len, (const char *)f->finding.type.ptr,
	    f->finding.offset);
	must(n > 0);
	m->rows++;
}

static void
commit(struct fake_master *m, uint64_t seq, struct span image)
{
	struct batch b;

	batch_init(&b);
	must(batch_decode(image, &m->arena, &b) == ST_OK);
	for (size_t i = 0; i < b.finding_count; i++)
		note_row(m, &b, &b.findings[i]);
	if (b.object_count == 0 && b.outcome == 0)
		m->fillers++;
	if (b.outcome != 0) {
		m->outcome = b.outcome;
		m->ended++;
	}
	batch_fini(&b);
	m->seq = seq;
}

void
fake_master_ack(struct fake_master *m)
{
	struct stream_ack ack = {
	    .stream = STREAM_FINDINGS, .seq = m->seq, .credit = m->credit};

	m->unacked = 0;
	if (m->online)
		SAY(m, KIND_ACK, ack_encode, &ack);
}

static void
take_batch(struct fake_master *m, struct span body)
{
	struct parcel p;

	must(parcel_decode(body, &p) == ST_OK);
	m->unacked += body.len;
	if (m->unacked > m->under_way_max)
		m->under_way_max = m->unacked;
	if (p.seq <= m->seq) {
		m->again++;
	} else if (p.seq > m->seq + 1) {
		struct stream_nack nack = {.stream = STREAM_FINDINGS,
					   .expected = m->seq + 1};

		m->nacks++;
		SAY(m, KIND_NACK, nack_encode, &nack);
		return;
	} else {
		commit(m, p.seq, p.image);
	}
	if (m->drops > 0) {
		m->drops--;
		fake_master_cut(m); /* committed, not acknowledged */
	} else if (!m->silent) {
		fake_master_ack(m);
	}
}

/* ---- hello and enrol ---- */

static bool
holds(const struct agent_hello *h, uint64_t task)
{
	for (size_t i = 0; i < h->task_count; i++)
		if (h->tasks[i].task == task)
			return true;
	return false;
}

static void
add_pass(struct fake_master *m, struct hello_reply *r)
{
	struct pass p;

	if (!r->verified ||
	    link_pass(m->link, clock_wall_s(clock_system()), &p) != ST_OK)
		return;
	r->has_pass = 1;
	memcpy(r->pass_id, p.id, sizeof(p.id));
	memcpy(r->pass_key, p.key, sizeof(p.key));
}

static void
take_hello(struct fake_master *m, struct span body)
{
	struct agent_hello *h = arena_take(&m->arena, sizeof(*h));
	struct hello_reply r = {.protocol = 1,
				.build = span_str("made-up"),
				.agent = AGENT,
				.heartbeat_seconds = m->heartbeat,
				.credit = m->credit,
				.verified = !m->unverified,
				.resume_count = 1};

	must(h != NULL && hello_decode(body, &m->arena, h) == ST_OK);
	m->hellos++;
	if (h->kind_count > 0)
		must(str_copy(m->kind, sizeof(m->kind), h->kinds[0]) == ST_OK);
	if (memcmp(m->incarnation, h->incarnation, INCARNATION_LEN) != 0)
		m->seq = 0;
	memcpy(m->incarnation, h->incarnation, INCARNATION_LEN);
	if (m->deaf)
		return;
	if (m->bye != 0) {
		link_bye(m->link, m->bye, "made-up reason", m->retry_after);
		return;
	}
	if (m->forget_from > 0)
		m->seq = m->forget_from - 1;
	m->forget_from = 0;
	m->unacked = 0;
	r.clock = clock_wall_us(clock_system()) + m->clock_ahead_us;
	r.resume[0] =
	    (struct stream_resume){.stream = STREAM_FINDINGS, .seq = m->seq};
	memset(r.fingerprint_key, 0x5a, sizeof(r.fingerprint_key));
	m->online = true;
	add_pass(m, &r);
	SAY(m, KIND_HELLO_REPLY, hello_reply_encode, &r);
	if (m->task != 0 && m->ended == 0 && !holds(h, m->task))
		fake_master_order(m, m->task, m->paths, m->path_count);
}

static void
give_certificate(struct fake_master *m, struct span csr)
{
	struct enroll_reply r = {.agent = AGENT,
				 .state = ENROLL_VERIFIED,
				 .ca = buf_span(&m->ca),
				 .fingerprint = span_str("1234 5678")};
	struct buf cert;

	buf_init(&cert, CERT_MAX);
	sign(m, csr, CERT_AGENT, &cert);
	r.certificate = buf_span(&cert);
	SAY(m, KIND_ENROLL_REPLY, enroll_reply_encode, &r);
	buf_fini(&cert);
}

static bool
proves_token(struct fake_master *m, const struct enroll_request *q)
{
	uint8_t key[TOKEN_KEY_LEN], exporter[TLS_EXPORTER_LEN];
	uint8_t proof[PROOF_LEN];

	token_key(m->token.secret, key);
	must(link_exporter(m->link, exporter) == ST_OK);
	hash_enroll_proof(key, exporter, q->csr, proof);
	return q->has_token && secret_equal(proof, q->proof, sizeof(proof));
}

static void
take_enroll(struct fake_master *m, struct span body)
{
	struct enroll_request *q = arena_take(&m->arena, sizeof(*q));
	struct enroll_reply r = {.agent = AGENT,
				 .state = ENROLL_WAITS,
				 .ca = buf_span(&m->ca),
				 .fingerprint = span_str("1234 5678")};

	must(q != NULL && enroll_decode(body, &m->arena, q) == ST_OK);
	m->enrols++;
	if (m->bye != 0) {
		link_bye(m->link, m->bye, "made-up reason", m->retry_after);
		return;
	}
	buf_clear(&m->waiting);
	must(buf_add(&m->waiting, q->csr.ptr, q->csr.len) == ST_OK);
	if (m->unverified)
		SAY(m, KIND_ENROLL_REPLY, enroll_reply_encode, &r);
	else if (proves_token(m, q))
		give_certificate(m, q->csr);
	else
		link_bye(m->link, BYE_TOKEN, "", 0);
}

void
fake_master_verify(struct fake_master *m)
{
	m->unverified = false;
	if (m->link != NULL && m->waiting.len > 0)
		give_certificate(m, buf_span(&m->waiting));
}

static void
take_renew(struct fake_master *m, struct span body)
{
	struct renew_request q;
	struct renew_reply r;
	struct buf cert;

	must(renew_decode(body, &m->arena, &q) == ST_OK);
	m->renewals++;
	buf_init(&cert, CERT_MAX);
	sign(m, q.csr, CERT_AGENT, &cert);
	r.certificate = buf_span(&cert);
	SAY(m, KIND_RENEW_REPLY, renew_reply_encode, &r);
	buf_fini(&cert);
}

/* ---- the line ---- */

static void
on_up(void *arg, struct link *l, const struct tls_peer *peer)
{
	struct fake_master *m = arg;

	(void)l;
	m->with_pass = peer->again;
}

static void
on_frame(void *arg, struct link *l, const struct frame *f)
{
	struct fake_master *m = arg;

	(void)l;
	switch (f->kind) {
	case KIND_HELLO:
		take_hello(m, f->body);
		break;
	case KIND_ENROLL:
		take_enroll(m, f->body);
		break;
	case KIND_BATCH:
		take_batch(m, f->body);
		break;
	case KIND_RENEW:
		take_renew(m, f->body);
		break;
	case KIND_HEARTBEAT:
		must(heartbeat_decode(f->body, &m->arena, &m->beat) == ST_OK);
		m->beats++;
		break;
	case KIND_TASK_PROGRESS:
		must(task_progress_decode(f->body, &m->arena, &m->progress) ==
		     ST_OK);
		m->progress.progress.current = span_of(NULL, 0);
		break;
	default:
		break;
	}
	arena_clear(&m->arena);
}

static void
on_down(void *arg, struct link *l, enum status why, const char *text)
{
	struct fake_master *m = arg;

	(void)why;
	(void)text;
	if (m->link == l) {
		m->link = NULL;
		m->online = false;
	}
	link_close(l);
}

static const struct link_ops ops = {on_up, on_frame, NULL, on_down};

static void
on_knock(void *arg, int fd, unsigned ready)
{
	struct fake_master *m = arg;
	int line = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)ready;
	if (line < 0)
		return;
	m->connections++;
	link_close(m->link); /* one at a time */
	m->link = NULL;
	m->online = false;
	must(link_accept(m->loop, m->tls, line, &link_config_default,
			 &(struct link_owner){&ops, m}, &m->link) == ST_OK);
}

static void
open_door(struct fake_master *m)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t len = sizeof(a);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	m->door =
	    socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	must(m->door >= 0);
	must(bind(m->door, (struct sockaddr *)&a, len) == 0);
	must(listen(m->door, 8) == 0);
	must(getsockname(m->door, (struct sockaddr *)&a, &len) == 0);
	m->port = ntohs(a.sin_port);
	must(loop_io_open(m->loop, m->door, LOOP_READ, on_knock, m,
			  &m->watch) == ST_OK);
}

void
fake_master_serve_on(struct fake_master *m, struct loop *l)
{
	m->loop = l;
	must(loop_io_open(l, m->door, LOOP_READ, on_knock, m, &m->watch) ==
	     ST_OK);
}

void
fake_master_open(struct fake_master *m, struct loop *l)
{
	*m = (struct fake_master){.loop = l,
				  .credit = 1024 * 1024,
				  .heartbeat = 60,
				  .cert_seconds = 30 * 86400};
	arena_init(&m->arena, ARENA);
	buf_init(&m->frame, FRAME_MAX);
	buf_init(&m->ca, CERT_MAX);
	buf_init(&m->waiting, CERT_MAX);
	make_identity(m);
	open_door(m);
	snprintf(m->token.host, sizeof(m->token.host), "127.0.0.1");
	m->token.port = m->port;
	random_bytes(m->token.secret, sizeof(m->token.secret));
}

void
fake_master_close(struct fake_master *m)
{
	link_close(m->link);
	loop_io_close(m->watch);
	close(m->door);
	tls_free(m->tls);
	key_free(m->ca_key);
	for (size_t i = 0; i < m->rows; i++)
		free(m->row[i]);
	arena_fini(&m->arena);
	buf_fini(&m->frame);
	buf_fini(&m->ca);
	buf_fini(&m->waiting);
}

bool
fake_master_order(struct fake_master *m, uint64_t task,
		  const char *const *paths, size_t count)
{
	struct task_order o = {.task = task, .scan = task + 1000, .target = 3};

	if (!m->online)
		return false;
	m->task = task;
	m->paths = paths;
	m->path_count = count;
	o.order.bytes_per_second = m->bytes_per_second;
	for (size_t i = 0; i < count; i++)
		o.order.paths[o.order.path_count++] = span_str(paths[i]);
	SAY(m, KIND_TASK_ORDER, task_order_encode, &o);
	return true;
}

bool
fake_master_control(struct fake_master *m, uint64_t task,
		    enum task_action action)
{
	struct task_control c = {.task = task, .action = (uint8_t)action};

	if (!m->online)
		return false;
	SAY(m, KIND_TASK_CONTROL, task_control_encode, &c);
	return true;
}

void
fake_master_say(struct fake_master *m, enum wire_kind kind, struct span body)
{
	must(m->link != NULL && link_send(m->link, kind, body) == ST_OK);
}

void
fake_master_cut(struct fake_master *m)
{
	struct link *l = m->link;

	m->link = NULL;
	m->online = false;
	link_close(l);
}

void
fake_master_bye(struct fake_master *m, uint32_t code)
{
	m->online = false;
	if (m->link != NULL)
		link_bye(m->link, code, "made-up reason", m->retry_after);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

size_t
fake_master_rows(struct fake_master *m)
{
	size_t kept = 0;

	qsort(m->row, m->rows, sizeof(m->row[0]), by_text);
	for (size_t i = 0; i < m->rows; i++) {
		if (kept > 0 && strcmp(m->row[kept - 1], m->row[i]) == 0)
			free(m->row[i]);
		else
			m->row[kept++] = m->row[i];
	}
	m->rows = kept;
	return kept;
}
