#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "master/certs.h"
#include "master/cmd.h"
#include "master/listen.h"
#include "master/proc/parent.h"
#include "master/store/store.h"
#include "sys/file.h"
#include "sys/priv.h"
#include "sys/proc.h"

/* One master a data folder: the lock goes when the process goes. */
static enum status
take_lock(const struct settings *s, int *fd, struct buf *why)
{
	enum status st = cmd_lock(s, fd);

	if (st == ST_OK)
		return ST_OK;
	if (st == ST_NOTFOUND)
		st = buf_addf(why,
			      "%s is no data folder. Make it with: "
			      "trawl-master init --data %s",
			      s->data, s->data);
	else if (st == ST_AGAIN)
		st = buf_addf(why,
			      "Another master runs on %s already. Stop it, or "
			      "choose another folder with --data.",
			      s->data);
	else
		st = buf_addf(why,
			      "The data folder %s cannot be written: %s. Start "
			      "as its owner, or choose another with --data.",
			      s->data, status_text(st));
	return st == ST_OK ? ST_USAGE : st;
}

/* Everything in db/ belongs to the user that core becomes. */
static enum status
give_database(const struct settings *s)
{
	static const char *const names[] = {
	    "db", FILE_DATABASE, FILE_DATABASE "-wal", FILE_DATABASE "-shm"};
	struct priv_user user;
	char path[SETTINGS_PATH];

	if (!cmd_user(s, &user, NULL))
		return ST_OK;
	if (chmod(s->data, 0711) != 0)
		return status_of_errno(errno);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		settings_path(s, names[i], path);
		if (lchown(path, user.uid, user.gid) != 0 && errno != ENOENT)
			return status_of_errno(errno);
	}
	return ST_OK;
}

/*
 * A database that core would refuse is refused here, where the person looks:
 * core in its background would only be started again and again.
 */
static enum status
look_at_database(const struct settings *s, struct buf *why)
{
	char path[SETTINGS_PATH];
	struct store *store = NULL;
	enum status st;

	settings_path(s, FILE_DATABASE, path);
	st = store_open(path, STORE_WRITE, &store, why);
	store_close(store);
	return st;
}

/* In time, so that nobody stands before a door that is out of date. */
static void
renew(const struct settings *s)
{
	struct buf why;
	enum status st;

	buf_init(&why, 4096);
	st = certs_renew(s, (int64_t)time(NULL), &why);
	if (st != ST_OK)
		log_warn("a certificate could not be renewed: %s %.*s",
			 status_text(st), (int)why.len,
			 why.len > 0 ? (const char *)why.data : "");
	buf_fini(&why);
}

struct telling {
	const struct settings *s;
};

static void
tell_started(void *arg)
{
	const struct telling *t = arg;
	char url[512];

	settings_url(t->s, url, sizeof(url));
	log_info("console at %s, agents at %s", url, t->s->agents);
}

static void
warn_about_user(const struct settings *s)
{
	struct priv_user user;
	const char *why;

	if (!cmd_user(s, &user, &why) && why != NULL)
		log_warn("the processes do not become user \"%s\" but stay "
			 "root, without capabilities: %s",
			 s->user, why);
}

static enum status
run(const struct settings *s, int argc, char **argv, struct buf *why)
{
	struct telling telling = {.s = s};
	struct parent_config config = {.started = tell_started,
				       .arg = &telling};
	const char **args = calloc((size_t)argc + 3, sizeof(*args));
	char self[SETTINGS_PATH];
	enum status st = ST_NOMEM;
	int lock = -1;

	if (args == NULL)
		return ST_NOMEM;
	/* The folder comes last, whole: a child's working folder is another. */
	for (int i = 0; i < argc; i++)
		args[i] = argv[i];
	args[argc] = "--data";
	args[argc + 1] = s->data;
	st = proc_self(self, sizeof(self));
	config.program = self;
	config.args = args;
	if (st == ST_OK)
		st = take_lock(s, &lock, why);
	if (st == ST_OK)
		st = look_at_database(s, why);
	if (st == ST_OK)
		st = give_database(s);
	if (st == ST_OK)
		renew(s);
	if (st == ST_OK)
		st = listen_all(s, &config, why);
	if (st == ST_OK) {
		warn_about_user(s);
		st = parent_run(&config);
		if (st != ST_OK)
			(void)!buf_add_str(why, "It does not run. The lines "
						"above say why.");
		listen_close(&config, s);
	}
	free(args);
	if (lock >= 0)
		close(lock);
	return st;
}

int
cmd_run(int argc, char **argv)
{
	struct option none[] = {{.name = NULL}};
	struct settings s;
	char **copy = calloc((size_t)argc + 1, sizeof(*copy));
	struct buf why;
	enum status st;
	int code;

	if (copy == NULL)
		return EXIT_WRONG;
	memcpy(copy, argv, (size_t)argc * sizeof(*copy));
	code = cmd_begin(&s, none, argc, copy);
	free(copy);
	if (code != EXIT_DONE)
		return code;
	buf_init(&why, 8192);
	st = run(&s, argc, argv, &why);
	if (st != ST_OK)
		code = cmd_failed(st, &why);
	buf_fini(&why);
	return code;
}
