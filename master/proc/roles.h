#ifndef MASTER_PROC_ROLES_H
#define MASTER_PROC_ROLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * roles: the processes of the master and who talks with whom. The parent
 * (proc/parent.h) starts one child a row; a child finds what it was handed with
 * proc/child.h.
 */
enum role {
	ROLE_PARENT = 0,
	ROLE_CA = 1,
	ROLE_GATE = 2,
	ROLE_CORE = 3,
	ROLE_API = 4,
	ROLE__COUNT
};

/* Listening sockets that a role inherits. */
enum door {
	DOOR_AGENTS = 0, /* 11117, may be several addresses */
	DOOR_WEB = 1,    /* 443 */
	DOOR_PLAIN = 2,  /* 80, redirects to 443 */
	DOOR_ADMIN = 3,  /* run/admin.sock */
	DOOR__COUNT
};

struct role_row {
	enum role role;
	const char *name; /* of `trawl-master --role NAME` */
	uint32_t peers;   /* ROLE_BIT() of those it has an edge with */
	uint32_t doors;   /* DOOR_BIT() of those that it is handed */
};

#define ROLE_BIT(r) (1U << (unsigned)(r))
#define DOOR_BIT(d) (1U << (unsigned)(d))

/* NULL for what is not in the table. */
const struct role_row *role_row(enum role r);
const struct role_row *role_named(const char *name);

#endif
