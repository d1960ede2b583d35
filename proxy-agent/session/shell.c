#include "proxy-agent/session/shell.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "crypto/random.h"
#include "proxy-agent/session/shell_text.h"
#include "sys/pace.h"

#define PIECE (32 * 1024)
#define COMMAND                                                                \
	(512 * 1024)    /* bytes of one: a path, every byte of it quoted       \
			 */
#define SKIP (1u << 20) /* of a file that nobody wants any more */

struct shell_file {
	struct shell *shell;
	struct lane *lane; /* NULL: not asked for yet */
	struct shell_file *next;
	struct buf command;
	bool left; /* by whoever began it */
};

/* One shell of the host, and the files that it was told to read, in order. */
struct lane {
	struct ssh_stream *stream;
	struct shell_file *first;
	size_t count;
	bool greeted;
	struct buf in;
	size_t at; /* bytes of it that were given out */
};

struct shell {
	struct ssh *ssh;
	struct pace *pace; /* or NULL */
	bool no_more;      /* the server gives no more channels */
	struct shell_mark mark;
	struct buf script, record;
	struct lane lanes[SHELL_LANES]; /* the first one answers */
};

/*
 * What each shell is told first. q ends the output of a command; w says why one
 * failed, by looking and not by words in some language; e gives entries, where
 * find has no -printf by stat. c, l, s, r: content, list, stat, real path.
 */
static const char script[] =
    "q() { printf '\\n%s %s\\n' \"$M\" \"$1\"; }\n"
    "w() {\n"
    "d=$1\n"
    "while [ -n \"$d\" ] && [ ! -e \"$d\" ]; do d=${d%/*}; done\n"
    "if [ -z \"$S\" ] && [ \"$d\" = \"$1\" ] && [ ! -r \"$d\" ]; then q d\n"
    "elif [ -z \"$S\" ] && [ -d \"$d\" ] && [ ! -x \"$d\" ]; then q d\n"
    "elif $S find \"$1\" -prune >/dev/null 2>&1 </dev/null; then q i\n"
    "else q g; fi; }\n"
    "T='for f do h=$(stat -c \"%f %s %Y %u %g\" \"$f\" 2>/dev/null ||"
    " stat -f \"%Xp %z %m %u %g\" \"$f\" 2>/dev/null) || continue;"
    " printf \"=%s %s\\0\" \"$h\" \"${f##*/}\"; done'\n"
    "P='%y%m %s %T@ %U %G %f\\0'\n"
    "if $S find / -prune -printf x >/dev/null 2>&1 </dev/null; then\n"
    "e() { $S find \"$@\" -printf \"$P\" 2>/dev/null </dev/null; }\n"
    "else\n"
    "e() { $S find \"$@\" -exec sh -c \"$T\" sh {} + 2>/dev/null"
    " </dev/null; }\n"
    "fi\n"
    "c() { if $S cat -- \"$1\" 2>/dev/null </dev/null; then q o;"
    " else w \"$1\"; fi; }\n"
    "l() { if e \"$1/.\" ! -name . -prune; then q o; else w \"$1\"; fi; }\n"
    "s() { if e -H \"$1\" -prune; then q o; else w \"$1\"; fi; }\n"
    "r() { case $1 in /*) p=$1 ;; *) p=$PWD/$1 ;; esac\n"
    "readlink -f -- \"$p\" 2>/dev/null || printf '%s\\n' \"$p\"; q o; }\n"
    "if $S find / -prune >/dev/null 2>&1 </dev/null &&"
    " $S cat -- /dev/null 2>/dev/null </dev/null; then q o; else q x; fi\n";

static enum status
status_of_letter(uint8_t letter)
{
	switch (letter) {
	case 'o':
		return ST_OK;
	case 'd':
		return ST_DENIED;
	case 'g':
		return ST_NOTFOUND;
	case 'x':
		return ST_UNSUPPORTED;
	default:
		return ST_IO;
	}
}

/* ---- one shell -------------------------------------------------------------
 */

static enum status
lane_start(struct shell *s, struct lane *l)
{
	enum status st = ssh_exec(s->ssh, "exec sh", &l->stream);

	buf_clear(&l->in);
	l->at = 0;
	l->greeted = false;
	return st == ST_OK ? ssh_write(l->stream, buf_span(&s->script)) : st;
}

static enum status
lane_fetch(struct lane *l)
{
	size_t got = 0;
	enum status st;

	buf_drop(&l->in, l->at);
	l->at = 0;
	st = buf_reserve(&l->in, PIECE);
	if (st == ST_OK)
		st = ssh_read(l->stream, l->in.data + l->in.len,
			      l->in.room - l->in.len, &got);
	l->in.len += got;
	return st == ST_OK && got == 0 ? ST_CLOSED : st;
}

/* Some output, or (*got 0) its end and the letter. dst NULL: it is dropped. */
static enum status
lane_output(struct shell *s, struct lane *l, uint8_t *dst, size_t n,
	    size_t *got, uint8_t *letter)
{
	struct span have;
	size_t some;
	enum status st;

	*got = 0;
	for (;;) {
		have = span_skip(buf_span(&l->in), l->at);
		some = shell_output(have, &s->mark, letter);
		if (some > 0 || *letter != 0)
			break;
		st = lane_fetch(l);
		if (st != ST_OK)
			return st;
	}
	if (some == 0) {
		l->at += SHELL_MARK + SHELL_TAIL;
		return ST_OK;
	}
	*letter = 0;
	*got = some < n ? some : n;
	if (dst != NULL && have.ptr != NULL)
		memcpy(dst, have.ptr, *got);
	l->at += *got;
	return ST_OK;
}

/* To the end of an output; ST_LIMIT when it is far. */
static enum status
lane_skip(struct shell *s, struct lane *l, uint8_t *letter)
{
	size_t all = 0, got;
	enum status st;

	do {
		st = lane_output(s, l, NULL, SKIP, &got, letter);
		all += got;
	} while (st == ST_OK && *letter == 0 && all < SKIP);
	return st == ST_OK && *letter == 0 ? ST_LIMIT : st;
}

/* What a login says of itself ends with the first mark. */
static enum status
lane_greet(struct shell *s, struct lane *l)
{
	uint8_t letter = 'o';
	enum status st = ST_OK;

	if (!l->greeted)
		st = lane_skip(s, l, &letter);
	l->greeted = true;
	return st == ST_OK ? status_of_letter(letter) : st;
}

static void
lane_drop_first(struct lane *l)
{
	struct shell_file *f = l->first;

	l->first = f->next;
	l->count--;
	f->lane = NULL;
	f->next = NULL;
	pace_answered(f->shell->pace);
	if (f->left) {
		buf_fini(&f->command);
		free(f);
	}
}

/* The rest of the first file is not wanted; when it is long, another shell is
 * told what else this one was. */
static enum status
lane_leave_first(struct shell *s, struct lane *l)
{
	uint8_t letter;
	enum status st = lane_greet(s, l);

	if (st == ST_OK)
		st = lane_skip(s, l, &letter);
	if (st != ST_OK && st != ST_LIMIT)
		return st;
	lane_drop_first(l);
	if (st == ST_OK)
		return ST_OK;
	ssh_end(l->stream);
	l->stream = NULL;
	st = lane_start(s, l);
	for (struct shell_file *f = l->first; st == ST_OK && f != NULL;
	     f = f->next)
		st = ssh_write(l->stream, buf_span(&f->command));
	return st;
}

/* ---- calls -----------------------------------------------------------------
 */

static enum status
make_command(struct buf *to, char what, struct span path)
{
	enum status st;

	buf_init(to, COMMAND);
	st = buf_addf(to, "%c ", what);
	if (st == ST_OK)
		st = shell_quote(to, path);
	return st == ST_OK ? buf_add_byte(to, '\n') : st;
}

/* The answering shell is told something, and nothing else is on its way. */
static enum status
tell(struct shell *s, char what, struct span path)
{
	struct lane *l = &s->lanes[0];
	struct buf command;
	enum status st = make_command(&command, what, path);

	while (st == ST_OK && l->first != NULL)
		st = lane_leave_first(s, l);
	if (st == ST_OK)
		st = ssh_write(l->stream, buf_span(&command));
	buf_fini(&command);
	if (st == ST_OK)
		pace_asked(s->pace);
	return st;
}

/* Whole records go out; what is left of one waits. */
static enum status
give_records(struct shell *s, sftp_entry_fn *each, void *arg)
{
	struct span rest = buf_span(&s->record), record, name;
	struct sftp_attr a;
	enum status st = ST_OK;
	size_t n;

	while (st == ST_OK && (n = str_find(rest, 0)) < rest.len) {
		record = span_of(rest.ptr, n);
		rest = span_skip(rest, n + 1);
		if (shell_entry(record, &a, &name) && name.len > 0)
			st = each(arg, name, &a);
	}
	buf_drop(&s->record, s->record.len - rest.len);
	return st;
}

/* Entries up to the end of the answer, also when nobody wants more of them. */
static enum status
hear_records(struct shell *s, sftp_entry_fn *each, void *arg)
{
	struct lane *l = &s->lanes[0];
	enum status st = ST_OK, told = ST_OK;
	uint8_t letter = 0;
	size_t got = 0;

	buf_clear(&s->record);
	while (st == ST_OK && letter == 0) {
		st = buf_reserve(&s->record, PIECE);
		if (st == ST_OK)
			st = lane_output(s, l, s->record.data + s->record.len,
					 PIECE, &got, &letter);
		s->record.len += st == ST_OK ? got : 0;
		if (st == ST_OK && told == ST_OK)
			told = give_records(s, each, arg);
		if (told != ST_OK)
			buf_clear(&s->record);
	}
	pace_answered(s->pace);
	if (st != ST_OK)
		return st == ST_LIMIT ? ST_MALFORMED : st;
	return told == ST_OK ? status_of_letter(letter) : told;
}

enum status
shell_list(struct shell *s, struct span path, sftp_entry_fn *each, void *arg)
{
	enum status st = tell(s, 'l', path);

	return st == ST_OK ? hear_records(s, each, arg) : st;
}

struct one {
	struct sftp_attr attr;
	bool seen;
};

static enum status
on_one(void *arg, struct span name, const struct sftp_attr *a)
{
	struct one *one = arg;

	(void)name;
	*one = (struct one){*a, true};
	return ST_OK;
}

enum status
shell_stat(struct shell *s, struct span path, struct sftp_attr *out)
{
	struct one one = {.seen = false};
	enum status st = tell(s, 's', path);

	if (st == ST_OK)
		st = hear_records(s, on_one, &one);
	if (st != ST_OK)
		return st;
	if (!one.seen)
		return ST_IO;
	*out = one.attr;
	return ST_OK;
}

enum status
shell_real(struct shell *s, struct span path, struct buf *to)
{
	uint8_t some[1024], letter = 0;
	size_t got = 0;
	enum status st = tell(s, 'r', path);

	while (st == ST_OK && letter == 0) {
		st = lane_output(s, &s->lanes[0], some, sizeof(some), &got,
				 &letter);
		if (st == ST_OK)
			st = buf_add(to, some, got);
	}
	pace_answered(s->pace);
	if (st == ST_OK && to->len > 0 && to->data[to->len - 1] == '\n')
		to->len--;
	return st;
}

/* ---- files -----------------------------------------------------------------
 */

static enum status
lane_take(struct lane *l, struct shell_file *f)
{
	struct shell_file **end = &l->first;

	while (*end != NULL)
		end = &(*end)->next;
	*end = f;
	f->lane = l;
	l->count++;
	pace_asked(f->shell->pace);
	return ssh_write(l->stream, buf_span(&f->command));
}

/* The one with the least to do, a new one while there may be more; NULL: the
 * server gives but one channel. */
static struct lane *
choose_lane(struct shell *s)
{
	struct lane *best = NULL;

	for (size_t i = 1; i < SHELL_LANES; i++) {
		struct lane *l = &s->lanes[i];

		if (l->stream == NULL && !s->no_more &&
		    lane_start(s, l) != ST_OK) {
			s->no_more = true;
			ssh_end(l->stream);
			l->stream = NULL;
		}
		if (l->stream != NULL &&
		    (best == NULL || l->count < best->count))
			best = l;
		if (best != NULL && best->count == 0)
			break;
	}
	return best;
}

enum status
shell_begin(struct shell *s, struct span path, struct shell_file **out)
{
	struct shell_file *f = calloc(1, sizeof(*f));
	struct lane *l = choose_lane(s);
	enum status st;

	if (f == NULL)
		return ST_NOMEM;
	f->shell = s;
	st = make_command(&f->command, 'c', path);
	if (st == ST_OK && l != NULL)
		st = lane_take(l, f);
	*out = f;
	return st;
}

enum status
shell_read(struct shell_file *f, void *dst, size_t n, size_t *got)
{
	struct shell *s = f->shell;
	uint8_t letter = 0;
	enum status st = ST_OK;

	*got = 0;
	if (f->lane == NULL && f->command.len == 0)
		return ST_OK; /* at its end */
	if (f->lane == NULL)
		st = lane_take(&s->lanes[0], f);
	while (st == ST_OK && f->lane->first != f)
		st = lane_leave_first(s, f->lane);
	if (st == ST_OK)
		st = lane_greet(s, f->lane);
	if (st == ST_OK)
		st = lane_output(s, f->lane, dst, n, got, &letter);
	if (st != ST_OK || letter == 0)
		return st;
	buf_clear(&f->command);
	lane_drop_first(f->lane);
	return status_of_letter(letter);
}

void
shell_end(struct shell_file *f)
{
	if (f == NULL)
		return;
	f->left = true;
	if (f->lane != NULL)
		return; /* whoever reads on in its lane passes it */
	buf_fini(&f->command);
	free(f);
}

/* ---- beginning and end -----------------------------------------------------
 */

enum status
shell_open(struct ssh *ssh, bool sudo, struct shell **out)
{
	struct shell *s = calloc(1, sizeof(*s));
	uint8_t random[16];
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	s->ssh = ssh;
	s->pace = ssh_pace(ssh);
	random_bytes(random, sizeof(random));
	shell_mark_make(&s->mark, random);
	buf_init(&s->script, 2 * sizeof(script));
	buf_init(&s->record, SHELL_RECORD + PIECE);
	for (size_t i = 0; i < SHELL_LANES; i++)
		buf_init(&s->lanes[i].in, 4 * PIECE);
	st = buf_addf(&s->script, "LC_ALL=C; export LC_ALL\nM=%.32s\nS='%s'\n",
		      s->mark.text + 1, sudo ? "sudo -n" : "");
	if (st == ST_OK)
		st = buf_add_str(&s->script, script);
	if (st == ST_OK)
		st = lane_start(s, &s->lanes[0]);
	if (st == ST_OK)
		st = lane_greet(s, &s->lanes[0]);
	if (st != ST_OK) {
		shell_close(s);
		return st == ST_UNSUPPORTED && sudo ? ST_DENIED : st;
	}
	*out = s;
	return ST_OK;
}

void
shell_close(struct shell *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < SHELL_LANES; i++) {
		while (s->lanes[i].first != NULL) {
			s->lanes[i].first->left = true;
			lane_drop_first(&s->lanes[i]);
		}
		ssh_end(s->lanes[i].stream);
		buf_fini(&s->lanes[i].in);
	}
	buf_fini(&s->script);
	buf_fini(&s->record);
	free(s);
}
