#include "proxy-agent/smb/login.h"

#include <string.h>

#include "base/codec.h"
#include "base/str.h"
#include "proxy-agent/session/net.h"

#define PORT         445
#define SESSIONS     6
#define SESSIONS_MAX 8
#define KEYTAB_MARK  0x05 /* the first byte of such a file */
#define WORD                                                                   \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]"

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

static void
choose_way(const struct source_target *t, struct login *l, const char **bad)
{
	struct span s = source_option(t, "auth");

	l->kerberos = str_is(s, "kerberos");
	if (s.ptr != NULL && !l->kerberos && !str_is(s, "ntlm"))
		*bad = "auth";
	if (l->keytab.len > 0 && s.ptr != NULL && !l->kerberos)
		*bad = "auth"; /* NTLM knows no keytab */
	l->kerberos = l->kerberos || l->keytab.len > 0;
}

/* A word that may stand in a file of settings. */
static void
take_word(const struct source_target *t, const char *name, struct span *out,
	  const char **bad)
{
	struct span s = source_option(t, name);

	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == 0 || strchr(WORD, s.ptr[i]) == NULL)
			*bad = name;
	*out = s;
}

struct span
login_stream(const struct login *l, size_t n)
{
	struct span rest = l->streams;

	while (n-- > 0)
		rest = span_skip(rest, str_find(rest, ',') + 1);
	return str_trim(span_of(rest.ptr, str_find(rest, ',')));
}

/* Names as they stand behind a file's own and a colon. */
static void
take_streams(const struct source_target *t, struct login *l, const char **bad)
{
	struct span s = source_option(t, "streams");
	size_t names = s.len > 0;

	for (size_t i = 0; i < s.len; i++) {
		names += s.ptr[i] == ',';
		if (s.ptr[i] == 0 || strchr("/\\:", s.ptr[i]) != NULL)
			*bad = "streams";
	}
	l->streams = s;
	for (size_t i = 0; i < names; i++)
		if (names > LOGIN_STREAMS || login_stream(l, i).len == 0)
			*bad = "streams";
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
	l->sign = l->user.len > 0; /* who says no name has no key to sign */
	choose_way(t, l, &bad);
	take_word(t, "realm", &l->realm, &bad);
	take_word(t, "kdc", &l->kdc, &bad);
	choose_crypt(t, l, &bad);
	take_streams(t, l, &bad);
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

/* As its file is, or in base64, with lines or without. */
static enum status
decode_keytab(struct span text, struct buf *to)
{
	struct buf plain;
	enum status st = ST_OK;

	if (text.len > 0 && text.ptr[0] == KEYTAB_MARK)
		return buf_add(to, text.ptr, text.len);
	buf_init(&plain, PAIRS_MAX);
	for (size_t i = 0; st == ST_OK && i < text.len; i++)
		if (text.ptr[i] == 0 || strchr(" \r\n", text.ptr[i]) == NULL)
			st = buf_add_byte(&plain, text.ptr[i]);
	if (st == ST_OK)
		st = codec_unbase64(CODEC_BASE64, buf_span(&plain), to);
	if (st == ST_OK && (to->len == 0 || to->data[0] != KEYTAB_MARK))
		st = ST_MALFORMED;
	buf_fini(&plain);
	return st;
}

static enum status
take_keytab(struct login *l, const struct source_target *t)
{
	struct span text = source_access(t, "keytab");
	struct buf bytes;
	enum status st;

	if (text.ptr == NULL)
		return ST_OK;
	buf_init(&bytes, PAIRS_MAX);
	st = decode_keytab(text, &bytes);
	if (st == ST_OK)
		st = vault_open(bytes.len, &l->keytab);
	else
		net_say(t->why, "the keytab of the credential is none: it is "
				"that file in base64");
	if (st == ST_OK) {
		memcpy(l->keytab.base, bytes.data, bytes.len);
		l->keytab.len = bytes.len;
	}
	buf_fini(&bytes);
	return st;
}

static enum status
check(const struct login *l, const struct source_target *t)
{
	if (l->keytab.len > 0 && l->user.len == 0) {
		net_say(t->why, "a keytab is given but no user: say whose "
				"ticket is wanted");
		return ST_USAGE;
	}
	if (l->user.len > LOGIN_WORD_MAX || l->domain.len > LOGIN_WORD_MAX ||
	    l->account.password.len > LOGIN_WORD_MAX) {
		net_say(t->why,
			"a user, domain or password has more than %d bytes, "
			"which libsmbclient cannot send",
			LOGIN_WORD_MAX);
		return ST_UNSUPPORTED;
	}
	if (l->user.len > 0 || l->account.user.len == 0)
		return ST_OK;
	net_say(t->why, "the target names a domain but no user");
	return ST_USAGE;
}

/* With options that last as long as the login. */
static enum status
take(const struct source_target *given, struct login *l)
{
	struct source_target t = *given;
	struct span options = given->options.bytes;
	enum status st;

	buf_init(&l->options, PAIRS_MAX);
	st = options.len == 0 ? ST_OK
			      : buf_add(&l->options, options.ptr, options.len);
	if (st != ST_OK)
		return st;
	t.options.bytes = buf_span(&l->options);
	split(l, source_option(&t, "domain"));
	l->port = l->account.url.port;
	if (l->port == 0)
		l->port = PORT;
	st = take_keytab(l, &t);
	if (st == ST_OK)
		st = check(l, &t);
	return st == ST_OK ? read_options(&t, l) : st;
}

enum status
login_read(const struct source_target *t, struct login *out)
{
	enum status st;

	*out = (struct login){.keytab.fd = -1};
	st = account_read_open(&out->account, t);
	if (st != ST_OK)
		net_say(t->why, "the target is not of the form "
				"smb://[DOMAIN;]USER@HOST[:PORT]/SHARE/PATH");
	else
		st = take(t, out);
	if (st != ST_OK)
		login_fini(out);
	return st;
}

void
login_fini(struct login *l)
{
	account_fini(&l->account);
	vault_close(&l->keytab);
	buf_fini(&l->options);
	*l = (struct login){.account.vault.fd = -1, .keytab.fd = -1};
}

enum status
login_name(const struct login *l, char to[LOGIN_NAME_ROOM])
{
	enum status st = str_copy(to, LOGIN_NAME_ROOM, l->user);
	size_t n;

	if (st != ST_OK || !l->kerberos || l->realm.len == 0 ||
	    strchr(to, '@') != NULL)
		return st;
	n = strlen(to);
	to[n++] = '@';
	return str_copy(to + n, LOGIN_NAME_ROOM - n, l->realm);
}
