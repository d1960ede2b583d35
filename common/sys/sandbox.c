#include "sys/sandbox.h"

#include <errno.h>
#include <sys/prctl.h>

#include "base/must.h"
#include "sys/ownopen.h"
#include "sys/sandbox_calls.h"
#include "sys/sandbox_paths.h"

/* Which role has which groups of calls. */
static const struct profile {
	const char *name;
	unsigned groups;
} profiles[SANDBOX__COUNT] = {
    [SANDBOX_WORKER] = {"worker", G_BASE | G_OWNOPEN | G_FILL},
    /* its filter stays upon its workers: it must not kill what theirs answer */
    [SANDBOX_ZYGOTE] = {"zygote", G_BASE | G_FORK | G_NOOPEN | G_FILL},
    [SANDBOX_READER] = {"reader", G_BASE | G_WALK},
    [SANDBOX_DIRECTOR] = {"director",
			  G_BASE | G_FORK | G_OPEN | G_CHANGE | G_EVENTS},
    [SANDBOX_GATE] = {"gate", G_BASE | G_EVENTS | G_SERVE | G_NOOPEN},
    [SANDBOX_CORE] = {"core", G_BASE | G_OPEN | G_CHANGE | G_EVENTS | G_SERVE |
				  G_THREADS},
    [SANDBOX_CA] = {"ca", G_BASE | G_EVENTS | G_NOOPEN},
    [SANDBOX_API] = {"api", G_BASE | G_OPEN | G_CHANGE | G_EVENTS | G_SERVE |
				G_THREADS},
    [SANDBOX_LINK] = {"link", G_BASE | G_OPEN | G_CHANGE | G_EVENTS |
				  G_CONNECT | G_THREADS | G_CODE},
    /* a library of a protocol may bring plug-ins, threads and caches */
    [SANDBOX_SOURCE] = {"source", G_BASE | G_WALK | G_NOWRITE | G_EVENTS |
				      G_CONNECT | G_THREADS | G_CODE | G_VAULT},
    [SANDBOX_CREW] = {"crew", G_BASE | G_FORK | G_WALK | G_NOWRITE | G_EVENTS |
				  G_CONNECT | G_THREADS | G_CODE | G_VAULT},
};

const char *
sandbox_name(enum sandbox_role role)
{
	return profiles[role].name;
}

enum status
sandbox_enter(enum sandbox_role role, const struct sandbox_paths *paths,
	      struct sandbox_state *out)
{
	struct sandbox_state state = {0};
	unsigned have;
	enum status st;

	must((unsigned)role < SANDBOX__COUNT && profiles[role].name != NULL);
	have = profiles[role].groups;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return status_of_errno(errno);
	st = (have & G_OWNOPEN) ? ownopen_install() : ST_OK;
	if (st == ST_OK)
		st = sandbox_paths_enter(
		    paths, (have & G_WALK) && !(have & (G_OPEN | G_CHANGE)),
		    &state.landlock);
	if (st == ST_OK)
		st = sandbox_calls_enter(have);
	if (st != ST_OK)
		return st;
	state.seccomp = true;
	if (out != NULL)
		*out = state;
	return ST_OK;
}
