#include "proxy-agent/keeper/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "source/covers.h"
#include "sys/file.h"

#define SUFFIX        ".json"
#define NAME_MAX_OURS (CREDENTIAL_NAME_MAX + sizeof(SUFFIX))

static enum status
say(struct buf *why, struct span name, const char *text, enum status st)
{
	buf_clear(why);
	if (buf_addf(why, "credential %.*s: %s", (int)name.len,
		     name.len > 0 ? (const char *)name.ptr : "", text) != ST_OK)
		buf_clear(why);
	return st;
}

bool
store_name_good(struct span name)
{
	if (name.len == 0 || name.len > CREDENTIAL_NAME_MAX ||
	    name.ptr[0] == '.')
		return false;
	for (size_t i = 0; i < name.len; i++) {
		uint8_t c = name.ptr[i], low = c | 0x20;

		if (c != '.' && c != '_' && c != '-' &&
		    !(c >= '0' && c <= '9') && !(low >= 'a' && low <= 'z'))
			return false;
	}
	return true;
}

/* ---- the folder ----------------------------------------------------------
 *
 * The folder above it may belong to the part that talks to the master, which
 * must be able to add nothing here: only what we own ourselves counts.
 */

static bool
is_ours(const struct stat *sb, mode_t forbidden)
{
	return sb->st_uid == geteuid() && (sb->st_mode & forbidden) == 0;
}

static enum status
open_dir(const char *dir, int *fd)
{
	struct stat sb;

	*fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (*fd < 0)
		return status_of_errno(errno);
	if (fstat(*fd, &sb) != 0 || !is_ours(&sb, S_IWGRP | S_IWOTH)) {
		close(*fd);
		*fd = -1;
		return ST_DENIED;
	}
	return ST_OK;
}

static int
by_text(const void *a, const void *b)
{
	const struct store_name *x = a, *y = b;

	return strcmp(x->text, y->text);
}

static bool
name_of_file(const char *file, struct store_name *to)
{
	struct span s = span_str(file);

	if (!str_ends(s, SUFFIX))
		return false;
	s.len -= strlen(SUFFIX);
	return store_name_good(s) &&
	       str_copy(to->text, sizeof(to->text), s) == ST_OK;
}

enum status
store_names(const char *dir, struct store_name *to, size_t max, size_t *count)
{
	DIR *d = opendir(dir);
	const struct dirent *e;

	*count = 0;
	if (d == NULL)
		return errno == ENOENT ? ST_OK : status_of_errno(errno);
	while (*count < max && (e = readdir(d)) != NULL)
		if (name_of_file(e->d_name, &to[*count]))
			++*count;
	closedir(d);
	qsort(to, *count, sizeof(*to), by_text);
	return ST_OK;
}

/* ---- one file ------------------------------------------------------------ */

static void
file_name(struct span name, char to[NAME_MAX_OURS])
{
	snprintf(to, NAME_MAX_OURS, "%.*s" SUFFIX, (int)name.len,
		 (const char *)name.ptr);
}

/* Into locked memory; what stands in it is nobody else's to write. */
static enum status
load_fd(int fd, struct vault *out)
{
	struct vault v = {.fd = -1};
	struct stat sb;
	size_t got = 0;
	enum status st;

	if (fstat(fd, &sb) != 0)
		return ST_IO;
	if (!S_ISREG(sb.st_mode) || !is_ours(&sb, S_IRWXG | S_IRWXO))
		return ST_DENIED;
	if (sb.st_size == 0 || sb.st_size > STORE_FILE_MAX)
		return ST_MALFORMED;
	st = vault_open((size_t)sb.st_size, &v);
	if (st == ST_OK)
		st = file_read_all(fd, v.base, (size_t)sb.st_size, &got);
	v.len = got;
	if (st == ST_OK)
		*out = v;
	else
		vault_close(&v);
	return st;
}

static enum status
load(const char *dir, struct span name, struct vault *out, struct buf *why)
{
	char file[NAME_MAX_OURS];
	int at = -1, fd = -1;
	enum status st;

	if (!store_name_good(name))
		return say(why, name, "this is no name of one", ST_NOTFOUND);
	st = open_dir(dir, &at);
	if (st == ST_OK) {
		file_name(name, file);
		fd = openat(at, file,
			    O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK |
				O_NOFOLLOW);
		st = fd < 0 ? status_of_errno(errno) : load_fd(fd, out);
	}
	if (at >= 0)
		close(at);
	if (fd >= 0)
		close(fd);
	if (st == ST_NOTFOUND)
		return say(why, name, "this proxy has none of that name", st);
	if (st == ST_DENIED)
		return say(why, name,
			   "others could have read or written its file", st);
	return st == ST_OK ? ST_OK : say(why, name, status_text(st), st);
}

/* ---- all of one ---------------------------------------------------------- */

static enum status
each_of(struct span name, struct span json, credential_fn *each, void *arg,
	struct buf *why)
{
	struct vault room = {.fd = -1};
	const char *what = "";
	enum status st = vault_open(PAIRS_MAX, &room);

	if (st == ST_LIMIT)
		return say(why, name, "no memory can be locked for it", st);
	if (st == ST_OK)
		st = credential_each(json, room.base, room.room, each, arg,
				     &what);
	vault_close(&room);
	return st != ST_OK && what[0] != 0 ? say(why, name, what, st) : st;
}

enum status
store_each(const char *dir, struct span name, credential_fn *each, void *arg,
	   struct buf *why)
{
	struct vault file = {.fd = -1};
	enum status st = load(dir, name, &file, why);

	if (st == ST_OK)
		st = each_of(name, vault_span(&file), each, arg, why);
	vault_close(&file);
	return st;
}

/* ---- for one target ------------------------------------------------------ */

struct choice {
	const struct store_wanted *w;
	struct vault *out;
	size_t best; /* bytes of the scope that fits best */
};

static enum status
keep(struct vault *to, struct span bytes)
{
	struct vault v = {.fd = -1};
	/* zeros behind it tell where it ends */
	enum status st = vault_open(bytes.len + 1, &v);

	if (st != ST_OK)
		return st;
	if (bytes.len > 0)
		memcpy(v.base, bytes.ptr, bytes.len);
	v.len = bytes.len;
	vault_close(to);
	*to = v;
	return ST_OK;
}

static enum status
on_scope(void *arg, struct span scope, struct pairs values)
{
	struct choice *c = arg;

	if (scope.len <= c->best || !covers(scope, c->w->target, c->w->options))
		return ST_OK;
	c->best = scope.len;
	return keep(c->out, values.bytes);
}

/* A file that is damaged must not keep the others from being found. */
static enum status
pick_any(const char *dir, struct choice *c, struct buf *why)
{
	struct store_name *names = calloc(STORE_MAX, sizeof(*names));
	size_t n = 0;
	enum status st = names == NULL ? ST_NOMEM : ST_OK;

	if (st == ST_OK)
		st = store_names(dir, names, STORE_MAX, &n);
	for (size_t i = 0; st == ST_OK && i < n; i++) {
		st = store_each(dir, span_str(names[i].text), on_scope, c, why);
		if (st == ST_MALFORMED || st == ST_DENIED || st == ST_NOTFOUND)
			st = ST_OK;
	}
	free(names);
	if (st == ST_OK)
		buf_clear(why);
	return st;
}

enum status
store_pick(const char *dir, const struct store_wanted *w, struct vault *out,
	   struct buf *why)
{
	struct choice c = {.w = w, .out = out};
	enum status st;

	*out = (struct vault){.fd = -1};
	st = w->name.len == 0 ? pick_any(dir, &c, why)
			      : store_each(dir, w->name, on_scope, &c, why);
	if (st == ST_OK && w->name.len > 0 && c.best == 0)
		st = say(why, w->name,
			 "it is not meant for this target, so it was not "
			 "shown there",
			 ST_DENIED);
	if (st != ST_OK)
		vault_close(out);
	return st;
}

/* ---- writing ------------------------------------------------------------- */

struct check {
	struct span name;
	struct buf *why;
	size_t count;
};

static enum status
check_one(void *arg, struct span scope, struct pairs values)
{
	struct check *c = arg;
	struct span field, value;

	c->count++;
	if (!covers_scope(scope))
		return say(c->why, c->name,
			   "a scope must be a target with a known scheme and "
			   "a host, as sftp://files.example/",
			   ST_MALFORMED);
	while (pairs_next(&values, &field, &value))
		if (str_ends(field, "_file"))
			return say(c->why, c->name,
				   "it names a file; what is in it must stand "
				   "here",
				   ST_MALFORMED);
	return ST_OK;
}

static enum status
check_json(struct span name, struct span json, struct buf *why)
{
	struct check c = {.name = name, .why = why};
	enum status st;

	if (!store_name_good(name))
		return say(why, name,
			   "a name has 1 to 64 letters, digits, dots, dashes",
			   ST_MALFORMED);
	st = each_of(name, json, check_one, &c, why);
	if (st == ST_OK && c.count == 0)
		return say(why, name, "it is for no target", ST_MALFORMED);
	return st;
}

enum status
store_put(const char *dir, struct span name, struct span json, struct buf *why)
{
	char file[NAME_MAX_OURS];
	int at = -1;
	enum status st = check_json(name, json, why);

	if (st != ST_OK)
		return st;
	/* Who talks to the master tells it the names, and reads no file. */
	if (mkdir(dir, 0755) == 0)
		st = chmod(dir, 0755) == 0 ? ST_OK : ST_IO;
	if (st == ST_OK)
		st = open_dir(dir, &at);
	file_name(name, file);
	if (st == ST_OK) {
		char full[64 + sizeof(file)];

		snprintf(full, sizeof(full), "/proc/self/fd/%d/%s", at, file);
		st = file_replace(full, json, 0600);
		close(at);
	}
	return st == ST_OK ? st
			   : say(why, name, "its file cannot be written", st);
}

static enum status
renew_one(const char *dir, struct span name, const struct renewal *r,
	  struct buf *why)
{
	struct vault file = {.fd = -1}, new = {.fd = -1};
	enum status st = load(dir, name, &file, why);

	if (st != ST_OK) /* then it is not where it came from */
		return ST_NOTFOUND;
	st = vault_open(file.len + RENEWAL_ROOM, &new);
	if (st == ST_OK)
		st = renewal_apply(r, vault_span(&file), new.base, new.room,
				   &new.len);
	if (st == ST_OK)
		st = store_put(dir, name, vault_span(&new), why);
	vault_close(&file);
	vault_close(&new);
	return st;
}

enum status
store_renew(const char *dir, const struct renewal *r, struct buf *why)
{
	struct store_name *names = calloc(STORE_MAX, sizeof(*names));
	enum status st = names == NULL ? ST_NOMEM : ST_OK, end = ST_NOTFOUND;
	size_t n = 0;

	if (st == ST_OK)
		st = store_names(dir, names, STORE_MAX, &n);
	for (size_t i = 0; st == ST_OK && i < n; i++) {
		enum status one =
		    renew_one(dir, span_str(names[i].text), r, why);

		if (one == ST_OK || end == ST_NOTFOUND)
			end = one;
	}
	free(names);
	if (st == ST_OK)
		st = end;
	if (st == ST_NOTFOUND)
		return say(why, span_of(NULL, 0),
			   "none holds the token that was replaced", st);
	return st;
}

enum status
store_remove(const char *dir, struct span name)
{
	char file[NAME_MAX_OURS];
	int at = -1;
	enum status st =
	    store_name_good(name) ? open_dir(dir, &at) : ST_NOTFOUND;

	if (st != ST_OK)
		return st;
	file_name(name, file);
	if (unlinkat(at, file, 0) != 0)
		st = status_of_errno(errno);
	close(at);
	return st;
}
