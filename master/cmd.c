#include "master/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/file.h"
#include "sys/priv.h"

#define FILE_MAX (1024 * 1024)

int
cmd_failed(enum status st, const struct buf *why)
{
	if (why != NULL && why->len > 0)
		fprintf(stderr, "trawl-master: %.*s\n", (int)why->len,
			(const char *)why->data);
	else
		fprintf(stderr, "trawl-master: it did not work: %s.\n",
			status_text(st));
	return st == ST_USAGE ? EXIT_USAGE : EXIT_WRONG;
}

static enum status
nothing_left(int argc, char **argv, struct buf *why)
{
	enum status st = ST_OK;

	if (argc == 0)
		return ST_OK;
	st = buf_addf(why, "\"%s\" is not understood here.", argv[0]);
	return st == ST_OK ? ST_USAGE : st;
}

int
cmd_begin(struct settings *s, struct option *options, int argc, char **argv)
{
	struct buf why;
	enum status st;
	int code = EXIT_DONE;

	buf_init(&why, 8192);
	st = options_take(options, &argc, argv, &why);
	if (st == ST_OK)
		st = settings_load(s, &argc, argv, &why);
	if (st == ST_OK)
		st = nothing_left(argc, argv, &why);
	if (st != ST_OK)
		code = cmd_failed(ST_USAGE, &why);
	buf_fini(&why);
	return code;
}

static bool
may_pass(const char *folder, const struct priv_user *user)
{
	struct stat st;

	if (stat(folder, &st) != 0)
		return false;
	if (st.st_uid == user->uid)
		return (st.st_mode & S_IXUSR) != 0;
	if (st.st_gid == user->gid)
		return (st.st_mode & S_IXGRP) != 0;
	return (st.st_mode & S_IXOTH) != 0;
}

/* Every folder above the data folder; that one itself is ours to open. */
static bool
may_reach(const char *path, const struct priv_user *user)
{
	char part[SETTINGS_PATH];
	size_t n = strlen(path);

	for (size_t i = 1; i < n; i++) {
		if (path[i] != '/')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (!may_pass(part, user))
			return false;
	}
	return true;
}

bool
cmd_user(const struct settings *s, struct priv_user *user, const char **why)
{
	const char *text = NULL;
	bool root = priv_is_root();

	if (root && priv_find(s->user, user) != ST_OK)
		text = "there is no such user";
	else if (root && !may_reach(s->data, user))
		text = "it may not pass the folders above the data folder";
	if (why != NULL)
		*why = text;
	return root && text == NULL;
}

enum status
cmd_lock(const struct settings *s, int *fd)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char path[SETTINGS_PATH];
	int f;

	settings_path(s, FILE_LOCK, path);
	f = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (f < 0)
		return status_of_errno(errno);
	if (fcntl(f, F_OFD_SETLK, &whole) != 0) {
		close(f);
		return ST_AGAIN;
	}
	*fd = f;
	return ST_OK;
}

enum status
cmd_read_file(const struct settings *s, const char *name, struct buf *out,
	      struct buf *why)
{
	char path[SETTINGS_PATH];
	enum status st, said;

	settings_path(s, name, path);
	st = file_read(path, out);
	if (st == ST_OK)
		return ST_OK;
	said = buf_addf(why, "%s cannot be read: %s.%s", path, status_text(st),
			st == ST_NOTFOUND
			    ? " Make the data folder with trawl-master init."
			    : "");
	return said == ST_OK ? st : said;
}
