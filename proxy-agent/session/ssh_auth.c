#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "crypto/rsa.h"
#include "proxy-agent/session/net.h"
#include "proxy-agent/session/ssh_impl.h"
#include "proxy-agent/session/ssh_key.h"

#define USER_MAX 256

/* One sign-in: what we have, what the server takes, what was tried. */
struct entry {
	struct ssh *ssh;
	const struct ssh_spec *spec;
	char user[USER_MAX];
	char takes[256]; /* "publickey,password" */
	unsigned tries;
	unsigned answers; /* given to questions */
	struct rsa *rsa;  /* the key, when it is one of that kind */
	bool agent_away;  /* it could not be asked */
	bool locked;      /* in a way that is not read here */
	struct ssh_agent *agent;
	size_t agent_at; /* its key at hand */
	enum status failed;
};

struct way {
	const char *method; /* of the protocol */
	const char *needs;  /* in the credential */
	int (*go)(struct entry *e, struct span secret);
};

static bool
has_method(const char *list, const char *method)
{
	struct span rest = span_str(list), one;

	while (str_next(&rest, ',', &one))
		if (str_is(one, method))
			return true;
	return false;
}

/* ---- the ways --------------------------------------------------------------
 */

static int
by_password(struct entry *e, struct span secret)
{
	return libssh2_userauth_password_ex(
	    e->ssh->session, e->user, (unsigned)strlen(e->user),
	    (const char *)secret.ptr, (unsigned)secret.len, NULL);
}

/* The one question that hides what is typed is answered, once. */
/* NOLINTNEXTLINE(readability-function-size): the library's parameters */
static LIBSSH2_USERAUTH_KBDINT_RESPONSE_FUNC(answer)
{
	struct entry *e = *abstract;
	struct span secret = pairs_find(e->spec->access, "password");

	(void)name;
	(void)name_len;
	(void)instruction;
	(void)instruction_len;
	for (int i = 0; i < num_prompts; i++) {
		if (prompts[i].echo || e->answers > 0)
			continue;
		responses[i].text = malloc(secret.len + 1);
		if (responses[i].text == NULL)
			continue;
		memcpy(responses[i].text, secret.ptr, secret.len);
		responses[i].length = (unsigned)secret.len;
		e->answers++;
	}
}

static int
by_questions(struct entry *e, struct span secret)
{
	(void)secret;
	*libssh2_session_abstract(e->ssh->session) = e;
	return libssh2_userauth_keyboard_interactive_ex(
	    e->ssh->session, e->user, (unsigned)strlen(e->user), answer);
}

/* The library wants a C string of the passphrase. */
static int
by_key(struct entry *e, struct span key)
{
	struct span words = pairs_find(e->spec->access, "passphrase");
	char *pass;
	int rc;

	if (e->rsa != NULL)
		return ssh_key_rsa(e->ssh, e->user, e->rsa);
	pass = words.ptr == NULL ? NULL
				 : strndup((const char *)words.ptr, words.len);
	rc = libssh2_userauth_publickey_frommemory(
	    e->ssh->session, e->user, strlen(e->user), NULL, 0,
	    (const char *)key.ptr, key.len, pass);

	if (pass != NULL)
		explicit_bzero(pass, strlen(pass));
	free(pass);
	return rc;
}

static int
by_agent(struct entry *e, struct span socket)
{
	(void)socket;
	return ssh_key_agent(e->ssh, e->user, e->agent, e->agent_at);
}

static const struct way ways[] = {
    {"publickey", "key", by_key},
    {"publickey", "agent_socket", by_agent},
    {"password", "password", by_password},
    {"keyboard-interactive", "password", by_questions},
};

/* ---- trying them -----------------------------------------------------------
 */

static enum status
try_way(struct entry *e, const struct way *w, struct span secret)
{
	int rc;

	e->tries++;
	while ((rc = w->go(e, secret)) == LIBSSH2_ERROR_EAGAIN)
		if (ssh_wait(e->ssh, e->ssh->patience->sign_in_ms) != ST_OK)
			return ST_TIMEOUT;
	if (rc == 0)
		return ST_OK;
	if (rc == LIBSSH2_ERROR_SOCKET_DISCONNECT ||
	    rc == LIBSSH2_ERROR_SOCKET_RECV || rc == LIBSSH2_ERROR_SOCKET_SEND)
		return ST_CLOSED;
	return rc == LIBSSH2_ERROR_FILE ? ST_MALFORMED : ST_DENIED;
}

/* ST_OK also when the server wants nothing at all. */
static enum status
ask_methods(struct entry *e)
{
	const char *list;

	while ((list = libssh2_userauth_list(e->ssh->session, e->user,
					     (unsigned)strlen(e->user))) ==
	       NULL) {
		if (libssh2_userauth_authenticated(e->ssh->session))
			return ST_OK;
		if (libssh2_session_last_errno(e->ssh->session) !=
		    LIBSSH2_ERROR_EAGAIN)
			return ST_CLOSED;
		if (ssh_wait(e->ssh, e->ssh->patience->sign_in_ms) != ST_OK)
			return ST_TIMEOUT;
	}
	snprintf(e->takes, sizeof(e->takes), "%s", list);
	return ST_OK;
}

static enum status
name_user(struct entry *e)
{
	struct span user = e->spec->user.len > 0
			       ? e->spec->user
			       : pairs_find(e->spec->access, "user");

	if (user.len > 0 && str_copy(e->user, sizeof(e->user), user) == ST_OK)
		return ST_OK;
	net_say(e->spec->why,
		"no user is named: put one into the target (sftp://USER@HOST/) "
		"or into the credential");
	return ST_DENIED;
}

/* RSA keys sign through us; what is no key of that kind the library reads. */
static enum status
look_at_key(struct entry *e, struct span key)
{
	enum status st =
	    rsa_open(key, pairs_find(e->spec->access, "passphrase"), &e->rsa);

	e->locked = st == ST_USAGE;
	if (st == ST_UNSUPPORTED || st == ST_MALFORMED)
		return ST_OK;
	return st == ST_OK ? ST_OK : ST_MALFORMED;
}

/* Each key of an agent is a try of its own. */
static enum status
try_agent(struct entry *e, const struct way *w, struct span socket)
{
	enum status st =
	    ssh_agent_open(socket, e->ssh->patience->answer_ms, &e->agent);

	e->agent_away = st != ST_OK;
	if (st != ST_OK)
		return ST_DENIED; /* it is only one of the ways */
	st = ST_DENIED;
	for (; st == ST_DENIED && e->tries < SSH_TRIES &&
	       e->agent_at < ssh_agent_count(e->agent);
	     e->agent_at++)
		st = try_way(e, w, socket);
	ssh_agent_close(e->agent);
	return st;
}

static enum status
try_one(struct entry *e, const struct way *w, struct span secret)
{
	enum status st = ST_OK;

	if (w->go == by_agent)
		return try_agent(e, w, secret);
	if (w->go == by_key)
		st = look_at_key(e, secret);
	if (st == ST_OK)
		st = try_way(e, w, secret);
	rsa_close(e->rsa);
	e->rsa = NULL;
	return st;
}

static void
explain(const struct entry *e, enum status st)
{
	const int n = (int)e->spec->host.len;
	const char *host = (const char *)e->spec->host.ptr;

	if (st == ST_TIMEOUT)
		net_say(e->spec->why,
			"%.*s did not finish the sign-in of %s within %u s", n,
			host, e->user, e->ssh->patience->sign_in_ms / 1000);
	else if (st == ST_CLOSED)
		net_say(e->spec->why,
			"%.*s closed the connection at the sign-in of %s: it "
			"may allow this user or this host no sign-in",
			n, host, e->user);
	else if (e->locked)
		net_say(e->spec->why,
			"the key for %s is locked by a cipher that is not "
			"read: turn it into PEM by ssh-keygen -p -m PEM -f KEY",
			e->user);
	else if (st == ST_MALFORMED)
		net_say(e->spec->why,
			"the key for %s cannot be read: its passphrase is "
			"wrong or missing, or it is of another format",
			e->user);
	else if (e->tries == 0 && e->agent_away)
		net_say(e->spec->why,
			"the agent that should hold the key for %s cannot be "
			"asked: the reader is nobody where it was started as "
			"root, so start it as the agent's owner",
			e->user);
	else if (e->tries == 0)
		net_say(e->spec->why,
			"%.*s takes %s, and the credential has none of that "
			"for %s",
			n, host, e->takes, e->user);
	else
		net_say(
		    e->spec->why,
		    "%.*s refused the sign-in of %s: check user, password, "
		    "key and passphrase; it takes %s and was tried %u time%s",
		    n, host, e->user, e->takes, e->tries,
		    e->tries == 1 ? "" : "s");
}

enum status
ssh_sign_in(struct ssh *s, const struct ssh_spec *spec)
{
	struct entry e = {.ssh = s, .spec = spec};
	enum status st = name_user(&e);
	bool password = false;

	if (st != ST_OK)
		return st;
	st = ask_methods(&e);
	if (st == ST_OK && libssh2_userauth_authenticated(s->session))
		return ST_OK;
	if (st == ST_OK)
		st = ST_DENIED;
	for (size_t i = 0; st == ST_DENIED && i < sizeof(ways) / sizeof(*ways);
	     i++) {
		struct span secret = pairs_find(spec->access, ways[i].needs);
		bool is_password = str_is(span_str(ways[i].needs), "password");

		if (secret.ptr == NULL || e.tries >= SSH_TRIES ||
		    !has_method(e.takes, ways[i].method) ||
		    (is_password && password))
			continue;
		password = password || is_password;
		st = try_one(&e, &ways[i], secret);
	}
	*libssh2_session_abstract(s->session) = NULL;
	if (st != ST_OK)
		explain(&e, st);
	return st;
}
