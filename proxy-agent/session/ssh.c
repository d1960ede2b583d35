#include "proxy-agent/session/ssh.h"

#include <malloc.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/str.h"
#include "proxy-agent/session/net.h"
#include "proxy-agent/session/ssh_impl.h"

#define WINDOW (4u << 20) /* bytes that the server may send ahead */
#define PACKET 32768
#define PRINT  64 /* of "SHA256:" and 43 characters */

struct ssh_channel {
	struct ssh *ssh;
	LIBSSH2_CHANNEL *channel;
};

/* ---- memory of the library: passwords go through it ------------------------
 */

static LIBSSH2_ALLOC_FUNC(take)
{
	(void)abstract;
	return malloc(count);
}

static LIBSSH2_FREE_FUNC(give_back)
{
	(void)abstract;
	if (ptr != NULL)
		explicit_bzero(ptr, malloc_usable_size(ptr));
	free(ptr);
}

static LIBSSH2_REALLOC_FUNC(take_more)
{
	void *more = malloc(count);
	size_t n = ptr == NULL ? 0 : malloc_usable_size(ptr);

	if (more == NULL)
		return NULL;
	if (n > 0)
		memcpy(more, ptr, n < count ? n : count);
	give_back(ptr, abstract);
	return more;
}

/* ---- waiting ---------------------------------------------------------------
 */

enum status
ssh_wait(const struct ssh *s, uint32_t ms)
{
	int which = libssh2_session_block_directions(s->session);
	short events = 0;

	if (which & LIBSSH2_SESSION_BLOCK_INBOUND)
		events |= POLLIN;
	if (which & LIBSSH2_SESSION_BLOCK_OUTBOUND)
		events |= POLLOUT;
	return net_wait(s->fd, events, ms) ? ST_OK : ST_TIMEOUT;
}

static enum status
status_of(const struct ssh *s, int rc)
{
	(void)s;
	switch (rc) {
	case LIBSSH2_ERROR_SOCKET_DISCONNECT:
	case LIBSSH2_ERROR_SOCKET_RECV:
	case LIBSSH2_ERROR_SOCKET_SEND:
	case LIBSSH2_ERROR_CHANNEL_CLOSED:
	case LIBSSH2_ERROR_CHANNEL_EOF_SENT:
		return ST_CLOSED;
	case LIBSSH2_ERROR_ALLOC:
		return ST_NOMEM;
	case LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED:
		return ST_DENIED;
	default:
		return ST_IO;
	}
}

/* ---- who the server is -----------------------------------------------------
 */

static const char *
type_name(int type)
{
	static const struct {
		int type;
		const char *name;
	} names[] = {
	    {LIBSSH2_HOSTKEY_TYPE_RSA, "RSA"},
	    {LIBSSH2_HOSTKEY_TYPE_DSS, "DSA"},
	    {LIBSSH2_HOSTKEY_TYPE_ECDSA_256, "ECDSA"},
	    {LIBSSH2_HOSTKEY_TYPE_ECDSA_384, "ECDSA"},
	    {LIBSSH2_HOSTKEY_TYPE_ECDSA_521, "ECDSA"},
	    {LIBSSH2_HOSTKEY_TYPE_ED25519, "ED25519"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].type == type)
			return names[i].name;
	return "unknown";
}

/* As ssh-keygen -l shows it. */
static enum status
fingerprint(const struct ssh *s, char dst[PRINT])
{
	const char *hash =
	    libssh2_hostkey_hash(s->session, LIBSSH2_HOSTKEY_HASH_SHA256);
	struct buf text;
	enum status st;

	if (hash == NULL)
		return ST_UNSUPPORTED;
	buf_init(&text, PRINT);
	st = buf_add_str(&text, "SHA256:");
	if (st == ST_OK)
		st = codec_base64(CODEC_BASE64, span_of(hash, 32), &text);
	while (text.len > 0 && text.data[text.len - 1] == '=')
		text.len--;
	if (st == ST_OK)
		st = str_copy(dst, PRINT, buf_span(&text));
	buf_fini(&text);
	return st;
}

static bool
is_pinned(struct span pins, const char *print)
{
	struct span one;

	while (str_next(&pins, ',', &one))
		if (str_is(str_trim(one), print))
			return true;
	return false;
}

static enum status
check_host(const struct ssh *s, const struct ssh_spec *spec)
{
	struct span pins = pairs_find(spec->options, "host_key");
	struct span any = pairs_find(spec->options, "accept_host_key");
	const int host_len = (int)spec->host.len;
	const char *host = (const char *)spec->host.ptr;
	char print[PRINT];
	bool take_any = false;
	size_t len;
	int type = 0;

	if (libssh2_session_hostkey(s->session, &len, &type) == NULL ||
	    fingerprint(s, print) != ST_OK)
		return ST_UNSUPPORTED;
	if (is_pinned(pins, print) ||
	    (any.ptr != NULL && str_to_bool(any, &take_any) == ST_OK &&
	     take_any))
		return ST_OK;
	if (pins.len > 0)
		net_say(spec->why,
			"the host key of %.*s is %s (%s) and not the one that "
			"was approved: find out why it changed before you "
			"approve the new one; nothing was sent",
			host_len, host, print, type_name(type));
	else
		net_say(spec->why,
			"nobody has approved the host key of %.*s, %s (%s): "
			"compare it with ssh-keygen -l there, then give "
			"--option host_key=%s",
			host_len, host, print, type_name(type), print);
	return ST_DENIED;
}

/* ---- beginning and end -----------------------------------------------------
 */

static enum status
shake_hands(struct ssh *s, const struct ssh_spec *spec)
{
	const int n = (int)spec->host.len;
	const char *host = (const char *)spec->host.ptr;
	enum status st = ST_OK;
	int rc;

	while ((rc = libssh2_session_handshake(s->session, s->fd)) ==
	       LIBSSH2_ERROR_EAGAIN) {
		st = ssh_wait(s, s->patience->sign_in_ms);
		if (st != ST_OK) {
			net_say(spec->why,
				"%.*s took the connection but says nothing: "
				"is it an SSH server?",
				n, host);
			return st;
		}
	}
	if (rc == 0)
		return ST_OK;
	if (rc == LIBSSH2_ERROR_KEX_FAILURE ||
	    rc == LIBSSH2_ERROR_KEY_EXCHANGE_FAILURE) {
		net_say(spec->why,
			"%.*s and this side have no algorithm in common; a "
			"server that has only an RSA host key needs an ED25519 "
			"or ECDSA one beside it (ssh-keygen -A)",
			n, host);
		return ST_UNSUPPORTED;
	}
	net_say(spec->why,
		"%.*s does not answer as an SSH server does (%d): is this its "
		"port?",
		n, host, rc);
	return status_of(s, rc);
}

enum status
ssh_open(const struct ssh_spec *spec, struct ssh **out)
{
	struct ssh *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	s->fd = -1;
	s->patience = spec->patience;
	st = net_connect(spec->host, spec->port == 0 ? SSH_PORT : spec->port,
			 spec->patience, spec->why, &s->fd);
	if (st != ST_OK)
		goto fail;
	st = ST_NOMEM;
	s->session = libssh2_session_init_ex(take, give_back, take_more, NULL);
	if (s->session == NULL)
		goto fail;
	libssh2_session_set_blocking(s->session, 0);
	st = shake_hands(s, spec);
	if (st == ST_OK)
		st = check_host(s, spec);
	if (st == ST_OK)
		st = ssh_sign_in(s, spec);
	if (st != ST_OK)
		goto fail;
	*out = s;
	return ST_OK;
fail:
	ssh_close(s);
	return st;
}

void
ssh_close(struct ssh *s)
{
	if (s == NULL)
		return;
	if (s->session != NULL) {
		/* a farewell is polite, waiting for it is not needed */
		libssh2_session_disconnect(s->session, "done");
		libssh2_session_free(s->session);
	}
	if (s->fd >= 0)
		close(s->fd);
	free(s);
}

/* ---- channels --------------------------------------------------------------
 */

static enum status
start(struct ssh_channel *c, const char *how, const char *what)
{
	struct ssh *s = c->ssh;
	enum status st = ST_OK;
	int rc;

	while ((c->channel =
		    libssh2_channel_open_ex(s->session, "session", 7, WINDOW,
					    PACKET, NULL, 0)) == NULL) {
		rc = libssh2_session_last_errno(s->session);
		if (rc != LIBSSH2_ERROR_EAGAIN)
			return status_of(s, rc);
		st = ssh_wait(s, s->patience->answer_ms);
		if (st != ST_OK)
			return st;
	}
	/* complaints that nobody reads would hide the end of the rest */
	while (libssh2_channel_handle_extended_data2(
		   c->channel, LIBSSH2_CHANNEL_EXTENDED_DATA_IGNORE) ==
	       LIBSSH2_ERROR_EAGAIN) {
		st = ssh_wait(s, s->patience->answer_ms);
		if (st != ST_OK)
			return st;
	}
	while ((rc = libssh2_channel_process_startup(
		    c->channel, how, (unsigned)strlen(how), what,
		    (unsigned)strlen(what))) == LIBSSH2_ERROR_EAGAIN) {
		st = ssh_wait(s, s->patience->answer_ms);
		if (st != ST_OK)
			return st;
	}
	return rc == 0 ? ST_OK : status_of(s, rc);
}

static enum status
open_channel(struct ssh *s, const char *how, const char *what,
	     struct ssh_channel **out)
{
	struct ssh_channel *c = calloc(1, sizeof(*c));
	enum status st;

	if (c == NULL)
		return ST_NOMEM;
	c->ssh = s;
	st = start(c, how, what);
	if (st != ST_OK) {
		ssh_channel_close(c);
		return st;
	}
	*out = c;
	return ST_OK;
}

enum status
ssh_subsystem(struct ssh *s, const char *name, struct ssh_channel **out)
{
	return open_channel(s, "subsystem", name, out);
}

enum status
ssh_exec(struct ssh *s, const char *command, struct ssh_channel **out)
{
	return open_channel(s, "exec", command, out);
}

void
ssh_channel_close(struct ssh_channel *c)
{
	if (c == NULL)
		return;
	if (c->channel != NULL)
		libssh2_channel_free(c->channel);
	free(c);
}

enum status
ssh_read(struct ssh_channel *c, void *dst, size_t n, size_t *got)
{
	for (;;) {
		ssize_t r = libssh2_channel_read_ex(c->channel, 0, dst, n);
		enum status st;

		if (r > 0 || (r == 0 && libssh2_channel_eof(c->channel) > 0)) {
			*got = (size_t)r;
			return ST_OK;
		}
		if (r < 0 && r != LIBSSH2_ERROR_EAGAIN)
			return status_of(c->ssh, (int)r);
		st = ssh_wait(c->ssh, c->ssh->patience->idle_ms);
		if (st != ST_OK)
			return st;
	}
}

enum status
ssh_write(struct ssh_channel *c, struct span bytes)
{
	while (bytes.len > 0) {
		ssize_t r = libssh2_channel_write_ex(
		    c->channel, 0, (const char *)bytes.ptr, bytes.len);
		enum status st;

		if (r > 0) {
			bytes = span_skip(bytes, (size_t)r);
			continue;
		}
		if (r < 0 && r != LIBSSH2_ERROR_EAGAIN)
			return status_of(c->ssh, (int)r);
		st = ssh_wait(c->ssh, c->ssh->patience->answer_ms);
		if (st != ST_OK)
			return st;
	}
	return ST_OK;
}
