#ifndef PROXY_AGENT_SMB_LOGIN_H
#define PROXY_AGENT_SMB_LOGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "proxy-agent/source/account.h"
#include "source/source.h"

/*
 * login: which server, who we are there, and what may be spoken with it, out
 * of a target, its options and its credential.
 *
 * Owner: login_fini() ends any; user, domain and password lie in its vault.
 */
#define LOGIN_WORD_MAX  255 /* bytes of a user, domain, password */
#define LOGIN_STREAMS   8   /* names of streams */
#define LOGIN_NAME_ROOM 512 /* bytes of a user's name with its realm */

enum login_choice { LOGIN_NO, LOGIN_YES, LOGIN_ASKED };

struct login {
	struct account account;
	struct buf options;       /* of the target, a copy */
	struct span domain, user; /* of "DOMAIN;USER"; each may be empty */
	struct vault keytab;      /* as its file is; closed: there is none */
	struct span realm, kdc;   /* of Kerberos */
	struct span streams; /* names of streams to be read beside each file */
	uint16_t port;       /* 445 unless the target says another */
	uint32_t sessions;   /* that read files at once */
	enum login_choice encrypt; /* ASKED: as the server wants it */
	bool sign;                 /* every answer must be signed */
	bool kerberos;             /* instead of NTLMv2; a keytab says so */
	bool smb1;                 /* the old protocol is allowed */
	bool follow;               /* DFS links and junctions are entered */
	bool recall; /* files on slow storage are fetched back and read */
};

/* The n-th name of a list with commas between; empty: there is none. */
struct span login_stream(const struct login *l, size_t n);

/* Says why in t->why. */
NODISCARD enum status login_read(const struct source_target *t,
				 struct login *out);
void login_fini(struct login *l);

/* Who we are: "anna", and "anna@REALM" for Kerberos where we know one. */
NODISCARD enum status login_name(const struct login *l,
				 char to[LOGIN_NAME_ROOM]);

#endif
