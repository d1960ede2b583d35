#include "agent/trawl/remote.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "source/credential.h"
#include "source/kind.h"
#include "source/url.h"
#include "sys/file.h"
#include "sys/proc.h"

#define FILE_MAX (256 * 1024) /* bytes of a file of credentials, of a key */

static bool
refuse(const char *name, const char *why)
{
	fprintf(stderr, "trawl: %s: %s\n", name, why);
	return false;
}

bool
remote_option(struct remote *r, const char *word)
{
	size_t len = r->how.options.bytes.len;
	const char *equals = strchr(word, '=');
	struct span name =
	    span_of(word, equals == NULL ? 0 : (size_t)(equals - word));

	if (equals == NULL || pairs_add(r->options, sizeof(r->options), &len,
					name, span_str(equals + 1)) != ST_OK)
		return refuse(word, "an option is NAME=VALUE, of reasonable "
				    "length");
	r->how.options.bytes = span_of(r->options, len);
	return true;
}

/* ---- files with secrets ----------------------------------------------------
 */

/* What is wrong with it, or NULL. */
static const char *
trouble_with(const struct stat *sb)
{
	if (!S_ISREG(sb->st_mode))
		return "it is not a file";
	if (sb->st_mode & (S_IRWXG | S_IRWXO))
		return "others may read it, which a secret must not allow: "
		       "chmod 600 it";
	if (sb->st_uid != geteuid() && sb->st_uid != 0)
		return "it belongs to somebody else";
	if (sb->st_size == 0)
		return "it is empty";
	if (sb->st_size > FILE_MAX)
		return "it is too large for a secret";
	return NULL;
}

/* All of it behind what the vault holds; NULL, or why not. */
static const char *
read_secret(int fd, struct vault *to, size_t room)
{
	size_t got = 0;

	if (file_read_all(fd, to->base + to->len, room, &got) != ST_OK)
		return "it cannot be read";
	to->len += got;
	return NULL;
}

static const char *
open_secret(const char *name, int *fd, size_t *size)
{
	const char *why;
	struct stat sb;

	*fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (*fd < 0 || fstat(*fd, &sb) != 0)
		/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
		return strerror(errno);
	why = trouble_with(&sb);
	*size = (size_t)sb.st_size;
	return why;
}

bool
remote_credential(struct remote *r, const char *name)
{
	size_t size = 0;
	int fd = -1;
	const char *why = open_secret(name, &fd, &size);

	if (why == NULL && vault_open(size, &r->file) != ST_OK)
		why = "no memory can be locked for it (ulimit -l)";
	else if (why == NULL)
		why = read_secret(fd, &r->file, size);
	if (fd >= 0)
		close(fd);
	r->name = name;
	return why == NULL || refuse(name, why);
}

/* ---- the credential of one target ------------------------------------------
 */

/* "key_file": what is in that file, as "key". */
static enum status
add_file(struct vault *to, struct span name, struct span path)
{
	struct vault value = {.fd = -1};
	char file[PATH_MAX];
	const char *why;
	size_t size = 0;
	int fd = -1;
	enum status st = str_copy(file, sizeof(file), path);

	if (st != ST_OK)
		return st;
	why = open_secret(file, &fd, &size);
	if (why == NULL && vault_open(size, &value) != ST_OK)
		why = "no memory can be locked for it (ulimit -l)";
	else if (why == NULL)
		why = read_secret(fd, &value, size);
	if (fd >= 0)
		close(fd);
	if (why == NULL)
		st = pairs_add(to->base, to->room, &to->len, name,
			       vault_span(&value));
	else if (refuse(file, why))
		st = ST_OK;
	else
		st = ST_DENIED;
	vault_close(&value);
	return st;
}

/* Names of files become what is in them: the reader may open none. */
static enum status
complete(struct vault *v)
{
	struct pairs all = {vault_span(v)};
	struct span name, value;
	const char *agent = getenv("SSH_AUTH_SOCK");
	enum status st = ST_OK;

	while (st == ST_OK && pairs_next(&all, &name, &value))
		if (str_ends(name, "_file") && name.len > 5)
			st =
			    add_file(v, span_of(name.ptr, name.len - 5), value);
	all.bytes = vault_span(v);
	if (st == ST_OK && str_is(pairs_find(all, "agent"), "true") &&
	    agent != NULL)
		st = pairs_add(v->base, v->room, &v->len,
			       span_str("agent_socket"), span_str(agent));
	return st;
}

/*
 * The one place where a credential comes from. A sealed one would be opened
 * here, for this target and for now.
 */
static enum status
give_access(void *arg, struct span target, struct vault *out)
{
	struct remote *r = arg;
	struct vault v = {.fd = -1};
	const char *why = "";
	enum status st;

	if (r->file.base == NULL)
		return ST_OK;
	st = vault_open(PAIRS_MAX, &v);
	if (st == ST_OK)
		st = credential_pick(vault_span(&r->file), target, v.base,
				     v.room, &v.len, &why);
	if (st == ST_MALFORMED)
		refuse(r->name, why);
	else if (st == ST_OK)
		st = complete(&v);
	if (st != ST_OK)
		vault_close(&v);
	else
		*out = v;
	return st == ST_NOTFOUND ? ST_OK : st;
}

/* All of them stand in one folder; that of this kind must be there. */
static bool
find_programs(struct remote *r, const struct kind *k)
{
	char *slash;

	if (proc_sibling(kind_reader(k), r->programs, sizeof(r->programs)) !=
	    ST_OK)
		return false;
	slash = strrchr(r->programs, '/');
	*slash = 0;
	r->how.programs = r->programs;
	return true;
}

bool
remote_check(struct remote *r, struct span target)
{
	const struct kind *k = kind_find(source_scheme(target));
	struct vault v = {.fd = -1};
	struct url u;
	enum status st;

	if (k == NULL)
		return false;
	st = url_parse(target, &u);
	if (st == ST_DENIED)
		return refuse(k->form, "a password in a target is seen by "
				       "everybody on this host: put it into a "
				       "file for --credential");
	if (st != ST_OK)
		return refuse(k->form, "this is the form of such a target");
	if (!find_programs(r, k))
		return refuse(kind_reader(k), "the program that reads such "
					      "targets is not installed");
	r->how.access = give_access;
	r->how.arg = r;
	st = give_access(r, target, &v);
	vault_close(&v);
	return st == ST_OK;
}

void
remote_close(struct remote *r)
{
	vault_close(&r->file);
}
