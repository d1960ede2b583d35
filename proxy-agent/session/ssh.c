#include "proxy-agent/session/ssh.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "proxy-agent/session/net.h"
#include "proxy-agent/session/ssh_impl.h"
#include "sys/pace.h"
#include "sys/scrub.h"

#define WINDOW (4u << 20)   /* bytes that the server may send ahead */
#define STEP   (WINDOW / 8) /* it is told again after so many */

struct ssh_stream {
	struct ssh *ssh;
	ssh_channel channel;
	struct ssh_channel_callbacks_struct calls;
	uint8_t *spare;   /* WINDOW bytes, of which few are ever touched */
	struct span left; /* in there, not given yet */
	size_t taken;     /* since the server was told */
};

/* ---- waiting ---------------------------------------------------------------
 */

enum status
ssh_wait(const struct ssh *s, uint32_t ms)
{
	int which = ssh_get_poll_flags(s->session);
	short events = 0;

	if (ssh_get_fd(s->session) < 0)
		return ST_CLOSED;
	if (which & SSH_READ_PENDING)
		events |= POLLIN;
	if (which & SSH_WRITE_PENDING)
		events |= POLLOUT;
	return net_wait(ssh_get_fd(s->session), events, ms) ? ST_OK
							    : ST_TIMEOUT;
}

enum status
ssh_status(const struct ssh *s)
{
	if (!ssh_is_connected(s->session) ||
	    ssh_get_status(s->session) & (SSH_CLOSED | SSH_CLOSED_ERROR))
		return ST_CLOSED;
	return ssh_get_error_code(s->session) == SSH_REQUEST_DENIED ? ST_DENIED
								    : ST_IO;
}

/* ---- beginning and end -----------------------------------------------------
 */

enum status
ssh_open(const struct ssh_spec *spec, struct ssh **out)
{
	struct ssh *s = calloc(1, sizeof(*s));
	enum status st;
	int fd = -1;

	if (s == NULL)
		return ST_NOMEM;
	s->patience = spec->patience;
	st = net_connect(spec->host, spec->port == 0 ? SSH_PORT : spec->port,
			 spec->patience, spec->why, &fd);
	if (st == ST_OK)
		st = ssh_prepare(s, spec, fd);
	if (st == ST_OK)
		st = ssh_greet(s, spec);
	if (st == ST_OK) {
		scrub_begin(); /* passwords and keys go through its memory */
		st = ssh_sign_in(s, spec);
		scrub_end();
	}
	if (st != ST_OK) {
		ssh_close(s);
		return st;
	}
	*out = s;
	return ST_OK;
}

void
ssh_close(struct ssh *s)
{
	if (s == NULL)
		return;
	if (s->session != NULL) {
		/* a farewell is polite, waiting for it is not needed */
		ssh_disconnect(s->session);
		ssh_free(s->session);
	}
	free(s);
}

/* ---- channels --------------------------------------------------------------
 */

/* Complaints that nobody reads would fill memory. The rest stays where it is.
 */
static int
drop_complaints(ssh_session session, ssh_channel channel, void *data,
		uint32_t len, int is_stderr, void *arg)
{
	(void)session;
	(void)channel;
	(void)data;
	(void)arg;
	return is_stderr ? (int)len : 0;
}

/* Calls again until there is an answer. */
static enum status
finish(struct ssh_stream *c, int (*call)(ssh_channel c, const char *what),
       const char *what)
{
	int rc;

	while ((rc = call(c->channel, what)) == SSH_AGAIN) {
		enum status st = ssh_wait(c->ssh, c->ssh->patience->answer_ms);

		if (st != ST_OK)
			return st;
	}
	return rc == SSH_OK ? ST_OK : ssh_status(c->ssh);
}

static int
open_session(ssh_channel c, const char *what)
{
	(void)what;
	return ssh_channel_open_session(c);
}

static enum status
open_stream(struct ssh *s, int (*how)(ssh_channel c, const char *what),
	    const char *what, struct ssh_stream **out)
{
	struct ssh_stream *c = calloc(1, sizeof(*c));
	enum status st = ST_NOMEM;

	if (c == NULL)
		return ST_NOMEM;
	c->ssh = s;
	c->taken = STEP;
	c->spare = malloc(WINDOW);
	c->channel = ssh_channel_new(s->session);
	c->calls.channel_data_function = drop_complaints;
	ssh_callbacks_init(&c->calls);
	if (c->channel != NULL && c->spare != NULL &&
	    ssh_set_channel_callbacks(c->channel, &c->calls) == SSH_OK)
		st = finish(c, open_session, NULL);
	if (st == ST_OK)
		st = finish(c, how, what);
	if (st != ST_OK) {
		ssh_end(c);
		return st;
	}
	*out = c;
	return ST_OK;
}

enum status
ssh_subsystem(struct ssh *s, const char *name, struct ssh_stream **out)
{
	return open_stream(s, ssh_channel_request_subsystem, name, out);
}

enum status
ssh_exec(struct ssh *s, const char *command, struct ssh_stream **out)
{
	return open_stream(s, ssh_channel_request_exec, command, out);
}

struct pace *
ssh_pace(const struct ssh *s)
{
	return s->patience->pace;
}

void
ssh_end(struct ssh_stream *c)
{
	if (c == NULL)
		return;
	if (c->channel != NULL) {
		ssh_remove_channel_callbacks(c->channel, &c->calls);
		ssh_channel_free(c->channel);
	}
	free(c->spare);
	free(c);
}

static enum status
take(struct ssh_stream *c, void *dst, size_t n, size_t *got)
{
	const uint32_t most = n < WINDOW ? (uint32_t)n : WINDOW;
	struct pace *pace = c->ssh->patience->pace;
	int r;

	pace_wait(pace);
	r = ssh_channel_read_timeout(c->channel, dst, most, 0,
				     (int)c->ssh->patience->idle_ms);
	pace_woke(pace);
	pace_came(pace, r > 0 ? (uint64_t)r : 0);
	*got = r > 0 ? (size_t)r : 0;
	c->taken += *got;
	if (r > 0 || (r == 0 && ssh_channel_is_eof(c->channel)))
		return ST_OK;
	if (r == 0 || r == SSH_AGAIN)
		return ST_TIMEOUT;
	return ssh_channel_is_closed(c->channel) ? ST_CLOSED
						 : ssh_status(c->ssh);
}

/*
 * The library lets a server send ahead what the reader has room for, and else
 * 0.6 to 1.3 MB, which is little for a link with a delay: so it is shown much
 * room from time to time, at each call it would tell the server each time.
 */
enum status
ssh_read(struct ssh_stream *c, void *dst, size_t n, size_t *got)
{
	if (c->left.len == 0 && c->taken < STEP)
		return take(c, dst, n, got);
	if (c->left.len == 0) {
		enum status st = take(c, c->spare, WINDOW, got);

		if (st != ST_OK)
			return st;
		c->left = span_of(c->spare, *got);
		c->taken = 0;
	}
	*got = n < c->left.len ? n : c->left.len;
	if (*got > 0)
		memcpy(dst, c->left.ptr, *got);
	c->left = span_skip(c->left, *got);
	return ST_OK;
}

enum status
ssh_write(struct ssh_stream *c, struct span bytes)
{
	const uint32_t ms = c->ssh->patience->answer_ms;
	int rc;

	while (bytes.len > 0) {
		enum status st;

		rc = ssh_channel_write(c->channel, bytes.ptr,
				       (uint32_t)bytes.len);
		if (rc < 0)
			return ssh_channel_is_closed(c->channel)
				   ? ST_CLOSED
				   : ssh_status(c->ssh);
		bytes = span_skip(bytes, (size_t)rc);
		if (bytes.len == 0)
			break;
		st = ssh_wait(c->ssh, ms); /* its window is shut */
		if (st != ST_OK)
			return st;
	}
	rc = ssh_blocking_flush(c->ssh->session, (int)ms);
	if (rc == SSH_AGAIN)
		return ST_TIMEOUT;
	return rc == SSH_OK ? ST_OK : ssh_status(c->ssh);
}
