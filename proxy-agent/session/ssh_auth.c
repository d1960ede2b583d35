#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/session/net.h"
#include "proxy-agent/session/ssh_agent.h"
#include "proxy-agent/session/ssh_impl.h"
#include "proxy-agent/session/ssh_key.h"

#define USER_MAX   256
#define ROUNDS_MAX 8 /* of questions */

/* One sign-in: what we have, what the server takes, what was tried. */
struct entry {
	struct ssh *ssh;
	const struct ssh_spec *spec;
	char user[USER_MAX];
	unsigned takes; /* SSH_AUTH_METHOD_... */
	unsigned tries;
	bool answered;      /* a question got the password */
	bool agent_away;    /* it could not be asked */
	bool locked;        /* the key, in a way that is not read here */
	const char *unlike; /* why a key was not even shown */
	char *password;     /* of this try, as the library wants it */
	ssh_key key;
};

struct way {
	unsigned method;   /* of the protocol */
	const char *needs; /* in the credential */
	enum status (*go)(struct entry *e, struct span secret);
};

static const struct {
	unsigned bit;
	const char *name;
} methods[] = {
    {SSH_AUTH_METHOD_PUBLICKEY, "publickey"},
    {SSH_AUTH_METHOD_PASSWORD, "password"},
    {SSH_AUTH_METHOD_INTERACTIVE, "keyboard-interactive"},
    {SSH_AUTH_METHOD_HOSTBASED, "hostbased"},
    {SSH_AUTH_METHOD_GSSAPI_MIC, "gssapi-with-mic"},
};

/* Its words for keys that it does not show to a server. */
static const struct {
	const char *word, *text;
} unlikes[] = {
    {"ACCEPTED_TYPES",
     "the server takes RSA keys with SHA-1 alone: use an ED25519 or ECDSA "
     "key, or --option sha1=yes"},
    {"RSA_MIN_SIZE", "an RSA key wants 1024 bits at least"},
};

/* "publickey, password" */
static void
list_methods(const struct entry *e, char *dst, size_t room)
{
	size_t at = 0;

	snprintf(dst, room, "nothing that is known here");
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (e->takes & methods[i].bit && at < room)
			at += (size_t)snprintf(dst + at, room - at, "%s%s",
					       at == 0 ? "" : ", ",
					       methods[i].name);
}

/* ---- the ways --------------------------------------------------------------
 */

static enum status
refusal(struct entry *e)
{
	const char *error = ssh_get_error(e->ssh->session);

	e->unlike = NULL;
	for (size_t i = 0; i < sizeof(unlikes) / sizeof(unlikes[0]); i++)
		if (strstr(error, unlikes[i].word) != NULL)
			e->unlike = unlikes[i].text;
	return ST_DENIED;
}

/* Calls again until there is an answer; ST_AGAIN: the server asks. */
static enum status
finish(struct entry *e, int (*call)(struct entry *e))
{
	int rc;

	while ((rc = call(e)) == SSH_AUTH_AGAIN) {
		enum status st = ssh_wait(e->ssh, e->ssh->patience->sign_in_ms);

		if (st != ST_OK)
			return st;
	}
	if (rc == SSH_AUTH_SUCCESS)
		return ST_OK;
	if (rc == SSH_AUTH_INFO)
		return ST_AGAIN;
	if (ssh_status(e->ssh) == ST_CLOSED)
		return ST_CLOSED;
	/* what a server that takes one thing after the other wants next */
	e->takes = (unsigned)ssh_userauth_list(e->ssh->session, NULL);
	return refusal(e);
}

static int
send_nothing(struct entry *e)
{
	return ssh_userauth_none(e->ssh->session, e->user);
}

static int
send_password(struct entry *e)
{
	return ssh_userauth_password(e->ssh->session, e->user, e->password);
}

static int
send_answers(struct entry *e)
{
	return ssh_userauth_kbdint(e->ssh->session, e->user, NULL);
}

static int
send_key(struct entry *e)
{
	return ssh_userauth_publickey(e->ssh->session, e->user, e->key);
}

static int
send_of_agent(struct entry *e)
{
	return ssh_userauth_agent(e->ssh->session, e->user);
}

static enum status
by_password(struct entry *e, struct span secret)
{
	(void)secret;
	e->tries++;
	return finish(e, send_password);
}

/* The one question that hides what is typed is answered, once. */
static enum status
answer(struct entry *e)
{
	ssh_session s = e->ssh->session;
	const int n = ssh_userauth_kbdint_getnprompts(s);

	for (int i = 0; i < n; i++) {
		char echo = 0;
		bool hidden = ssh_userauth_kbdint_getprompt(s, (unsigned)i,
							    &echo) != NULL &&
			      echo == 0 && !e->answered;

		e->answered = e->answered || hidden;
		if (ssh_userauth_kbdint_setanswer(
			s, (unsigned)i, hidden ? e->password : "") < 0)
			return ST_NOMEM;
	}
	return ST_OK;
}

static enum status
by_questions(struct entry *e, struct span secret)
{
	enum status st;

	(void)secret;
	e->tries++;
	st = finish(e, send_answers);
	for (int i = 0; st == ST_AGAIN && i < ROUNDS_MAX; i++) {
		st = answer(e);
		if (st == ST_OK)
			st = finish(e, send_answers);
	}
	return st == ST_AGAIN ? ST_DENIED : st;
}

static enum status
by_key(struct entry *e, struct span text)
{
	enum status st = ssh_key_read(
	    text, pairs_find(e->spec->access, "passphrase"), &e->key);

	e->locked = st == ST_USAGE;
	if (st != ST_OK)
		return ST_MALFORMED;
	e->tries++;
	st = finish(e, send_key);
	ssh_key_free(e->key);
	e->key = NULL;
	return st;
}

/* Each key that a server is shown is a try. */
static enum status
by_agent(struct entry *e, struct span socket)
{
	const uint32_t wait_ms = e->ssh->patience->answer_ms;
	struct ssh_relay *relay;
	enum status st =
	    ssh_agent_begin(socket, wait_ms, SSH_TRIES - e->tries, &relay);

	e->agent_away = st != ST_OK;
	if (st != ST_OK)
		return ST_DENIED; /* it is only one of the ways */
	ssh_set_agent_socket(e->ssh->session, ssh_agent_fd(relay));
	st = finish(e, send_of_agent);
	e->tries += (unsigned)ssh_agent_end(relay);
	return st;
}

static const struct way ways[] = {
    {SSH_AUTH_METHOD_PUBLICKEY, "key", by_key},
    {SSH_AUTH_METHOD_PUBLICKEY, "agent_socket", by_agent},
    {SSH_AUTH_METHOD_PASSWORD, "password", by_password},
    {SSH_AUTH_METHOD_INTERACTIVE, "password", by_questions},
};

/* ---- trying them -----------------------------------------------------------
 */

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

static void
explain(const struct entry *e, enum status st)
{
	const int n = (int)e->spec->host.len;
	const char *host = (const char *)e->spec->host.ptr;
	char takes[96];

	list_methods(e, takes, sizeof(takes));
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
			"read: lock it anew by ssh-keygen -p -Z aes256-ctr -f "
			"KEY",
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
			n, host, takes, e->user);
	else if (e->unlike != NULL)
		net_say(e->spec->why, "%.*s was not shown the key for %s: %s",
			n, host, e->user, e->unlike);
	else
		net_say(
		    e->spec->why,
		    "%.*s refused the sign-in of %s: check user, password, "
		    "key and passphrase; it takes %s and was tried %u time%s",
		    n, host, e->user, takes, e->tries,
		    e->tries == 1 ? "" : "s");
}

/* The ways in their order; the password goes once, whichever way it goes. */
static enum status
try_all(struct entry *e)
{
	enum status st = ST_DENIED;
	bool sent = false;

	for (size_t i = 0; st == ST_DENIED && i < sizeof(ways) / sizeof(*ways);
	     i++) {
		struct span secret = pairs_find(e->spec->access, ways[i].needs);
		bool words = str_is(span_str(ways[i].needs), "password");

		if (secret.ptr == NULL || e->tries >= SSH_TRIES ||
		    !(e->takes & ways[i].method) || (words && sent))
			continue;
		sent = sent || words;
		st = ways[i].go(e, secret);
	}
	return st;
}

enum status
ssh_sign_in(struct ssh *s, const struct ssh_spec *spec)
{
	struct entry e = {.ssh = s, .spec = spec};
	struct span password = pairs_find(spec->access, "password");
	enum status st = name_user(&e);

	if (st != ST_OK)
		return st;
	if (password.ptr != NULL) {
		e.password = strndup((const char *)password.ptr, password.len);
		if (e.password == NULL)
			return ST_NOMEM;
	}
	st = finish(&e, send_nothing);
	if (st == ST_DENIED)
		st = try_all(&e);
	if (e.password != NULL)
		explicit_bzero(e.password, strlen(e.password));
	free(e.password);
	if (st != ST_OK)
		explain(&e, st);
	return st;
}
