#include "fake/rough.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/must.h"
#include "sys/loop.h"
#include "wire/frame.h"

#define PATIENCE_MS 10000

struct rough {
	struct loop *loop;
	int fd;
	SSL_CTX *ctx;
	SSL *ssl;
};

/* One turn of the loop; false when it took too long. */
static bool
turn(struct rough *r, uint64_t since)
{
	struct pollfd p = {.fd = r->fd, .events = POLLIN};

	must(loop_once(r->loop) == ST_OK);
	(void)poll(&p, 1, 1); /* be kind to the machine */
	return clock_mono_ms(clock_system()) - since < PATIENCE_MS;
}

static uint64_t
now(void)
{
	return clock_mono_ms(clock_system());
}

struct rough *
rough_open(struct loop *loop, uint16_t port)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_port = htons(port),
				.sin_addr = {htonl(INADDR_LOOPBACK)}};
	struct rough *r = calloc(1, sizeof(*r));

	must(r != NULL);
	r->loop = loop;
	r->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	must(connect(r->fd, (const struct sockaddr *)&a, sizeof(a)) == 0);
	must(fcntl(r->fd, F_SETFL, O_NONBLOCK) == 0);
	return r;
}

void
rough_close(struct rough *r)
{
	SSL_free(r->ssl);
	SSL_CTX_free(r->ctx);
	close(r->fd);
	free(r);
}

static void
load(struct rough *r, const struct identity *id)
{
	const unsigned char *at = id->cert.data;
	X509 *x = d2i_X509(NULL, &at, (long)id->cert.len);
	BIO *bio = BIO_new_mem_buf(id->key.data, (int)id->key.len);
	EVP_PKEY *k = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);

	must(SSL_CTX_use_certificate(r->ctx, x) == 1);
	must(SSL_CTX_use_PrivateKey(r->ctx, k) == 1);
	EVP_PKEY_free(k);
	BIO_free(bio);
	X509_free(x);
}

bool
rough_shake(struct rough *r, const struct rough_spec *s)
{
	int version = s->version != 0 ? s->version : TLS1_3_VERSION;
	unsigned char alpn[64];
	uint64_t since = now();
	int n;

	r->ctx = SSL_CTX_new(TLS_client_method());
	must(r->ctx != NULL);
	SSL_CTX_set_verify(r->ctx, SSL_VERIFY_NONE, NULL);
	must(SSL_CTX_set_min_proto_version(r->ctx, version) == 1);
	must(SSL_CTX_set_max_proto_version(r->ctx, version) == 1);
	if (s->id != NULL)
		load(r, s->id);
	r->ssl = SSL_new(r->ctx);
	if (s->alpn != NULL) {
		alpn[0] = (unsigned char)strlen(s->alpn);
		memcpy(alpn + 1, s->alpn, alpn[0]);
		SSL_set_alpn_protos(r->ssl, alpn, alpn[0] + 1U);
	}
	SSL_set_fd(r->ssl, r->fd);
	while ((n = SSL_connect(r->ssl)) != 1) {
		int why = SSL_get_error(r->ssl, n);

		ERR_clear_error();
		if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
			return false;
		must(turn(r, since));
	}
	return true;
}

size_t
rough_write(struct rough *r, struct span bytes)
{
	int n;

	if (r->ssl == NULL) {
		ssize_t k = send(r->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);

		return k > 0 ? (size_t)k : 0;
	}
	n = SSL_write(r->ssl, bytes.ptr, (int)bytes.len);
	ERR_clear_error();
	return n > 0 ? (size_t)n : 0;
}

void
rough_frame(struct rough *r, uint16_t kind, uint16_t flags, struct span body)
{
	uint8_t head[FRAME_HEAD] = {0};

	codec_put32(head, (uint32_t)body.len);
	head[4] = (uint8_t)kind;
	head[5] = (uint8_t)(kind >> 8);
	head[6] = (uint8_t)flags;
	head[7] = (uint8_t)(flags >> 8);
	if (kind == 48) /* a batch goes on the stream of findings */
		head[8] = 1;
	if (kind == 34)
		head[8] = 2;
	must(rough_write(r, span_of(head, sizeof(head))) == sizeof(head));
	must(body.len == 0 || rough_write(r, body) == body.len);
}

static bool
read_all(struct rough *r, void *dst, size_t n)
{
	uint64_t since = now();
	size_t got = 0;

	while (got < n) {
		int k = SSL_read(r->ssl, (uint8_t *)dst + got, (int)(n - got));
		int why = SSL_get_error(r->ssl, k);

		ERR_clear_error();
		if (k > 0)
			got += (size_t)k;
		else if (why != SSL_ERROR_WANT_READ || !turn(r, since))
			return false;
	}
	return true;
}

bool
rough_read(struct rough *r, uint16_t *kind, struct buf *body)
{
	uint8_t head[FRAME_HEAD];
	size_t len;

	if (!read_all(r, head, sizeof(head)))
		return false;
	len = frame_body_len(head);
	*kind = (uint16_t)(head[4] | head[5] << 8);
	buf_clear(body);
	must(buf_reserve(body, len + 1) == ST_OK);
	body->len = len;
	return read_all(r, body->data, len);
}

bool
rough_ended(struct rough *r)
{
	uint64_t since = now();
	char ignored[4096];

	do {
		ssize_t n = recv(r->fd, ignored, sizeof(ignored), 0);

		if (n == 0 || (n < 0 && errno != EAGAIN))
			return true;
	} while (turn(r, since));
	return false;
}
