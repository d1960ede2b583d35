#include "proxy-agent/credential.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/str.h"
#include "base/utf.h"
#include "proxy-agent/keeper/store.h"
#include "sys/file.h"

#define PROGRAM "trawl-proxy-agent"
#define WHY_MAX 1024

struct desk {
	const struct command_words *w;
	char store[PATH_MAX];
	struct buf why;
};

static int
complain(const struct desk *d, int code)
{
	fprintf(d->w->io->err, PROGRAM ": %.*s\n", (int)d->why.len,
		d->why.len > 0 ? (const char *)d->why.data : "no memory");
	return code;
}

static int
sentence(struct desk *d, int code, const char *text)
{
	buf_clear(&d->why);
	if (buf_add_str(&d->why, text) != ST_OK)
		buf_clear(&d->why);
	return complain(d, code);
}

/* ---- add ----------------------------------------------------------------- */

/* All of a file or a pipe, into locked memory. */
static enum status
read_all(int fd, struct vault *out)
{
	struct vault v;
	size_t got = 0;
	enum status st = vault_open(STORE_FILE_MAX, &v);

	if (st != ST_OK)
		return st;
	st = file_read_all(fd, v.base, v.room, &got);
	v.len = got;
	if (st == ST_OK && got >= STORE_FILE_MAX)
		st = ST_LIMIT;
	if (st == ST_OK)
		*out = v;
	else
		vault_close(&v);
	return st;
}

static enum status
read_file(const char *path, struct vault *out, struct buf *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	enum status st = fd < 0 ? status_of_errno(errno) : read_all(fd, out);

	if (fd >= 0)
		close(fd);
	if (st != ST_OK && buf_addf(why, "%s cannot be read: %s", path,
				    status_text(st)) != ST_OK)
		return ST_NOMEM;
	return st;
}

struct rewrite {
	struct json j;
	struct buf *why;
};

static enum status
put_text(struct rewrite *r, struct span name, struct span value)
{
	char key[PAIRS_NAME_MAX + 1];
	enum status st = str_copy(key, sizeof(key), name);

	if (st == ST_OK && !utf_valid(value)) {
		st = ST_MALFORMED;
		if (buf_addf(r->why,
			     "%s holds bytes that are no text; put it there "
			     "in base64 or PEM",
			     key) != ST_OK)
			st = ST_NOMEM;
	}
	if (st == ST_OK)
		json_put_str(&r->j, key, value);
	return st;
}

/* "key_file": what is in that file, as "key". */
static enum status
put_file(struct rewrite *r, struct span name, struct span path)
{
	struct vault value = {.fd = -1};
	char file[PATH_MAX];
	enum status st = str_copy(file, sizeof(file), path);

	if (st == ST_OK)
		st = read_file(file, &value, r->why);
	if (st == ST_OK)
		st = put_text(r, span_of(name.ptr, name.len - 5),
			      vault_span(&value));
	vault_close(&value);
	return st;
}

static enum status
on_scope(void *arg, struct span scope, struct pairs values)
{
	struct rewrite *r = arg;
	struct span name, value;
	enum status st = ST_OK;
	char key[4096];

	if (str_copy(key, sizeof(key), scope) != ST_OK)
		return ST_LIMIT;
	json_key(&r->j, key);
	json_map(&r->j);
	while (st == ST_OK && pairs_next(&values, &name, &value))
		st = str_ends(name, "_file") && name.len > 5
			 ? put_file(r, name, value)
			 : put_text(r, name, value);
	json_end(&r->j);
	return st;
}

/* What is given, complete in itself. */
static enum status
rewrite(struct span json, struct buf *to, struct buf *why)
{
	struct vault room = {.fd = -1};
	struct rewrite r = {.why = why};
	const char *what = "";
	enum status st = vault_open(PAIRS_MAX, &room);

	json_init(&r.j, to);
	json_map(&r.j);
	if (st == ST_OK)
		st = credential_each(json, room.base, room.room, on_scope, &r,
				     &what);
	vault_close(&room);
	if (st != ST_OK) {
		if (what[0] != 0 && buf_add_str(why, what) != ST_OK)
			return ST_NOMEM;
		return st;
	}
	json_end(&r.j);
	return json_done(&r.j);
}

static enum status
put(struct desk *d, struct span name, struct span given)
{
	struct buf whole;
	enum status st;

	buf_init(&whole, STORE_FILE_MAX);
	st = buf_reserve(&whole, STORE_FILE_MAX); /* so that nothing moves */
	if (st == ST_OK)
		st = rewrite(given, &whole, &d->why);
	if (st == ST_OK)
		st = store_put(d->store, name, buf_span(&whole), &d->why);
	buf_fini(&whole);
	return st;
}

static int
add(struct desk *d)
{
	const struct command_words *w = d->w;
	struct vault given = {.fd = -1};
	enum status st;

	if (w->argc < 2 || w->argc > 3)
		return sentence(d, COMMAND_USAGE,
				"say: credential add NAME [FILE]; without a "
				"file it is read from standard input");
	st = w->argc == 3 ? read_file(w->argv[2], &given, &d->why)
			  : read_all(STDIN_FILENO, &given);
	if (st == ST_OK)
		st = put(d, span_str(w->argv[1]), vault_span(&given));
	vault_close(&given);
	if (st != ST_OK)
		return d->why.len > 0
			   ? complain(d, COMMAND_TROUBLE)
			   : sentence(d, COMMAND_TROUBLE, status_text(st));
	fprintf(w->io->out, "Kept as %s.\n", w->argv[1]);
	return COMMAND_DONE;
}

/* ---- list ---------------------------------------------------------------- */

struct row {
	FILE *out;
	const char *name;
};

static enum status
show_scope(void *arg, struct span scope, struct pairs values)
{
	const struct row *r = arg;
	struct span name, value;
	const char *glue = "";

	fprintf(r->out, "%s\t%.*s\t", r->name, (int)scope.len,
		scope.len > 0 ? (const char *)scope.ptr : "");
	while (pairs_next(&values, &name, &value)) {
		fprintf(r->out, "%s%.*s", glue, (int)name.len,
			(const char *)name.ptr);
		glue = ",";
	}
	fputc('\n', r->out);
	return ST_OK;
}

/* A name, a scope and the names of its values a line. */
static int
list(struct desk *d)
{
	struct store_name names[STORE_MAX];
	size_t n;
	int code = COMMAND_DONE;

	if (store_names(d->store, names, STORE_MAX, &n) != ST_OK)
		return sentence(d, COMMAND_TROUBLE,
				"the folder of credentials cannot be read");
	for (size_t i = 0; i < n; i++) {
		struct row r = {d->w->io->out, names[i].text};

		buf_clear(&d->why);
		if (store_each(d->store, span_str(names[i].text), show_scope,
			       &r, &d->why) != ST_OK)
			code = complain(d, COMMAND_TROUBLE);
	}
	return code;
}

/* ---- remove -------------------------------------------------------------- */

static int
remove_one(struct desk *d)
{
	enum status st;

	if (d->w->argc != 2)
		return sentence(d, COMMAND_USAGE,
				"say: credential remove NAME");
	st = store_remove(d->store, span_str(d->w->argv[1]));
	if (st == ST_OK)
		return COMMAND_DONE;
	return sentence(d, COMMAND_TROUBLE,
			st == ST_NOTFOUND ? "there is none of that name"
					  : status_text(st));
}

/* ---- the door ------------------------------------------------------------ */

static const struct {
	const char *word;
	int (*run)(struct desk *d);
} words[] = {{"add", add}, {"list", list}, {"remove", remove_one}};

int
credential_command(void *arg, const struct command_words *w)
{
	struct desk d = {.w = w};
	int code = -1;

	(void)arg;
	buf_init(&d.why, WHY_MAX);
	if (file_join(d.store, sizeof(d.store), w->settings->state,
		      "credentials") != ST_OK)
		code = sentence(&d, COMMAND_USAGE,
				"the name of the state folder is too long");
	for (size_t i = 0;
	     code < 0 && w->argc > 0 && i < sizeof(words) / sizeof(words[0]);
	     i++)
		if (strcmp(w->argv[0], words[i].word) == 0)
			code = words[i].run(&d);
	if (code < 0)
		code = sentence(&d, COMMAND_USAGE,
				"say credential add, list or remove");
	buf_fini(&d.why);
	return code;
}
