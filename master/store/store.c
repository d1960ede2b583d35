#include "master/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/must.h"
#include "master/store/migrate.h"
#include "master/store/sql.h"

static const char damaged[] =
    "The database %s is damaged (%s). Nothing in it was changed. Stop the "
    "master, keep a copy of the folder, then put back the db folder of the "
    "last backup, or save what can be read with: sqlite3 trawl.db .recover";

static enum status
say(struct buf *why, enum status st, const char *file, const char *text)
{
	enum status said;

	if (st == ST_MALFORMED)
		said = buf_addf(why, damaged, file, text);
	else
		said = buf_addf(why, "The database %s cannot be opened: %s.",
				file, text);
	return said == ST_OK ? st : said;
}

/* A folder on the way that we may not enter: which one, and what to do. */
static enum status
say_barred(struct buf *why, const char *file)
{
	size_t n = strlen(file);
	char part[PATH_MAX];
	enum status said;

	for (size_t i = 1; i < n && i < sizeof(part); i++) {
		if (file[i] != '/')
			continue;
		memcpy(part, file, i);
		part[i] = '\0';
		if (faccessat(AT_FDCWD, part, X_OK, AT_EACCESS) == 0)
			continue;
		said = buf_addf(why,
				"The database %s cannot be reached: the user "
				"with number %u may not enter the folder %s. "
				"Let it (chmod o+x), start as the folder's "
				"owner, or choose another folder with --data.",
				file, (unsigned)geteuid(), part);
		return said == ST_OK ? ST_DENIED : said;
	}
	return say(why, ST_DENIED, file, status_text(ST_DENIED));
}

static enum status
look_at_mode(const char *file, enum store_mode mode, struct buf *why)
{
	struct stat sb;
	bool there = stat(file, &sb) == 0;

	if (!there && errno == EACCES)
		return say_barred(why, file);
	if (mode == STORE_CREATE && there)
		return say(why, ST_EXISTS, file, "it exists already");
	if (mode != STORE_CREATE && !there)
		return say(why, ST_NOTFOUND, file,
			   "it does not exist; make one with trawl-master "
			   "init");
	return ST_OK;
}

/* page_size counts only while the file is empty. */
static enum status
set_up(struct store *s, enum store_mode mode)
{
	static const char *const both[] = {"PRAGMA foreign_keys = ON",
					   "PRAGMA cache_size = -8192",
					   "PRAGMA mmap_size = 0", NULL};
	static const char *const writing[] = {
	    "PRAGMA journal_mode = WAL",
	    "PRAGMA synchronous = FULL",
	    "PRAGMA wal_autocheckpoint = 0",
	    "PRAGMA journal_size_limit = 67108864",
	    "PRAGMA temp_store = MEMORY",
	    NULL};
	enum status st = ST_OK;

	if (mode == STORE_CREATE)
		st = sql_script(s, "PRAGMA page_size = 8192");
	for (size_t i = 0; st == ST_OK && both[i] != NULL; i++)
		st = sql_script(s, both[i]);
	if (mode == STORE_READ)
		return st == ST_OK ? sql_script(s, "PRAGMA query_only = ON")
				   : st;
	for (size_t i = 0; st == ST_OK && writing[i] != NULL; i++)
		st = sql_script(s, writing[i]);
	return st;
}

static enum status
quick_check(struct store *s, struct buf *why, const char *file)
{
	struct sql q;
	enum status st;

	sql_open(&q, s, "PRAGMA quick_check(1)");
	st = sql_step(&q);
	if (st == ST_OK && !span_eq(sql_get_span(&q, 0), span_str("ok"))) {
		char text[200] = {0};
		struct span t = sql_get_span(&q, 0);

		memcpy(text, t.ptr, t.len < 199 ? t.len : 199);
		st = say(why, ST_MALFORMED, file, text);
	} else if (st != ST_OK) {
		st = say(why, st == ST_EOF ? ST_MALFORMED : st, file,
			 store_error(s));
	}
	sql_close(&q);
	return st;
}

static enum status
open_steps(struct store *s, const char *file, enum store_mode mode,
	   struct buf *why)
{
	enum status st = ST_OK;

	/* Before anything of it is changed, not even its journal mode. */
	if (mode != STORE_CREATE)
		st = migrate_fits(s, why);
	if (st == ST_OK && mode == STORE_WRITE) {
		st = quick_check(s, why, file);
		if (st != ST_OK)
			return st;
	}
	if (st == ST_OK)
		st = set_up(s, mode);
	if (st == ST_OK && (mode == STORE_WRITE || mode == STORE_CREATE))
		st = migrate_run(s, why);
	if (st != ST_OK && why->len == 0)
		st = say(why, st, file, store_error(s));
	return st;
}

enum status
store_open(const char *file, enum store_mode mode, struct store **out,
	   struct buf *why)
{
	struct store *s = NULL;
	enum status st = look_at_mode(file, mode, why);

	if (st != ST_OK)
		return st;
	st = sql_connect(file, mode, &s);
	if (st != ST_OK)
		return say(why, st, file, status_text(st));
	st = open_steps(s, file, mode, why);
	if (st != ST_OK) {
		store_close(s);
		return st;
	}
	*out = s;
	return ST_OK;
}

void
store_close(struct store *s)
{
	sql_disconnect(s);
}

enum status
store_begin(struct store *s)
{
	must(!sql_in_transaction(s));
	return sql_exec(s, "BEGIN");
}

enum status
store_commit(struct store *s)
{
	return sql_exec(s, "COMMIT");
}

void
store_rollback(struct store *s)
{
	/* SQLite has rolled back by itself after some of its errors. */
	if (sql_in_transaction(s) && sql_exec(s, "ROLLBACK") != ST_OK)
		must(!sql_in_transaction(s));
}

void
store_limit(struct store *s, unsigned ms)
{
	sql_deadline(s, ms);
}

enum status
store_checkpoint(struct store *s)
{
	return sql_checkpoint(s);
}

enum status
store_version(struct store *s, unsigned *out)
{
	struct sql q;
	int64_t n = 0;
	enum status st;

	sql_open(&q, s, "PRAGMA user_version");
	st = sql_number(&q, &n);
	if (st == ST_OK)
		*out = n < 0 ? 0 : (unsigned)n;
	return st;
}

const char *
store_error(struct store *s)
{
	return sql_error(s);
}

enum status
store_meta_get(struct store *s, const char *key, struct buf *out)
{
	struct sql q;
	enum status st;

	sql_open(&q, s, "SELECT value FROM meta WHERE key = ?");
	sql_text(&q, span_str(key));
	st = sql_step(&q);
	if (st == ST_OK) {
		struct span v = sql_get_span(&q, 0);

		st = buf_add(out, v.ptr, v.len);
	} else if (st == ST_EOF) {
		st = ST_NOTFOUND;
	}
	sql_close(&q);
	return st;
}

enum status
store_meta_set(struct store *s, const char *key, const void *value, size_t n)
{
	struct sql q;

	sql_open(&q, s,
		 "INSERT INTO meta (key, value) VALUES (?, ?)"
		 " ON CONFLICT (key) DO UPDATE SET value = excluded.value");
	sql_text(&q, span_str(key));
	sql_text(&q, span_of(value, n));
	return sql_run(&q);
}

enum status
store_meta_drop(struct store *s, const char *key)
{
	struct sql q;

	sql_open(&q, s, "DELETE FROM meta WHERE key = ?");
	sql_text(&q, span_str(key));
	return sql_run(&q);
}
