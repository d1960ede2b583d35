#include "proxy-agent/smb/conf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sys/file.h"

#define TEXT_CAP 4096

/*
 * Nothing is looked up by broadcast, kept on disk or said to a log; passwords
 * go as NTLMv2 or a Kerberos ticket only.
 */
static const char fixed[] = "[global]\n"
			    "unix charset = UTF-8\n"
			    "name resolve order = host\n"
			    "log file = /dev/null\n"
			    "cache directory = /nonexistent\n"
			    "lock directory = /nonexistent\n"
			    "state directory = /nonexistent\n"
			    "private dir = /nonexistent\n"
			    "create krb5 conf = no\n"
			    "socket options = TCP_NODELAY\n"
			    "client ntlmv2 auth = yes\n"
			    "client lanman auth = no\n"
			    "client plaintext auth = no\n"
			    "client use spnego = yes\n"
			    "client max protocol = SMB3_11\n"
			    "client ipc max protocol = SMB3_11\n";

static enum status
write_text(const struct login *l, struct buf *to)
{
	const char *least = l->smb1 ? "NT1" : "SMB2_10";
	const char *sign = l->sign ? "required" : "if_required";
	enum status st = buf_add_str(to, fixed);

	if (st == ST_OK)
		st = buf_addf(to,
			      "client min protocol = %s\n"
			      "client ipc min protocol = %s\n"
			      "client signing = %s\n"
			      "client ipc signing = %s\n",
			      least, least, sign, sign);
	return st;
}

static enum status
write_realm(const struct login *l, struct buf *to)
{
	const struct span host = l->account.url.host;
	const int n = (int)l->realm.len;
	const char *realm = (const char *)l->realm.ptr;
	enum status st =
	    buf_addf(to,
		     "[libdefaults]\n"
		     "default_realm = %.*s\n"
		     "dns_lookup_realm = false\n"
		     "dns_canonicalize_hostname = false\n"
		     "rdns = false\n"
		     "dns_lookup_kdc = %s\n"
		     "[domain_realm]\n"
		     "%.*s = %.*s\n",
		     n, realm, l->kdc.len > 0 ? "false" : "true", (int)host.len,
		     (const char *)host.ptr, n, realm);

	if (st == ST_OK && l->kdc.len > 0) /* else by SRV records */
		st = buf_addf(to, "[realms]\n%.*s = {\nkdc = %.*s\n}\n", n,
			      realm, (int)l->kdc.len, (const char *)l->kdc.ptr);
	return st;
}

/* A file in memory, with what `writes` says. */
static enum status
make(const struct login *l,
     enum status (*writes)(const struct login *, struct buf *),
     char path[CONF_PATH])
{
	struct buf text;
	enum status st;
	int fd;

	buf_init(&text, TEXT_CAP);
	st = writes(l, &text);
	fd = memfd_create("settings", MFD_CLOEXEC);
	if (fd < 0)
		st = status_of_errno(errno);
	if (st == ST_OK)
		st = file_write_all(fd, buf_span(&text));
	if (st == ST_OK) /* it is read again at will: it stays open */
		snprintf(path, CONF_PATH, "/proc/self/fd/%d", fd);
	else if (fd >= 0)
		close(fd);
	buf_fini(&text);
	return st;
}

enum status
conf_make(const struct login *l, char path[CONF_PATH])
{
	return make(l, write_text, path);
}

enum status
conf_kerberos(const struct login *l)
{
	char path[CONF_PATH];
	enum status st;

	/* NOLINTBEGIN(concurrency-mt-unsafe): one thread */
	if (setenv("KRB5CCNAME", "MEMORY:trawl", 1) != 0)
		return ST_NOMEM;
	if (l->realm.len == 0)
		return ST_OK;
	st = make(l, write_realm, path);
	if (st == ST_OK && setenv("KRB5_CONFIG", path, 1) != 0)
		st = ST_NOMEM;
	/* NOLINTEND(concurrency-mt-unsafe) */
	return st;
}
