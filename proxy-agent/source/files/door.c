#include "proxy-agent/source/files/door.h"

#include "base/str.h"
#include "proxy-agent/session/net.h"

/* ---- which way in ----------------------------------------------------------
 */

enum way { WAY_AUTO, WAY_SFTP, WAY_EXEC };

/* What a target asks for. */
struct wish {
	enum way way;
	bool shell; /* ssh://: the host, not what its server shares */
	bool sudo;
};

static enum status
take_wish(const struct source_target *t, const struct url *u, struct wish *out)
{
	static const char *const ways[] = {"auto", "sftp", "exec"};
	struct span word = source_option(t, "sudo"), by;

	*out = (struct wish){.shell = str_is(u->scheme, "ssh")};
	if (!out->shell)
		return ST_OK;
	if (word.ptr != NULL && str_to_bool(word, &out->sudo) != ST_OK)
		out->sudo = false;
	by = source_option(t, "by");
	if (by.ptr == NULL)
		return ST_OK;
	for (int i = WAY_AUTO; i <= WAY_EXEC; i++)
		if (str_is(by, ways[i])) {
			out->way = (enum way)i;
			return ST_OK;
		}
	net_say(t->why, "the option by is auto, sftp or exec");
	return ST_UNSUPPORTED;
}

/*
 * sftp:// is what the server offers as its share. ssh:// is the host itself:
 * the same program, started read-only by the user's shell, or as root.
 */
static enum status
open_sftp(struct door *d, struct ssh *ssh, const struct wish *w)
{
	enum status st = ST_UNSUPPORTED;

	if (w->shell && w->sudo)
		return sftp_open(ssh, SFTP_SUDO, &d->sftp);
	if (w->shell)
		st = sftp_open(ssh, SFTP_PROGRAM, &d->sftp);
	return st == ST_OK ? st : sftp_open(ssh, SFTP_SUBSYSTEM, &d->sftp);
}

static void
say_why(const struct source_target *t, const struct url *u,
	const struct wish *w)
{
	const int n = (int)u->host.len;
	const char *host = (const char *)u->host.ptr;

	if (w->sudo)
		net_say(t->why,
			"%.*s lets this user in but not become root: sudo must "
			"allow sftp-server, or find and cat, without a "
			"password",
			n, host);
	else if (w->way == WAY_EXEC)
		net_say(t->why,
			"%.*s lets this user in but runs no sh with find and "
			"cat",
			n, host);
	else
		net_say(t->why,
			"%.*s lets this user in but offers no SFTP: enable "
			"Subsystem sftp in its sshd_config%s",
			n, host,
			w->shell ? ", or let the user run sh, find and cat"
				 : ", or use ssh://");
}

enum status
door_open(struct door *d, struct ssh *ssh, const struct source_target *t,
	  const struct url *u)
{
	struct wish w;
	enum status st = take_wish(t, u, &w);

	if (st != ST_OK)
		return st;
	st = ST_UNSUPPORTED;
	if (w.way != WAY_EXEC)
		st = open_sftp(d, ssh, &w);
	if (st != ST_OK && w.shell && w.way != WAY_SFTP)
		st = shell_open(ssh, w.sudo, &d->shell);
	if (st != ST_OK)
		say_why(t, u, &w);
	return st;
}

void
door_close(struct door *d)
{
	sftp_close(d->sftp);
	shell_close(d->shell);
	*d = (struct door){0};
}

/* ---- through it ------------------------------------------------------------
 */

enum status
door_stat(const struct door *d, struct span path, bool follow,
	  struct sftp_attr *out)
{
	return d->sftp != NULL ? sftp_stat(d->sftp, path, follow, out)
			       : shell_stat(d->shell, path, out);
}

enum status
door_real(const struct door *d, struct span path, struct buf *to)
{
	return d->sftp != NULL ? sftp_real(d->sftp, path, to)
			       : shell_real(d->shell, path, to);
}

/* Commands do not tell; the list of mounts does. */
enum status
door_pseudo(const struct door *d, struct span path, bool *out)
{
	*out = false;
	return d->sftp != NULL ? sftp_pseudo(d->sftp, path, out) : ST_OK;
}

enum status
door_list(const struct door *d, struct span path, sftp_entry_fn *each,
	  void *arg)
{
	return d->sftp != NULL ? sftp_list(d->sftp, path, each, arg)
			       : shell_list(d->shell, path, each, arg);
}

enum status
door_begin(const struct door *d, struct span path, uint64_t size,
	   struct door_file *out)
{
	return d->sftp != NULL ? sftp_begin(d->sftp, path, size, &out->sftp)
			       : shell_begin(d->shell, path, &out->shell);
}

enum status
door_read(const struct door_file *f, void *dst, size_t n, size_t *got)
{
	return f->sftp != NULL ? sftp_read(f->sftp, dst, n, got)
			       : shell_read(f->shell, dst, n, got);
}

void
door_end(struct door_file *f)
{
	sftp_end(f->sftp);
	shell_end(f->shell);
	*f = (struct door_file){0};
}
