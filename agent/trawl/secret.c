#include "agent/trawl/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "source/credential.h"
#include "source/pairs.h"
#include "sys/file.h"

#define FILE_MAX (256 * 1024) /* bytes of a file of credentials, of a key */

/* ---- reading ---- */

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

static const char *
read_secret(int fd, size_t size, struct vault *out)
{
	struct vault v;

	if (vault_open(size, &v) != ST_OK)
		return "no memory can be locked for it (ulimit -l)";
	if (file_read_all(fd, v.base, size, &v.len) != ST_OK) {
		vault_close(&v);
		return "it cannot be read";
	}
	*out = v;
	return NULL;
}

const char *
secret_load(const char *name, struct vault *out)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	const char *why;
	struct stat sb = {0};

	if (fd < 0 || fstat(fd, &sb) != 0)
		/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
		why = strerror(errno);
	else
		why = trouble_with(&sb);
	if (why == NULL && fd >= 0)
		why = read_secret(fd, (size_t)sb.st_size, out);
	if (fd >= 0)
		close(fd);
	return why;
}

/* ---- writing ---- */

/* What a link leads to is replaced, and not the link. */
static const char *
write_secret(const char *name, struct span bytes)
{
	char *real = realpath(name, NULL);
	enum status st = ST_IO;
	struct stat sb;

	if (real != NULL && stat(real, &sb) == 0)
		st = sb.st_uid == geteuid()
			 ? file_replace(real, bytes, sb.st_mode & 0700)
			 : ST_DENIED;
	free(real);
	return st == ST_OK ? NULL : status_text(st);
}

/* ST_NOTFOUND: it does not hold the old one. */
static enum status
renew(struct vault *v, const struct renewal *r)
{
	struct vault new;
	enum status st = vault_open(v->len + RENEWAL_ROOM, &new);

	if (st != ST_OK)
		return st;
	st = renewal_apply(r, vault_span(v), new.base, new.room, &new.len);
	if (st != ST_OK) {
		vault_close(&new);
		return st;
	}
	vault_close(v);
	*v = new;
	return ST_OK;
}

struct beside {
	struct span name; /* of the secret */
	char path[PATH_MAX];
};

static void
on_text(void *arg, const struct credential_text *t)
{
	struct beside *b = arg;

	if (str_ends(t->name, "_file") &&
	    span_eq(span_of(t->name.ptr, t->name.len - 5), b->name) &&
	    str_copy(b->path, sizeof(b->path), t->value) != ST_OK)
		b->path[0] = 0;
}

/* The secret stands alone in a file that the credentials name. */
static const char *
renew_beside(struct span json, const struct renewal *r)
{
	static const char gone[] = "the old one is no longer in it";
	struct vault room, file = {.fd = -1};
	struct beside b = {.name = r->name};
	const char *why = gone;

	if (vault_open(PAIRS_MAX, &room) != ST_OK)
		return status_text(ST_LIMIT);
	if (credential_texts(json, room.base, room.room, on_text, &b, &why) ==
		ST_OK &&
	    b.path[0] != 0)
		why = secret_load(b.path, &file);
	else
		why = gone;
	if (why == NULL)
		why = span_eq(vault_span(&file), r->was)
			  ? write_secret(b.path, r->is)
			  : gone;
	vault_close(&file);
	vault_close(&room);
	return why;
}

const char *
secret_renew(const char *name, struct vault *held, const struct renewal *r)
{
	struct vault file = {.fd = -1};
	const char *why = secret_load(name, &file);
	enum status st = why == NULL ? renew(&file, r) : ST_NOTFOUND;

	if (st == ST_OK)
		why = write_secret(name, vault_span(&file));
	else if (why == NULL)
		why = st == ST_NOTFOUND ? renew_beside(vault_span(&file), r)
					: status_text(st);
	vault_close(&file);
	st = renew(held, r); /* for who signs in next in this run */
	return st == ST_OK || st == ST_NOTFOUND || why != NULL
		   ? why
		   : status_text(st);
}
