#include "proxy-agent/nfs/target.h"

#include <stddef.h>

#include "base/str.h"
#include "proxy-agent/session/net.h"

#define NOBODY 65534

static struct span
choice(const struct source_target *t, const struct url *u, const char *name)
{
	struct span s = source_option(t, name);

	return s.ptr != NULL ? s : url_query(u, name);
}

static bool
take_number(struct span s, uint64_t low, uint64_t high, uint64_t *out)
{
	return s.ptr == NULL || str_to_u64(s, low, high, out) == ST_OK;
}

static bool
take_bool(struct span s, bool *out)
{
	return s.ptr == NULL || str_to_bool(s, out) == ST_OK;
}

static bool
take_version(struct span s, uint32_t *out)
{
	uint64_t n = 0;

	if (str_is(s, "auto"))
		return true;
	if (!take_number(s, 3, 4, &n))
		return false;
	*out = (uint32_t)n;
	return true;
}

/* The name of the first option that is not understood; NULL: none. */
static const char *
take_options(const struct source_target *t, struct target *out)
{
	const struct url *u = &out->url;
	uint64_t port = u->port, mount = 0, uid = NOBODY, gid = NOBODY;
	const char *bad = NULL;

	if (!take_version(choice(t, u, "version"), &out->version))
		bad = "version";
	else if (!take_number(choice(t, u, "nfs_port"), 1, UINT16_MAX, &port))
		bad = "nfs_port";
	else if (!take_number(choice(t, u, "mount_port"), 1, UINT16_MAX,
			      &mount))
		bad = "mount_port";
	else if (!take_number(choice(t, u, "uid"), 0, UINT32_MAX, &uid))
		bad = "uid";
	else if (!take_number(choice(t, u, "gid"), 0, UINT32_MAX, &gid))
		bad = "gid";
	else if (!take_bool(choice(t, u, "owner"), &out->owner))
		bad = "owner";
	else if (!take_bool(choice(t, u, "mounts"), &out->mounts))
		bad = "mounts";
	out->port = (uint16_t)port;
	out->mount_port = (uint16_t)mount;
	out->who = (struct who){(uint32_t)uid, (uint32_t)gid};
	return bad;
}

enum status
target_of(const struct source_target *t, struct target *out)
{
	struct target made = {.owner = true};
	const char *bad;
	enum status st = url_parse(t->path, &made.url);

	if (st != ST_OK || made.url.host.len == 0) {
		net_say(t->why, "the target is not of the form "
				"nfs://HOST[:PORT]/EXPORT/PATH");
		return ST_MALFORMED;
	}
	/* what names no folder means all there is */
	made.mounts = made.url.path.len <= 1;
	bad = take_options(t, &made);
	if (bad != NULL) {
		net_say(t->why, "the value of the option %s is not understood",
			bad);
		return ST_UNSUPPORTED;
	}
	*out = made;
	return ST_OK;
}
