#include "sys/priv.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/must.h"
#include "base/span.h"
#include "base/str.h"

static const struct {
	unsigned bit;
	cap_value_t cap;
} caps[] = {
    {PRIV_READ_ALL, CAP_DAC_READ_SEARCH},
    {PRIV_NO_TRACE, CAP_FOWNER},
    {PRIV_BIND_LOW, CAP_NET_BIND_SERVICE},
    {PRIV_BECOME, CAP_SETUID},
    {PRIV_BECOME, CAP_SETGID},
    {PRIV_BECOME, CAP_KILL},
};

#define CAPS (sizeof(caps) / sizeof(caps[0]))

enum status
priv_find(const char *name, struct priv_user *out)
{
	struct passwd pw, *found = NULL;
	struct priv_user user = {0};
	size_t room = 16384;
	char *text = malloc(room);
	enum status st = ST_NOTFOUND;

	if (text == NULL)
		return ST_NOMEM;
	if (getpwnam_r(name, &pw, text, room, &found) == 0 && found != NULL) {
		user.uid = pw.pw_uid;
		user.gid = pw.pw_gid;
		st = str_copy(user.name, sizeof(user.name),
			      span_str(pw.pw_name));
	}
	free(text);
	if (st == ST_OK)
		*out = user;
	return st;
}

bool
priv_is_root(void)
{
	return geteuid() == 0;
}

static bool
holds(cap_t set, cap_value_t cap)
{
	cap_flag_value_t on = CAP_CLEAR;

	return cap_get_flag(set, cap, CAP_PERMITTED, &on) == 0 && on == CAP_SET;
}

unsigned
priv_held(void)
{
	cap_t now = cap_get_proc();
	unsigned held = 0;

	if (now == NULL)
		return 0;
	for (size_t i = 0; i < CAPS; i++)
		if (holds(now, caps[i].cap))
			held |= caps[i].bit;
	cap_free(now);
	return held;
}

static enum status
become(const struct priv_user *user)
{
	if (setgroups(0, NULL) != 0 ||
	    setresgid(user->gid, user->gid, user->gid) != 0 ||
	    setresuid(user->uid, user->uid, user->uid) != 0)
		return status_of_errno(errno);
	return ST_OK;
}

/* What a program that we exec could ever get; only with CAP_SETPCAP. */
static void
cut_bounding_set(unsigned keep)
{
	for (cap_value_t c = 0; c <= CAP_LAST_CAP; c++) {
		bool wanted = false;

		for (size_t i = 0; i < CAPS; i++)
			if (caps[i].cap == c && (keep & caps[i].bit) != 0)
				wanted = true;
		if (!wanted)
			(void)prctl(PR_CAPBSET_DROP, c, 0, 0, 0);
	}
}

/* Of those to keep, the ones that we have. */
static enum status
set_caps(unsigned keep)
{
	cap_t now = cap_get_proc(), want = cap_init();
	enum status st = ST_NOMEM;

	if (now == NULL || want == NULL)
		goto out;
	for (size_t i = 0; i < CAPS; i++) {
		cap_value_t c = caps[i].cap;

		if ((keep & caps[i].bit) == 0 || !holds(now, c))
			continue;
		if (cap_set_flag(want, CAP_PERMITTED, 1, &c, CAP_SET) != 0 ||
		    cap_set_flag(want, CAP_EFFECTIVE, 1, &c, CAP_SET) != 0)
			goto out;
		if ((keep & PRIV_PASS_ON) != 0 &&
		    cap_set_flag(want, CAP_INHERITABLE, 1, &c, CAP_SET) != 0)
			goto out;
	}
	st = cap_set_proc(want) == 0 ? ST_OK : status_of_errno(errno);
out:
	if (now != NULL)
		cap_free(now);
	if (want != NULL)
		cap_free(want);
	return st;
}

static enum status
pass_on(unsigned keep)
{
	unsigned held = priv_held();

	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0)
		return status_of_errno(errno);
	if ((keep & PRIV_PASS_ON) == 0)
		return ST_OK;
	for (size_t i = 0; i < CAPS; i++)
		if ((keep & held & caps[i].bit) != 0 &&
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE,
			  (unsigned long)caps[i].cap, 0, 0) != 0)
			return status_of_errno(errno);
	return ST_OK;
}

enum status
priv_drop(const struct priv_user *user, unsigned keep)
{
	enum status st;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return status_of_errno(errno);
	cut_bounding_set(keep);
	if (user != NULL && (geteuid() == 0 || user->uid != geteuid())) {
		if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0)
			return status_of_errno(errno);
		st = become(user);
		if (st != ST_OK)
			return st;
	}
	st = set_caps(keep);
	if (st != ST_OK)
		return st;
	st = pass_on(keep);
	if (st != ST_OK)
		return st;
	/* A change of user makes a process dumpable again by default. */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return status_of_errno(errno);
	return priv_verify(user, keep);
}

static bool
has_other_caps(unsigned keep)
{
	cap_t now = cap_get_proc();
	bool other = now == NULL;

	for (cap_value_t c = 0; !other && c <= CAP_LAST_CAP; c++) {
		bool wanted = false;

		for (size_t i = 0; i < CAPS; i++)
			if (caps[i].cap == c && (keep & caps[i].bit) != 0)
				wanted = true;
		other = !wanted && holds(now, c);
	}
	if (now != NULL)
		cap_free(now);
	return other;
}

enum status
priv_verify(const struct priv_user *user, unsigned keep)
{
	if (has_other_caps(keep))
		return ST_DENIED;
	if (user == NULL || user->uid == 0)
		return ST_OK;
	if (getuid() != user->uid || geteuid() != user->uid ||
	    getgid() != user->gid || getegid() != user->gid)
		return ST_DENIED;
	/* The way back must be shut. */
	if (setresuid(0, 0, 0) == 0 || setresgid(0, 0, 0) == 0)
		return ST_DENIED;
	return ST_OK;
}
