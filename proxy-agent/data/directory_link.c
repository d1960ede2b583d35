#include "proxy-agent/data/directory_link.h"

#include <errno.h>
#include <ldap.h>
#include <openldap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/str.h"
#include "model/fields.h"
#include "proxy-agent/session/net.h"
#include "proxy-agent/session/stream.h"

#define PORT_PLAIN 389
#define PORT_TLS   636
#define PAGE       500 /* names asked for at once */
#define SYSTEM_CA  "/etc/ssl/certs/ca-certificates.crt"

struct directory_link {
	LDAP *ld;
	struct timeval patience;
	char trouble[240];
};

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

static enum status
status_of(int code)
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

/* A call failed on our side of the connection, or the server refused. */
static enum status
failed(struct directory_link *d, int code)
{
	char *more = NULL;

	ldap_get_option(d->ld, LDAP_OPT_DIAGNOSTIC_MESSAGE, &more);
	keep_words(d, code, more);
	ldap_memfree(more);
	return status_of(code);
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
	return code == LDAP_SUCCESS ? ST_OK : failed(d, code);
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
		st = code == LDAP_SUCCESS ? ST_OK : failed(d, code);
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

/* All of an answer; the caller frees it. */
static enum status
wait_for(struct directory_link *d, int id, LDAPMessage **all)
{
	struct timeval patience = d->patience;
	int code = 0, kind;

	errno = 0;
	kind = ldap_result(d->ld, id, LDAP_MSG_ALL, &patience, all);
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
	(void)failed(d, code);
	return ST_CLOSED;
}

/* What the server says at the end of an answer. */
static int
code_of(struct directory_link *d, LDAPMessage *all, LDAPControl ***controls)
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

/* ---- names ---- */

static enum status
give_names(struct directory_link *d, const struct directory_search *s,
	   LDAPMessage *all)
{
	enum status st = ST_OK;
	bool full = false;

	for (LDAPMessage *m = ldap_first_entry(d->ld, all);
	     m != NULL && st == ST_OK; m = ldap_next_entry(d->ld, m)) {
		char *dn = ldap_get_dn(d->ld, m);

		st = dn == NULL ? ST_NOMEM : s->name(s->arg, span_str(dn));
		full |= st == ST_LIMIT;
		st = st == ST_LIMIT ? ST_OK : st;
		ldap_memfree(dn);
	}
	return st == ST_OK && full ? ST_LIMIT : st;
}

static enum status
give_referrals(struct directory_link *d, const struct directory_search *s,
	       LDAPMessage *all)
{
	enum status st = ST_OK;

	for (LDAPMessage *m = ldap_first_reference(d->ld, all);
	     m != NULL && st == ST_OK; m = ldap_next_reference(d->ld, m)) {
		char **urls = NULL;

		if (ldap_parse_reference(d->ld, m, &urls, NULL, 0) !=
			LDAP_SUCCESS ||
		    urls == NULL)
			continue;
		if (urls[0] != NULL)
			st = s->referral(s->arg, span_str(urls[0]));
		ber_memvfree((void **)urls);
	}
	return st;
}

/* What ended a search before its end, without taking back what it gave. */
static uint8_t
limit_of(int code)
{
	return code == LDAP_SIZELIMIT_EXCEEDED ||
		       code == LDAP_ADMINLIMIT_EXCEEDED
		   ? COVER_MEMBERS
	       : code == LDAP_TIMELIMIT_EXCEEDED ? COVER_TIME
						 : COVER_OK;
}

static enum status
take_page(struct directory_link *d, struct directory_search *s,
	  LDAPMessage *all, struct berval *cookie)
{
	LDAPControl **controls = NULL, *paged;
	ber_int_t total;
	enum status st, given;
	int code = code_of(d, all, &controls);

	s->limit = limit_of(code);
	ber_memfree(cookie->bv_val);
	*cookie = (struct berval){0};
	paged = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, NULL);
	if (code == LDAP_SUCCESS && paged != NULL)
		(void)ldap_parse_pageresponse_control(d->ld, paged, &total,
						      cookie);
	ldap_controls_free(controls);
	st = code == LDAP_SUCCESS || s->limit != COVER_OK ? ST_OK
							  : status_of(code);
	given = give_names(d, s, all);
	if (given == ST_OK)
		given = give_referrals(d, s, all);
	return st == ST_OK ? given : st;
}

static enum status
ask_page(struct directory_link *d, const struct directory_search *s,
	 struct berval *cookie, int *id)
{
	static const int scopes[] = {LDAP_SCOPE_BASE, LDAP_SCOPE_ONELEVEL,
				     LDAP_SCOPE_SUBTREE};
	char none[] = LDAP_NO_ATTRS;
	char *attributes[] = {none, NULL};
	LDAPControl *page = NULL;
	LDAPControl *controls[] = {NULL, NULL};
	int code = ldap_create_page_control(d->ld, PAGE, cookie, 0, &page);

	controls[0] = page;
	if (code == LDAP_SUCCESS)
		code = ldap_search_ext(
		    d->ld, s->base, scopes[s->scope],
		    s->filter != NULL ? s->filter : "(objectClass=*)",
		    attributes, 0, controls, NULL, NULL, LDAP_NO_LIMIT, id);
	ldap_control_free(page);
	return code == LDAP_SUCCESS ? ST_OK : failed(d, code);
}

enum status
directory_link_list(struct directory_link *d, struct directory_search *s)
{
	struct berval cookie = {0};
	LDAPMessage *all = NULL;
	enum status st;
	int id = 0;

	do {
		st = ask_page(d, s, &cookie, &id);
		if (st == ST_OK)
			st = wait_for(d, id, &all);
		if (st != ST_OK)
			break;
		st = take_page(d, s, all, &cookie);
		ldap_msgfree(all);
	} while (st == ST_OK && s->limit == COVER_OK && cookie.bv_len > 0);
	ber_memfree(cookie.bv_val);
	return st;
}

/* ---- entries ---- */

enum status
directory_link_ask(struct directory_link *d, const char *dn, char **attributes,
		   int *id)
{
	int code =
	    ldap_search_ext(d->ld, dn, LDAP_SCOPE_BASE, "(objectClass=*)",
			    attributes, 0, NULL, NULL, NULL, LDAP_NO_LIMIT, id);

	return code == LDAP_SUCCESS ? ST_OK : failed(d, code);
}

static enum status
put_values(struct buf *to, struct berval name, const struct berval *values)
{
	enum status st = ST_OK;

	for (; values != NULL && values->bv_val != NULL && st == ST_OK;
	     values++) {
		/* what is large gets its room at once, and not twice as much */
		st = buf_reserve(to, values->bv_len);
		if (st == ST_OK)
			st =
			    fields_put(to, span_of(name.bv_val, name.bv_len), 0,
				       span_of(values->bv_val, values->bv_len));
	}
	return st;
}

/* Names and values as they lie in the answer: no copy of them is made. */
static enum status
put_entry(struct directory_link *d, LDAPMessage *entry, struct buf *to)
{
	BerElement *at = NULL;
	struct berval name = {0}, *values = NULL;
	enum status st = ST_OK;
	int code = ldap_get_dn_ber(d->ld, entry, &at, &name);

	while (code == LDAP_SUCCESS && st == ST_OK) {
		code = ldap_get_attribute_ber(d->ld, entry, at, &name, &values);
		if (code != LDAP_SUCCESS || name.bv_val == NULL)
			break;
		st = put_values(to, name, values);
		ber_memfree(values);
		values = NULL;
	}
	ber_free(at, 0);
	if (st == ST_OK && code != LDAP_SUCCESS)
		return failed(d, code);
	return st;
}

enum status
directory_link_take(struct directory_link *d, int id, struct buf *to)
{
	LDAPMessage *all = NULL, *entry;
	enum status st = wait_for(d, id, &all);

	if (st != ST_OK)
		return st;
	st = status_of(code_of(d, all, NULL));
	entry = ldap_first_entry(d->ld, all);
	if (st == ST_OK && entry == NULL)
		st = ST_NOTFOUND; /* there, and not for us to see */
	if (st == ST_OK)
		st = fields_begin(to);
	if (st == ST_OK)
		st = put_entry(d, entry, to);
	if (st == ST_OK)
		st = fields_end(to, 1, 1);
	ldap_msgfree(all);
	return st;
}

/* ---- roots ---- */

enum status
directory_link_roots(struct directory_link *d, struct buf *to)
{
	char name[] = "namingContexts";
	char *wanted[] = {name, NULL};
	LDAPMessage *all = NULL, *entry;
	struct berval **values = NULL;
	enum status st;
	int id;

	st = directory_link_ask(d, "", wanted, &id);
	if (st == ST_OK)
		st = wait_for(d, id, &all);
	if (st != ST_OK)
		return st;
	st = status_of(code_of(d, all, NULL));
	entry = ldap_first_entry(d->ld, all);
	if (st == ST_OK && entry != NULL)
		values = ldap_get_values_len(d->ld, entry, name);
	for (size_t i = 0; values != NULL && values[i] != NULL && st == ST_OK;
	     i++) {
		st = buf_add(to, values[i]->bv_val, values[i]->bv_len);
		if (st == ST_OK)
			st = buf_add_byte(to, 0);
	}
	ldap_value_free_len(values);
	ldap_msgfree(all);
	return st;
}
