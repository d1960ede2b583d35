#include <errno.h>
#include <openldap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/str.h"
#include "proxy-agent/data/directory_link_impl.h"
#include "proxy-agent/session/net.h"
#include "proxy-agent/session/stream.h"
#include "sys/pace.h"

#define PORT_PLAIN 389
#define PORT_TLS   636
#define SYSTEM_CA  "/etc/ssl/certs/ca-certificates.crt"

/* ---- words ---- */

static void
keep_words(struct directory_link *d, int code, const char *more)
{
	char text[240];

	snprintf(text, sizeof(text), "%s%s%s", ldap_err2string(code),
		 more != NULL && more[0] != 0 ? ": " : "",
		 more != NULL ? more : "");
	stream_words(d->trouble, sizeof(d->trouble), span_str(text));
}

const char *
directory_link_trouble(const struct directory_link *d)
{
	return d->trouble;
}

enum status
directory_link_status(int code)
{
	static const struct {
		int code;
		enum status st;
	} table[] = {
	    {LDAP_SUCCESS, ST_OK},
	    {LDAP_NO_SUCH_OBJECT, ST_NOTFOUND},
	    {LDAP_INVALID_CREDENTIALS, ST_DENIED},
	    {LDAP_INAPPROPRIATE_AUTH, ST_DENIED},
	    {LDAP_INSUFFICIENT_ACCESS, ST_DENIED},
	    {LDAP_STRONG_AUTH_REQUIRED, ST_DENIED},
	    {LDAP_CONFIDENTIALITY_REQUIRED, ST_DENIED},
	    {LDAP_BUSY, ST_TIMEOUT},
	    {LDAP_UNAVAILABLE, ST_TIMEOUT},
	    {LDAP_TIMEOUT, ST_TIMEOUT},
	    {LDAP_SERVER_DOWN, ST_CLOSED},
	    {LDAP_CONNECT_ERROR, ST_CLOSED},
	    {LDAP_DECODING_ERROR, ST_CLOSED},
	    {LDAP_FILTER_ERROR, ST_USAGE},
	    {LDAP_NO_MEMORY, ST_NOMEM},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].code == code)
			return table[i].st;
	return ST_IO;
}

enum status
directory_link_failed(struct directory_link *d, int code)
{
	char *more = NULL;

	ldap_get_option(d->ld, LDAP_OPT_DIAGNOSTIC_MESSAGE, &more);
	keep_words(d, code, more);
	ldap_memfree(more);
	return directory_link_status(code);
}

/* ---- connecting ---- */

static void
set_options(struct directory_link *d)
{
	const int version = LDAP_VERSION3, never = LDAP_DEREF_NEVER,
		  demand = LDAP_OPT_X_TLS_DEMAND;
	ber_len_t most = DIRECTORY_ANSWER;
	Sockbuf *sb = NULL;

	ldap_set_option(d->ld, LDAP_OPT_PROTOCOL_VERSION, &version);
	ldap_set_option(d->ld, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
	ldap_set_option(d->ld, LDAP_OPT_DEREF, &never);
	ldap_set_option(d->ld, LDAP_OPT_TIMEOUT, &d->patience);
	ldap_set_option(d->ld, LDAP_OPT_NETWORK_TIMEOUT, &d->patience);
	ldap_set_option(d->ld, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand);
	if (ldap_get_option(d->ld, LDAP_OPT_SOCKBUF, &sb) == LDAP_OPT_SUCCESS)
		ber_sockbuf_ctrl(sb, LBER_SB_OPT_SET_MAX_INCOMING, &most);
}

/* libldap wants a file: one of memory. */
static int
ca_file(struct span pem, char *name, size_t room)
{
	int fd = pem.len == 0 ? -1 : memfd_create("trawl-ca", 0);

	snprintf(name, room, "%s", SYSTEM_CA);
	if (fd < 0)
		return -1;
	if (write(fd, pem.ptr, pem.len) != (ssize_t)pem.len) {
		close(fd);
		return -1;
	}
	snprintf(name, room, "/proc/self/fd/%d", fd);
	return fd;
}

static enum status
encrypt(struct directory_link *d, const struct directory_to *to)
{
	const int client = 0;
	char name[64];
	int fd = ca_file(to->account->ca, name, sizeof(name));
	int code;

	ldap_set_option(d->ld, LDAP_OPT_X_TLS_CACERTFILE, name);
	code = ldap_set_option(d->ld, LDAP_OPT_X_TLS_NEWCTX, &client);
	if (code == LDAP_SUCCESS)
		code = to->tls ? ldap_install_tls(d->ld)
			       : ldap_start_tls_s(d->ld, NULL, NULL);
	if (fd >= 0)
		close(fd);
	return code == LDAP_SUCCESS ? ST_OK : directory_link_failed(d, code);
}

static enum status
reach(struct directory_link *d, const struct directory_to *to, bool *local,
      struct buf *why)
{
	const struct url *u = &to->account->url;
	char url[URL_HOST_MAX + 32];
	uint16_t port = u->port != 0 ? u->port
			: to->tls    ? PORT_TLS
				     : PORT_PLAIN;
	int fd = -1;
	enum status st =
	    net_connect(u->host, port, &to->account->patience, why, &fd);

	if (st != ST_OK)
		return st;
	*local = net_is_local(fd);
	snprintf(url, sizeof(url), "ldap://%s%.*s%s:%u",
		 str_find(u->host, ':') < u->host.len ? "[" : "",
		 (int)u->host.len, (const char *)u->host.ptr,
		 str_find(u->host, ':') < u->host.len ? "]" : "", port);
	if (ldap_init_fd(fd, LDAP_PROTO_TCP, url, &d->ld) != LDAP_SUCCESS) {
		close(fd);
		return ST_NOMEM;
	}
	set_options(d);
	return ST_OK;
}

/* Without a name and a password it is nobody (RFC 4513, 5.1.1). */
static enum status
bind_as(struct directory_link *d, const struct account *a)
{
	struct buf dn, word;
	struct berval password = {0};
	enum status st;
	int code;

	buf_init(&dn, 4096);
	buf_init(&word, (size_t)64 << 10);
	st = buf_add(&dn, a->user.ptr, a->user.len);
	if (st == ST_OK)
		st = buf_add_byte(&dn, 0);
	if (st == ST_OK)
		st = buf_add(&word, a->password.ptr, a->password.len);
	if (st == ST_OK)
		st = buf_add_byte(&word, 0);
	if (st == ST_OK) {
		password.bv_val = (char *)word.data;
		password.bv_len = word.len - 1;
		code = ldap_sasl_bind_s(d->ld, (const char *)dn.data,
					LDAP_SASL_SIMPLE, &password, NULL, NULL,
					NULL);
		st = code == LDAP_SUCCESS ? ST_OK
					  : directory_link_failed(d, code);
	}
	buf_fini(&dn);
	buf_fini(&word);
	return st;
}

static enum status
greet(struct directory_link *d, const struct directory_to *to, bool local,
      struct buf *why)
{
	bool secret = to->account->password.len > 0;
	enum status st = ST_OK;

	if (secret && to->account->user.len == 0) {
		net_say(why, "a password is given, and no user: the DN of an "
			     "entry, or NAME@DOMAIN");
		return ST_USAGE;
	}
	if (to->clear && secret && !local) {
		net_say(why, "a password does not go to another host in clear: "
			     "leave out tls=no");
		return ST_DENIED;
	}
	if (to->tls || to->start || (!local && !to->clear))
		st = encrypt(d, to);
	if (st == ST_OK)
		st = bind_as(d, to->account);
	if (st != ST_OK)
		net_say(why, "%.*s: %s", (int)to->account->url.host.len,
			(const char *)to->account->url.host.ptr, d->trouble);
	return st;
}

enum status
directory_link_open(const struct directory_to *to, struct directory_link **out,
		    struct buf *why)
{
	struct directory_link *d = calloc(1, sizeof(*d));
	bool local = false;
	enum status st;

	if (d == NULL)
		return ST_NOMEM;
	d->patience.tv_sec = to->account->patience.answer_ms / 1000;
	d->pace = to->account->patience.pace;
	pace_lost(d->pace, UINT32_MAX); /* with the connection before */
	st = reach(d, to, &local, why);
	*out = st == ST_OK ? d : NULL; /* it stands, whatever it says now */
	if (st == ST_OK)
		return greet(d, to, local, why);
	directory_link_close(d);
	return st;
}

void
directory_link_close(struct directory_link *d)
{
	if (d == NULL)
		return;
	if (d->ld != NULL)
		ldap_unbind_ext(d->ld, NULL, NULL);
	free(d);
}

/* ---- answers ---- */

enum status
directory_link_wait(struct directory_link *d, int id, LDAPMessage **all)
{
	struct timeval patience = d->patience;
	int code = 0, kind;

	errno = 0;
	pace_wait(d->pace);
	kind = ldap_result(d->ld, id, LDAP_MSG_ALL, &patience, all);
	pace_woke(d->pace);
	if (kind > 0)
		return ST_OK;
	if (kind < 0 && errno == ERANGE) { /* of liblber, for nothing else */
		stream_words(d->trouble, sizeof(d->trouble),
			     span_str("the entry is larger than the 32 MiB "
				      "that are read of one"));
		return ST_LIMIT;
	}
	if (kind == 0) {
		keep_words(d, LDAP_TIMEOUT, NULL);
		return ST_TIMEOUT;
	}
	ldap_get_option(d->ld, LDAP_OPT_RESULT_CODE, &code);
	(void)directory_link_failed(d, code);
	return ST_CLOSED;
}

int
directory_link_code(struct directory_link *d, LDAPMessage *all,
		    LDAPControl ***controls)
{
	char *more = NULL;
	int code = LDAP_OTHER;
	int rc = ldap_parse_result(d->ld, all, &code, NULL, &more, NULL,
				   controls, 0);

	if (rc != LDAP_SUCCESS)
		code = rc;
	if (code != LDAP_SUCCESS)
		keep_words(d, code, more);
	ldap_memfree(more);
	return code;
}
