#include "proxy-agent/smb/login.h"

#include "base/str.h"
#include "proxy-agent/session/net.h"

#define PORT         445
#define SESSIONS     6
#define SESSIONS_MAX 8

/* An option that is yes or no; *bad is its name when it is neither. */
static void
choose(const struct source_target *t, const char *name, bool *out,
       const char **bad)
{
	struct span s = source_option(t, name);

	if (s.ptr != NULL && str_to_bool(s, out) != ST_OK)
		*bad = name;
}

/* "required" stands beside yes and no. */
static void
choose_crypt(const struct source_target *t, struct login *l, const char **bad)
{
	struct span s = source_option(t, "encrypt");
	bool yes = false;

	l->encrypt = LOGIN_ASKED;
	if (s.ptr == NULL)
		return;
	if (str_is(s, "required"))
		yes = true;
	else
		choose(t, "encrypt", &yes, bad);
	l->encrypt = yes ? LOGIN_YES : LOGIN_NO;
}

static enum status
read_options(const struct source_target *t, struct login *l)
{
	struct span s = source_option(t, "sessions");
	uint64_t n = SESSIONS;
	const char *bad = NULL;

	if (s.ptr != NULL && str_to_u64(s, 1, SESSIONS_MAX, &n) != ST_OK)
		bad = "sessions";
	l->sessions = (uint32_t)n;
	l->sign = true;
	choose_crypt(t, l, &bad);
	choose(t, "signing", &l->sign, &bad);
	choose(t, "smb1", &l->smb1, &bad);
	choose(t, "links", &l->follow, &bad);
	choose(t, "offline", &l->recall, &bad);
	if (bad == NULL)
		return ST_OK;
	net_say(t->why, "the value of the option %s is not understood", bad);
	return ST_UNSUPPORTED;
}

/* "DOMAIN;USER", and "DOMAIN\USER" as Windows has it. */
static void
split(struct login *l, struct span domain)
{
	struct span all = l->account.user;
	size_t at = str_find(all, ';');

	if (at == all.len)
		at = str_find(all, '\\');
	l->user = all;
	l->domain = domain;
	if (at < all.len) {
		l->domain = span_of(all.ptr, at);
		l->user = span_skip(all, at + 1);
	}
}

static enum status
check(const struct login *l, struct buf *why)
{
	if (l->user.len > LOGIN_WORD_MAX || l->domain.len > LOGIN_WORD_MAX ||
	    l->account.password.len > LOGIN_WORD_MAX) {
		net_say(why,
			"a user, domain or password has more than %d "
			"bytes, which libsmbclient cannot send",
			LOGIN_WORD_MAX);
		return ST_UNSUPPORTED;
	}
	if (l->user.len > 0)
		return ST_OK;
	net_say(why, "the target names a domain but no user");
	return ST_USAGE;
}

enum status
login_read(const struct source_target *t, struct login *out)
{
	enum status st;

	*out = (struct login){0};
	st = account_read(&out->account, t);
	if (st == ST_OK) {
		split(out, source_option(t, "domain"));
		out->port = out->account.url.port;
		if (out->port == 0)
			out->port = PORT;
		st = check(out, t->why);
	} else if (st != ST_USAGE) {
		net_say(t->why, "the target is not of the form "
				"smb://[DOMAIN;]USER@HOST[:PORT]/SHARE/PATH");
	}
	if (st == ST_OK)
		st = read_options(t, out);
	if (st != ST_OK)
		login_fini(out);
	return st;
}

void
login_fini(struct login *l)
{
	account_fini(&l->account);
	*l = (struct login){.account.vault.fd = -1};
}
