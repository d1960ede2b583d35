#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "proxy-agent/session/net.h"
#include "proxy-agent/session/ssh_impl.h"

/*
 * What may be agreed upon, best first. The quickest cipher that nobody breaks
 * comes first, what only old servers have comes last and is still there. Kinds
 * of host keys keep the order that fingerprints were approved in.
 */
#define CIPHERS                                                                \
	"aes256-gcm@openssh.com,aes128-gcm@openssh.com,"                       \
	"chacha20-poly1305@openssh.com,aes256-ctr,aes192-ctr,aes128-ctr,"      \
	"aes256-cbc,aes192-cbc,aes128-cbc,3des-cbc"
#define MACS                                                                   \
	"hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,"         \
	"hmac-sha2-256,hmac-sha2-512,hmac-sha1-etm@openssh.com,hmac-sha1"
#define EXCHANGES                                                              \
	"curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,"   \
	"ecdh-sha2-nistp384,ecdh-sha2-nistp521,"                               \
	"diffie-hellman-group18-sha512,diffie-hellman-group16-sha512,"         \
	"diffie-hellman-group-exchange-sha256,diffie-hellman-group14-sha256,"  \
	"diffie-hellman-group-exchange-sha1,diffie-hellman-group14-sha1,"      \
	"diffie-hellman-group1-sha1"
#define KEYS                                                                   \
	"ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,"         \
	"ssh-ed25519,rsa-sha2-512,rsa-sha2-256"
#define SHA1 ",ssh-rsa"

/* ---- what the library is told ----------------------------------------------
 */

static const struct {
	enum ssh_options_e option;
	const char *value;
} settings[] = {
    /* neither a user nor a folder of this host is looked up */
    {SSH_OPTIONS_USER, "nobody"},
    {SSH_OPTIONS_SSH_DIR, "/nonexistent"},
    {SSH_OPTIONS_KNOWNHOSTS, "/dev/null"},
    {SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null"},
    {SSH_OPTIONS_KEY_EXCHANGE, EXCHANGES},
    {SSH_OPTIONS_CIPHERS_C_S, CIPHERS},
    {SSH_OPTIONS_CIPHERS_S_C, CIPHERS},
    {SSH_OPTIONS_HMAC_C_S, MACS},
    {SSH_OPTIONS_HMAC_S_C, MACS},
    {SSH_OPTIONS_COMPRESSION, "no"},
    {SSH_OPTIONS_HOSTKEYS, KEYS},
    {SSH_OPTIONS_PUBLICKEY_ACCEPTED_TYPES, KEYS},
};

static bool
says_yes(const struct ssh_spec *spec, const char *option)
{
	struct span word = pairs_find(spec->options, option);
	bool yes = false;

	return word.ptr != NULL && str_to_bool(word, &yes) == ST_OK && yes;
}

enum status
ssh_prepare(struct ssh *s, const struct ssh_spec *spec, int fd)
{
	const int none = SSH_LOG_NOLOG;
	const bool off = false;
	int rc;

	s->session = ssh_new();
	if (s->session == NULL) {
		close(fd);
		return ST_NOMEM;
	}
	ssh_set_blocking(s->session, 0);
	rc = ssh_options_set(s->session, SSH_OPTIONS_LOG_VERBOSITY, &none) |
	     ssh_options_set(s->session, SSH_OPTIONS_PROCESS_CONFIG, &off);
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		rc |= ssh_options_set(s->session, settings[i].option,
				      settings[i].value);
	if (says_yes(spec, "sha1"))
		rc |= ssh_options_set(s->session, SSH_OPTIONS_HOSTKEYS,
				      KEYS SHA1) |
		      ssh_options_set(s->session,
				      SSH_OPTIONS_PUBLICKEY_ACCEPTED_TYPES,
				      KEYS SHA1);
	rc |= ssh_options_set(s->session, SSH_OPTIONS_FD, &fd);
	if (rc == SSH_OK)
		return ST_OK;
	close(fd);
	return ST_NOMEM;
}

/* ---- greeting --------------------------------------------------------------
 */

/* Its words for what there is none of in common. */
static const struct {
	const char *word, *text;
} missing[] = {
    {"server host key",
     "kind of host key: a server older than 2016 signs with SHA-1, which "
     "--option sha1=yes allows"},
    {"kex algos", "way to exchange keys: the server may want an update"},
    {"encryption", "cipher: see Ciphers in its sshd_config"},
    {"mac algo", "way to seal messages: see MACs in its sshd_config"},
    {"RSA_MIN_SIZE", "size of host key: RSA wants 1024 bits at least"},
};

static enum status
explain(const struct ssh *s, const struct ssh_spec *spec)
{
	const int n = (int)spec->host.len;
	const char *host = (const char *)spec->host.ptr;
	const char *error = ssh_get_error(s->session);
	const enum status st = ssh_status(s);

	for (size_t i = 0; i < sizeof(missing) / sizeof(missing[0]); i++)
		if (strstr(error, missing[i].word) != NULL) {
			net_say(spec->why,
				"%.*s and this side have in common no %s", n,
				host, missing[i].text);
			return ST_UNSUPPORTED;
		}
	net_say(spec->why,
		"%.*s does not answer as an SSH server does: is this its port?",
		n, host);
	return st == ST_DENIED ? ST_IO : st;
}

/* The library makes the socket one that blocks. */
static void
keep_from_blocking(const struct ssh *s)
{
	const int fd = ssh_get_fd(s->session);

	if (fd >= 0)
		(void)fcntl(fd, F_SETFL, O_NONBLOCK);
}

static enum status
shake_hands(struct ssh *s, const struct ssh_spec *spec)
{
	int rc;

	while ((rc = ssh_connect(s->session)) == SSH_AGAIN) {
		enum status st;

		keep_from_blocking(s);
		st = ssh_wait(s, s->patience->sign_in_ms);
		if (st == ST_OK)
			continue;
		net_say(spec->why,
			"%.*s took the connection but says nothing: is it an "
			"SSH server?",
			(int)spec->host.len, (const char *)spec->host.ptr);
		return st;
	}
	keep_from_blocking(s);
	return rc == SSH_OK ? ST_OK : explain(s, spec);
}

/* ---- who the server is -----------------------------------------------------
 */

static const char *
type_name(ssh_key key)
{
	static const struct {
		enum ssh_keytypes_e type;
		const char *name;
	} names[] = {
	    {SSH_KEYTYPE_RSA, "RSA"},
	    {SSH_KEYTYPE_ECDSA_P256, "ECDSA"},
	    {SSH_KEYTYPE_ECDSA_P384, "ECDSA"},
	    {SSH_KEYTYPE_ECDSA_P521, "ECDSA"},
	    {SSH_KEYTYPE_ED25519, "ED25519"},
	};
	const enum ssh_keytypes_e type = ssh_key_type(key);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].type == type)
			return names[i].name;
	return "unknown";
}

/* As ssh-keygen -l shows it; NULL: no memory. The caller frees it by
 * ssh_string_free_char(). */
static char *
fingerprint(ssh_key key)
{
	unsigned char *hash = NULL;
	char *text = NULL;
	size_t n = 0;

	if (ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &n) ==
	    0)
		text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash,
						n);
	ssh_clean_pubkey_hash(&hash);
	return text;
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
compare(const struct ssh_spec *spec, ssh_key key, const char *print)
{
	struct span pins = pairs_find(spec->options, "host_key");
	const int n = (int)spec->host.len;
	const char *host = (const char *)spec->host.ptr;

	if (is_pinned(pins, print) || says_yes(spec, "accept_host_key"))
		return ST_OK;
	if (pins.len > 0)
		net_say(spec->why,
			"the host key of %.*s is %s (%s) and not the one that "
			"was approved: find out why it changed before you "
			"approve the new one; nothing was sent",
			n, host, print, type_name(key));
	else
		net_say(spec->why,
			"nobody has approved the host key of %.*s, %s (%s): "
			"compare it with ssh-keygen -l there, then give "
			"--option host_key=%s",
			n, host, print, type_name(key), print);
	return ST_DENIED;
}

enum status
ssh_greet(struct ssh *s, const struct ssh_spec *spec)
{
	enum status st = shake_hands(s, spec);
	ssh_key key = NULL;
	char *print;

	if (st != ST_OK)
		return st;
	if (ssh_get_server_publickey(s->session, &key) != SSH_OK)
		return ST_UNSUPPORTED;
	print = fingerprint(key);
	st = print == NULL ? ST_NOMEM : compare(spec, key, print);
	ssh_string_free_char(print);
	ssh_key_free(key);
	return st;
}
