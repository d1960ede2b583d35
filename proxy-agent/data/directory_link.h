#ifndef PROXY_AGENT_DATA_DIRECTORY_LINK_H
#define PROXY_AGENT_DATA_DIRECTORY_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/source/account.h"

/*
 * directory_link: a session with a directory server (LDAP 3, RFC 4511) by
 * libldap: it binds, lists and reads, and knows no other request.
 *
 * Owner:   directory_link_close() takes NULL.
 * Threads: one at a time.
 * Errors:  ST_DENIED sign-in or rights, ST_NOTFOUND no such entry, ST_TIMEOUT,
 *          ST_CLOSED the connection is of no more use, ST_USAGE the filter is
 *          none, ST_LIMIT more than there is room for, ST_IO what else the
 *          server says; directory_link_trouble() has words.
 */
struct directory_link;

/* Bytes of one answer: libldap holds all of it at once. */
#define DIRECTORY_ANSWER ((size_t)32 << 20)

enum directory_scope { DIRECTORY_ENTRY, DIRECTORY_LEVEL, DIRECTORY_ALL };

struct directory_to {
	const struct account *account;
	bool tls;   /* from the first byte on */
	bool start; /* StartTLS (RFC 4513, 3), on this host, too */
	bool clear; /* no TLS: for who says no password, or on this host */
};

NODISCARD enum status directory_link_open(const struct directory_to *to,
					  struct directory_link **out,
					  struct buf *why);
void directory_link_close(struct directory_link *d);

/*
 * Names of entries, page by page (RFC 2696), and of what they refer to on
 * other servers. *limit: why the server gave no more of them than it did, a
 * cover_reason; or COVER_OK.
 */
struct directory_search {
	const char *base, *filter; /* filter NULL: all */
	enum directory_scope scope;
	enum status (*name)(void *arg, struct span dn);
	enum status (*referral)(void *arg, struct span url);
	void *arg;
	uint8_t limit; /* out */
};
NODISCARD enum status directory_link_list(struct directory_link *d,
					  struct directory_search *s);

/* Ask for one entry: attributes end with NULL. */
NODISCARD enum status directory_link_ask(struct directory_link *d,
					 const char *dn, char **attributes,
					 int *id);

/* What was asked, in the form of model/fields.h behind what is in `to`.
 * ST_LIMIT: an answer, which may be that to another question, is larger than
 * DIRECTORY_ANSWER; the connection is of no more use. */
NODISCARD enum status directory_link_take(struct directory_link *d, int id,
					  struct buf *to);

/* Where its entries begin (RFC 4512, 5.1), each with a NUL. */
NODISCARD enum status directory_link_roots(struct directory_link *d,
					   struct buf *to);

const char *directory_link_trouble(const struct directory_link *d);

#endif
