#include "proxy-agent/session/ssh_key.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/str.h"
#include "crypto/rsa.h"
#include "proxy-agent/session/net.h"
#include "proxy-agent/session/sftp_wire.h"

#define RSA_NAME   "rsa-sha2-512" /* RFC 8332 */
#define BLOB_MAX   (16 * 1024)
#define ANSWER_MAX (256 * 1024)
#define KEYS_MAX   16

enum { /* kinds of an agent's messages */
       AGENT_LIST = 11,
       AGENT_KEYS = 12,
       AGENT_SIGN = 13,
       AGENT_SIGNED = 14,
       AGENT_SHA512 = 4, /* flag: RSA with SHA-512 */
};

/* The library frees it by its own allocator, which takes malloc()'s. */
static int
hand_over(struct span signature, unsigned char **sig, size_t *sig_len)
{
	*sig = malloc(signature.len + 1);
	if (*sig == NULL)
		return -1;
	memcpy(*sig, signature.ptr, signature.len);
	*sig_len = signature.len;
	return 0;
}

/* ---- RSA -------------------------------------------------------------------
 */

/* A number is signed: with its highest bit set it gets a zero before it. */
static void
put_number(struct wire_out *w, struct span n)
{
	const bool high = n.len > 0 && n.ptr[0] & 0x80;

	wire_u32(w, (uint32_t)(n.len + high));
	if (w->st == ST_OK && high)
		w->st = buf_add_byte(w->to, 0);
	if (w->st == ST_OK)
		w->st = buf_add(w->to, n.ptr, n.len);
}

static enum status
public_blob(const struct rsa *key, struct buf *to)
{
	struct wire_out w = {.to = to};
	struct buf n, e;
	enum status st;

	buf_init(&n, BLOB_MAX);
	buf_init(&e, BLOB_MAX);
	st = rsa_public(key, &n, &e);
	if (st == ST_OK) {
		wire_string(&w, span_str(RSA_NAME));
		put_number(&w, buf_span(&e));
		put_number(&w, buf_span(&n));
		st = w.st;
	}
	buf_fini(&n);
	buf_fini(&e);
	return st;
}

static LIBSSH2_USERAUTH_PUBLICKEY_SIGN_FUNC(sign_rsa)
{
	const struct rsa *key = *abstract;
	struct buf to;
	int rc = -1;

	(void)session;
	buf_init(&to, BLOB_MAX);
	if (rsa_sign(key, RSA_SHA512, span_of(data, data_len), &to) == ST_OK)
		rc = hand_over(buf_span(&to), sig, sig_len);
	buf_fini(&to);
	return rc;
}

int
ssh_key_rsa(struct ssh *s, const char *user, struct rsa *key)
{
	void *abstract = key;
	struct buf blob;
	int rc = LIBSSH2_ERROR_ALLOC;

	buf_init(&blob, BLOB_MAX);
	if (public_blob(key, &blob) == ST_OK)
		rc = libssh2_userauth_publickey(s->session, user, blob.data,
						blob.len, sign_rsa, &abstract);
	buf_fini(&blob);
	return rc;
}

/* ---- agent -----------------------------------------------------------------
 */

struct ssh_agent {
	int fd;
	uint32_t wait_ms;
	struct buf out, in;
	struct buf blobs[KEYS_MAX];
	size_t count;
	size_t at; /* the one that signs */
};

static enum status
fill(struct ssh_agent *a, size_t want)
{
	while (a->in.len < want) {
		enum status st = buf_reserve(&a->in, want - a->in.len);
		ssize_t n;

		if (st != ST_OK)
			return st;
		if (!net_wait(a->fd, POLLIN, a->wait_ms))
			return ST_TIMEOUT;
		n = read(a->fd, a->in.data + a->in.len, want - a->in.len);
		if (n <= 0)
			return ST_CLOSED;
		a->in.len += (size_t)n;
	}
	return ST_OK;
}

/* Send what stands in a->out; its answer behind the length. */
static enum status
ask(struct ssh_agent *a, struct wire_out *w, struct wire_in *in)
{
	enum status st = wire_end(w);
	uint32_t n;

	if (st == ST_OK &&
	    write(a->fd, a->out.data, a->out.len) != (ssize_t)a->out.len)
		st = ST_CLOSED;
	buf_clear(&a->in);
	if (st == ST_OK)
		st = fill(a, 4);
	if (st != ST_OK)
		return st;
	*in = (struct wire_in){.rest = buf_span(&a->in)};
	n = wire_get_u32(in);
	if (n == 0 || n > ANSWER_MAX)
		return ST_MALFORMED;
	st = fill(a, 4 + (size_t)n);
	*in = (struct wire_in){.rest = span_skip(buf_span(&a->in), 4)};
	return st;
}

static enum status
list_keys(struct ssh_agent *a)
{
	struct wire_out w;
	struct wire_in in;
	uint32_t n;
	enum status st;

	wire_begin(&w, &a->out, AGENT_LIST);
	st = ask(a, &w, &in);
	if (st != ST_OK)
		return st;
	if (wire_get_u8(&in) != AGENT_KEYS)
		return ST_DENIED;
	for (n = wire_get_u32(&in); n > 0 && a->count < KEYS_MAX; n--) {
		struct span blob = wire_get_string(&in);

		(void)wire_get_string(&in); /* what its owner calls it */
		if (in.bad || blob.len > BLOB_MAX)
			return ST_MALFORMED;
		buf_init(&a->blobs[a->count], BLOB_MAX);
		st = buf_add(&a->blobs[a->count++], blob.ptr, blob.len);
		if (st != ST_OK)
			return st;
	}
	return ST_OK;
}

enum status
ssh_agent_open(struct span socket_path, uint32_t wait_ms,
	       struct ssh_agent **out)
{
	struct ssh_agent *a = calloc(1, sizeof(*a));
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	enum status st;

	if (a == NULL)
		return ST_NOMEM;
	a->wait_ms = wait_ms;
	buf_init(&a->out, ANSWER_MAX);
	buf_init(&a->in, ANSWER_MAX + 4);
	a->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	st = str_copy(to.sun_path, sizeof(to.sun_path), socket_path);
	if (st == ST_OK &&
	    (a->fd < 0 ||
	     connect(a->fd, (const struct sockaddr *)(const void *)&to,
		     sizeof(to)) != 0))
		st = ST_NOTFOUND;
	if (st == ST_OK)
		st = list_keys(a);
	if (st != ST_OK) {
		ssh_agent_close(a);
		return st;
	}
	*out = a;
	return ST_OK;
}

void
ssh_agent_close(struct ssh_agent *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < a->count; i++)
		buf_fini(&a->blobs[i]);
	buf_fini(&a->out);
	buf_fini(&a->in);
	if (a->fd >= 0)
		close(a->fd);
	free(a);
}

size_t
ssh_agent_count(const struct ssh_agent *a)
{
	return a->count;
}

/* "ssh-rsa" of a public half; the rest of it is left in *blob. */
static struct span
kind_of(struct span *blob)
{
	struct wire_in in = {.rest = *blob};
	struct span kind = wire_get_string(&in);

	*blob = in.rest;
	return kind;
}

static LIBSSH2_USERAUTH_PUBLICKEY_SIGN_FUNC(sign_agent)
{
	struct ssh_agent *a = *abstract;
	struct span rest = buf_span(&a->blobs[a->at]);
	const bool rsa = str_is(kind_of(&rest), "ssh-rsa");
	struct wire_out w;
	struct wire_in in;
	struct span signature;

	(void)session;
	wire_begin(&w, &a->out, AGENT_SIGN);
	wire_string(&w, buf_span(&a->blobs[a->at]));
	wire_string(&w, span_of(data, data_len));
	wire_u32(&w, rsa ? AGENT_SHA512 : 0);
	if (ask(a, &w, &in) != ST_OK || wire_get_u8(&in) != AGENT_SIGNED)
		return -1;
	in.rest = wire_get_string(&in);
	(void)wire_get_string(&in); /* the name of the signature */
	signature = wire_get_string(&in);
	return in.bad ? -1 : hand_over(signature, sig, sig_len);
}

int
ssh_key_agent(struct ssh *s, const char *user, struct ssh_agent *a, size_t i)
{
	struct span rest = buf_span(&a->blobs[i]);
	void *abstract = a;
	struct span kind = kind_of(&rest);
	struct buf blob;
	struct wire_out w = {.to = &blob};
	int rc = LIBSSH2_ERROR_ALLOC;

	a->at = i;
	buf_init(&blob, 2 * BLOB_MAX);
	wire_string(&w, str_is(kind, "ssh-rsa") ? span_str(RSA_NAME) : kind);
	if (w.st == ST_OK)
		w.st = buf_add(&blob, rest.ptr, rest.len);
	if (w.st == ST_OK)
		rc =
		    libssh2_userauth_publickey(s->session, user, blob.data,
					       blob.len, sign_agent, &abstract);
	buf_fini(&blob);
	return rc;
}
