#include "proxy-agent/session/sftp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/session/sftp_wire.h"

#define VERSION 3
#define PACKET  (256 * 1024 + 1024) /* the largest that servers send */
#define HANDLE  256
#define STATVFS "statvfs@openssh.com"
#define PENDING 1024 /* requests under way */

enum { /* kinds of packets */
       FXP_INIT = 1,
       FXP_VERSION = 2,
       FXP_OPEN = 3,
       FXP_CLOSE = 4,
       FXP_READ = 5,
       FXP_LSTAT = 7,
       FXP_OPENDIR = 11,
       FXP_READDIR = 12,
       FXP_REALPATH = 16,
       FXP_STAT = 17,
       FXP_STATUS = 101,
       FXP_HANDLE = 102,
       FXP_DATA = 103,
       FXP_NAME = 104,
       FXP_ATTRS = 105,
       FXP_EXTENDED = 200,
       FXP_REPLY = 201,
};

enum piece_state { PIECE_ASKED, PIECE_HERE, PIECE_END, PIECE_FAILED };

/* One stretch of a file: asked for, or here. */
struct piece {
	enum piece_state state;
	uint64_t off;
	uint32_t want, len, at; /* bytes asked for, here, given out */
	uint8_t *data;
};

enum file_state { FILE_OPENING, FILE_OPEN, FILE_FAILED, FILE_LEAVING };

struct sftp_file {
	struct sftp *sftp;
	struct sftp_file *next;
	enum file_state state;
	enum status failed;
	uint8_t handle[HANDLE];
	size_t handle_len;
	uint64_t asked; /* where the next request begins */
	uint64_t size;
	bool ended; /* the server said so; nothing more is asked */
	unsigned under_way;
	struct piece ring[SFTP_WINDOW];
	size_t first, count; /* of the ring, in order of the file */
};

/* Who waits for the answer with an id: its place in the table. */
struct waiter {
	bool used;
	struct sftp_file *file; /* NULL: the one call that waits itself */
	size_t piece;           /* of the file's ring */
	bool opening;
};

struct sftp {
	struct ssh_channel *channel;
	struct sftp_file *files;
	struct waiter waiters[PENDING];
	size_t under_way;
	uint32_t last; /* place that was given last */
	struct buf out, in;
	size_t in_at; /* bytes of it that were obeyed */
	/* the answer to the call that waits */
	uint32_t awaited;
	bool answered;
	uint8_t kind;
	struct buf answer;
	enum status broken; /* of the whole session */
	bool tells_fs;      /* has the extension STATVFS */
};

static enum status
ended(struct sftp *s, enum status st)
{
	if (s->broken == ST_OK)
		s->broken = st;
	return st;
}

/* ---- requests --------------------------------------------------------------
 */

static enum status
new_id(struct sftp *s, struct sftp_file *f, size_t piece, uint32_t *id)
{
	if (s->under_way == PENDING)
		return ST_FULL;
	do
		s->last = (s->last + 1) % PENDING;
	while (s->waiters[s->last].used);
	s->waiters[s->last] =
	    (struct waiter){.used = true, .file = f, .piece = piece};
	s->under_way++;
	*id = s->last;
	return ST_OK;
}

static void
begin(struct sftp *s, struct wire_out *w, uint8_t kind, uint32_t id)
{
	buf_clear(&s->out);
	wire_begin(w, &s->out, kind);
	wire_u32(w, id);
}

static enum status
send(struct sftp *s, struct wire_out *w)
{
	enum status st = wire_end(w);

	if (st == ST_OK)
		st = ssh_write(s->channel, buf_span(&s->out));
	return st == ST_OK ? st : ended(s, st);
}

/* ---- answers ---------------------------------------------------------------
 */

static enum status
status_word(uint32_t code)
{
	static const enum status words[] = {
	    ST_OK, ST_EOF,    ST_NOTFOUND, ST_DENIED,     ST_IO,
	    ST_IO, ST_CLOSED, ST_CLOSED,   ST_UNSUPPORTED};

	return code < sizeof(words) / sizeof(words[0]) ? words[code] : ST_IO;
}

static void
open_answer(struct sftp_file *f, uint8_t kind, struct wire_in *in)
{
	struct span handle;

	if (kind == FXP_HANDLE) {
		handle = wire_get_string(in);
		if (!in->bad && handle.len > 0 && handle.len <= HANDLE) {
			memcpy(f->handle, handle.ptr, handle.len);
			f->handle_len = handle.len;
			f->state =
			    f->state == FILE_LEAVING ? FILE_LEAVING : FILE_OPEN;
			return;
		}
	}
	f->failed = kind == FXP_STATUS ? status_word(wire_get_u32(in)) : ST_IO;
	if (f->failed == ST_OK || f->failed == ST_EOF)
		f->failed = ST_IO;
	if (f->state != FILE_LEAVING)
		f->state = FILE_FAILED;
}

static void
read_answer(struct sftp_file *f, struct piece *p, uint8_t kind,
	    struct wire_in *in)
{
	struct span data = span_of(NULL, 0);
	enum status st = ST_IO;

	if (kind == FXP_DATA) {
		data = wire_get_string(in);
		if (!in->bad && data.len > 0 && data.len <= p->want)
			st = ST_OK;
	} else if (kind == FXP_STATUS) {
		st = status_word(wire_get_u32(in));
		st = st == ST_OK ? ST_IO : st; /* without any data */
	}
	if (st == ST_OK) {
		p->data = malloc(data.len);
		if (p->data != NULL) {
			memcpy(p->data, data.ptr, data.len);
			p->len = (uint32_t)data.len;
			p->state = PIECE_HERE;
			return;
		}
		st = ST_NOMEM;
	}
	p->state = st == ST_EOF ? PIECE_END : PIECE_FAILED;
	f->ended = true;
	if (st != ST_EOF && f->failed == ST_OK)
		f->failed = st;
}

static void forget(struct sftp_file *f);

static void
give_answer(struct sftp *s, uint32_t id, uint8_t kind, struct wire_in *in)
{
	struct waiter w;
	struct sftp_file *f;

	if (id >= PENDING || !s->waiters[id].used) {
		ended(s, ST_MALFORMED);
		return;
	}
	w = s->waiters[id];
	s->waiters[id].used = false;
	s->under_way--;
	f = w.file;
	if (f != NULL) {
		f->under_way--;
		if (w.opening)
			open_answer(f, kind, in);
		else if (f->state != FILE_LEAVING)
			read_answer(f, &f->ring[w.piece], kind, in);
		if (f->state == FILE_LEAVING)
			forget(f);
		return;
	}
	if (id != s->awaited)
		return; /* of a CLOSE: nobody waits */
	s->kind = kind;
	buf_clear(&s->answer);
	if (buf_add(&s->answer, in->rest.ptr, in->rest.len) != ST_OK)
		ended(s, ST_NOMEM);
	s->answered = true;
}

/* More bytes of the channel, behind what is there. */
static enum status
fetch(struct sftp *s)
{
	size_t got = 0;
	enum status st;

	buf_drop(&s->in, s->in_at);
	s->in_at = 0;
	st = buf_reserve(&s->in, SFTP_PIECE);
	if (st == ST_OK)
		st = ssh_read(s->channel, s->in.data + s->in.len,
			      s->in.room - s->in.len, &got);
	if (st == ST_OK && got == 0)
		st = ST_CLOSED;
	s->in.len += got;
	return st == ST_OK ? st : ended(s, st);
}

/* The next whole packet; waits for it. */
static enum status
turn(struct sftp *s)
{
	struct wire_in in;
	struct span packet;
	uint8_t kind;
	enum status st;

	if (s->broken != ST_OK)
		return s->broken;
	while ((st = wire_packet(span_skip(buf_span(&s->in), s->in_at), PACKET,
				 &packet)) == ST_AGAIN) {
		st = fetch(s);
		if (st != ST_OK)
			return st;
	}
	if (st != ST_OK)
		return ended(s, st);
	s->in_at += 4 + packet.len;
	in = (struct wire_in){.rest = packet};
	kind = wire_get_u8(&in);
	give_answer(s, wire_get_u32(&in), kind, &in);
	return s->broken;
}

/* Send a request that this call waits for; `name` of an extension, or NULL. */
static enum status
call_by(struct sftp *s, uint8_t kind, const char *name, struct span what,
	struct wire_in *in)
{
	struct wire_out w;
	uint32_t id;
	enum status st = s->broken;

	while (st == ST_OK && (st = new_id(s, NULL, 0, &id)) == ST_FULL)
		st = turn(s);
	if (st != ST_OK)
		return st;
	begin(s, &w, kind, id);
	if (name != NULL)
		wire_string(&w, span_str(name));
	wire_string(&w, what);
	st = send(s, &w);
	s->awaited = id;
	s->answered = false;
	while (st == ST_OK && !s->answered)
		st = turn(s);
	if (st != ST_OK)
		return st;
	*in = (struct wire_in){.rest = buf_span(&s->answer)};
	if (s->kind == FXP_STATUS) {
		st = status_word(wire_get_u32(in));
		return st == ST_OK ? ended(s, ST_MALFORMED) : st;
	}
	return ST_OK;
}

static enum status
call(struct sftp *s, uint8_t kind, struct span what, struct wire_in *in)
{
	return call_by(s, kind, NULL, what, in);
}

/* Nobody waits for the answer. */
static enum status
close_handle(struct sftp *s, struct span handle)
{
	struct wire_out w;
	uint32_t id;
	enum status st = s->broken;

	while (st == ST_OK && (st = new_id(s, NULL, 0, &id)) == ST_FULL)
		st = turn(s);
	if (st != ST_OK)
		return st;
	begin(s, &w, FXP_CLOSE, id);
	wire_string(&w, handle);
	return send(s, &w);
}

/* ---- names -----------------------------------------------------------------
 */

enum status
sftp_stat(struct sftp *s, struct span path, bool follow, struct sftp_attr *out)
{
	struct wire_in in;
	enum status st = call(s, follow ? FXP_STAT : FXP_LSTAT, path, &in);

	if (st != ST_OK)
		return st;
	if (s->kind != FXP_ATTRS || !wire_get_attr(&in, out))
		return ended(s, ST_MALFORMED);
	return ST_OK;
}

enum status
sftp_real(struct sftp *s, struct span path, struct buf *to)
{
	struct wire_in in;
	struct span name;
	enum status st = call(s, FXP_REALPATH, path, &in);

	if (st != ST_OK)
		return st;
	if (s->kind != FXP_NAME || wire_get_u32(&in) != 1)
		return ended(s, ST_MALFORMED);
	name = wire_get_string(&in);
	if (in.bad)
		return ended(s, ST_MALFORMED);
	return buf_add(to, name.ptr, name.len);
}

enum status
sftp_pseudo(struct sftp *s, struct span path, bool *out)
{
	struct wire_in in;
	uint64_t blocks;
	enum status st;

	*out = false;
	if (!s->tells_fs)
		return ST_OK;
	st = call_by(s, FXP_EXTENDED, STATVFS, path, &in);
	if (st != ST_OK)
		return s->broken; /* that it cannot be told is no trouble */
	(void)wire_get_u64(&in);  /* sizes of blocks */
	(void)wire_get_u64(&in);
	blocks = wire_get_u64(&in);
	if (s->kind != FXP_REPLY || in.bad)
		return ended(s, ST_MALFORMED);
	*out = blocks == 0;
	return ST_OK;
}

static enum status
give_names(struct sftp *s, struct wire_in *in, sftp_entry_fn *each, void *arg)
{
	uint32_t n = wire_get_u32(in);
	enum status st = ST_OK;

	while (st == ST_OK && n-- > 0 && !in->bad) {
		struct span name = wire_get_string(in);
		struct sftp_attr a;

		(void)wire_get_string(in); /* for people */
		if (!wire_get_attr(in, &a))
			break;
		if (name.len > 0 && !str_is(name, ".") && !str_is(name, ".."))
			st = each(arg, name, &a);
	}
	return in->bad ? ended(s, ST_MALFORMED) : st;
}

enum status
sftp_list(struct sftp *s, struct span path, sftp_entry_fn *each, void *arg)
{
	uint8_t room[HANDLE];
	struct span handle;
	struct wire_in in;
	enum status st = call(s, FXP_OPENDIR, path, &in), end;

	if (st != ST_OK)
		return st;
	handle = wire_get_string(&in);
	if (s->kind != FXP_HANDLE || in.bad || handle.len > HANDLE)
		return ended(s, ST_MALFORMED);
	memcpy(room, handle.ptr, handle.len);
	handle.ptr = room;
	while (st == ST_OK) {
		st = call(s, FXP_READDIR, handle, &in);
		if (st == ST_OK && s->kind != FXP_NAME)
			st = ended(s, ST_MALFORMED);
		if (st == ST_OK)
			st = give_names(s, &in, each, arg);
	}
	end = close_handle(s, handle);
	if (st == ST_EOF)
		st = ST_OK;
	return st == ST_OK ? end : st;
}

/* ---- files -----------------------------------------------------------------
 */

static struct piece *
piece_at(struct sftp_file *f, size_t i)
{
	return &f->ring[(f->first + i) % SFTP_WINDOW];
}

/* One more request, for the stretch behind the last one. */
static enum status
ask_piece(struct sftp_file *f)
{
	struct sftp *s = f->sftp;
	size_t slot = (f->first + f->count) % SFTP_WINDOW;
	struct wire_out w;
	uint32_t id;
	enum status st = new_id(s, f, slot, &id);

	if (st != ST_OK)
		return st;
	f->under_way++;
	f->count++;
	f->ring[slot] = (struct piece){.off = f->asked, .want = SFTP_PIECE};
	f->asked += SFTP_PIECE;
	begin(s, &w, FXP_READ, id);
	wire_string(&w, span_of(f->handle, f->handle_len));
	wire_u64(&w, f->ring[slot].off);
	wire_u32(&w, SFTP_PIECE);
	return send(s, &w);
}

/* A server may give less than it was asked for: the rest once more. */
static enum status
ask_rest(struct sftp_file *f, struct piece *p)
{
	struct sftp *s = f->sftp;
	struct wire_out w;
	uint32_t id;
	enum status st = s->broken;

	while (st == ST_OK &&
	       (st = new_id(s, f, (size_t)(p - f->ring), &id)) == ST_FULL)
		st = turn(s);
	if (st != ST_OK)
		return st;
	f->under_way++;
	p->off += p->len;
	p->want -= p->len;
	p->len = p->at = 0;
	free(p->data);
	p->data = NULL;
	p->state = PIECE_ASKED;
	begin(s, &w, FXP_READ, id);
	wire_string(&w, span_of(f->handle, f->handle_len));
	wire_u64(&w, p->off);
	wire_u32(&w, p->want);
	return send(s, &w);
}

/* As many requests as may be under way; one behind the end, to see it. */
static enum status
ask_ahead(struct sftp_file *f, size_t window)
{
	enum status st = ST_OK;

	while (
	    st == ST_OK && f->state == FILE_OPEN && !f->ended &&
	    f->count < window &&
	    (f->size == UINT64_MAX || f->asked <= f->size || f->count == 0)) {
		st = ask_piece(f);
		if (st == ST_FULL)
			return ST_OK; /* later */
	}
	return st;
}

enum status
sftp_begin(struct sftp *s, struct span path, uint64_t size,
	   struct sftp_file **out)
{
	struct sftp_file *f = calloc(1, sizeof(*f));
	struct wire_out w;
	uint32_t id;
	enum status st = s->broken;

	if (f == NULL)
		return ST_NOMEM;
	while (st == ST_OK && (st = new_id(s, f, 0, &id)) == ST_FULL)
		st = turn(s);
	if (st != ST_OK) {
		free(f);
		return st;
	}
	s->waiters[id].opening = true;
	f->sftp = s;
	f->size = size == 0 ? UINT64_MAX : size; /* /proc says 0, too */
	f->under_way = 1;
	f->next = s->files;
	s->files = f;
	begin(s, &w, FXP_OPEN, id);
	wire_string(&w, path);
	wire_u32(&w, 1); /* for reading */
	wire_u32(&w, 0); /* no attributes */
	st = send(s, &w);
	if (st == ST_OK)
		*out = f;
	return st;
}

static void
drop_piece(struct sftp_file *f)
{
	struct piece *p = piece_at(f, 0);

	free(p->data);
	p->data = NULL;
	f->first = (f->first + 1) % SFTP_WINDOW;
	f->count--;
}

/* Files that come later get their requests, too, once they are open. */
static enum status
ask_others(struct sftp *s)
{
	enum status st = ST_OK;

	for (struct sftp_file *f = s->files; st == ST_OK && f != NULL;
	     f = f->next)
		st = ask_ahead(f, SFTP_AHEAD);
	return st;
}

/* Until the first piece of the file is here, or it failed. */
static enum status
await_piece(struct sftp_file *f)
{
	struct sftp *s = f->sftp;
	enum status st = ST_OK;

	for (;;) {
		if (f->state == FILE_FAILED)
			return f->failed;
		st = ask_ahead(f, SFTP_WINDOW);
		if (st == ST_OK)
			st = ask_others(s);
		if (st != ST_OK)
			return st;
		if (f->count > 0 && piece_at(f, 0)->state != PIECE_ASKED)
			return ST_OK;
		if (f->state == FILE_OPEN && f->count == 0 && f->ended)
			return ST_EOF;
		st = turn(s);
		if (st != ST_OK)
			return st;
	}
}

static enum status
take_piece(struct sftp_file *f, uint8_t *dst, size_t n, size_t *got)
{
	struct piece *p = piece_at(f, 0);
	uint32_t left = p->len - p->at;
	size_t take = left < n ? left : n;

	memcpy(dst, p->data + p->at, take);
	p->at += (uint32_t)take;
	*got = take;
	if (p->at < p->len)
		return ST_OK;
	if (p->len < p->want) {
		if (p->off + p->len != f->size)
			return ask_rest(f, p);
		f->ended = true; /* as long as it was said to be */
	}
	drop_piece(f);
	return ST_OK;
}

enum status
sftp_read(struct sftp_file *f, void *dst, size_t n, size_t *got)
{
	uint8_t *to = dst;
	size_t have = 0;
	enum status st;

	*got = 0;
	while (have < n) {
		size_t some = 0;

		/* what is here already goes out before anything is awaited */
		if (have > 0 && f->count > 0 &&
		    piece_at(f, 0)->state == PIECE_ASKED && have >= SFTP_PIECE)
			break;
		st = await_piece(f);
		if (st == ST_EOF)
			break;
		if (st != ST_OK)
			return st;
		if (piece_at(f, 0)->state == PIECE_FAILED)
			return f->failed;
		if (piece_at(f, 0)->state == PIECE_END)
			break;
		st = take_piece(f, to + have, n - have, &some);
		if (st != ST_OK)
			return st;
		have += some;
	}
	*got = have;
	return ST_OK;
}

/* The last answer is here: nothing points to it any more. */
static void
forget(struct sftp_file *f)
{
	struct sftp_file **at = &f->sftp->files;

	if (f->under_way > 0)
		return;
	if (f->handle_len > 0 && f->sftp->broken == ST_OK &&
	    close_handle(f->sftp, span_of(f->handle, f->handle_len)) != ST_OK)
		f->handle_len = 0; /* the session is over: so is its handle */
	while (*at != f)
		at = &(*at)->next;
	*at = f->next;
	free(f);
}

void
sftp_end(struct sftp_file *f)
{
	if (f == NULL)
		return;
	while (f->count > 0)
		drop_piece(f);
	f->state = FILE_LEAVING;
	forget(f);
}

/* ---- beginning and end -----------------------------------------------------
 */

static enum status
greet(struct sftp *s)
{
	struct wire_out w;
	struct wire_in in;
	struct span packet;
	enum status st;

	wire_begin(&w, &s->out, FXP_INIT);
	wire_u32(&w, VERSION);
	st = send(s, &w);
	while (st == ST_OK && (st = wire_packet(buf_span(&s->in), PACKET,
						&packet)) == ST_AGAIN)
		st = fetch(s);
	if (st != ST_OK)
		return st;
	in = (struct wire_in){.rest = packet};
	s->in_at = 4 + packet.len;
	if (wire_get_u8(&in) != FXP_VERSION || wire_get_u32(&in) < VERSION ||
	    in.bad)
		return ended(s, ST_UNSUPPORTED);
	while (in.rest.len > 0 && !in.bad) {
		struct span name = wire_get_string(&in);

		(void)wire_get_string(&in); /* its version */
		s->tells_fs = s->tells_fs || str_is(name, STATVFS);
	}
	return ST_OK;
}

/* Where distributions put it. Nothing is left on the host: it only runs. */
#define PROGRAM                                                                \
	"for p in /usr/lib/openssh /usr/libexec/openssh /usr/lib/ssh "         \
	"/usr/libexec /usr/lib/misc /usr/libexec/sftp; do "                    \
	"[ -x $p/sftp-server ] && exec %s$p/sftp-server -R; done; exit 127"

static enum status
start(struct sftp *s, struct ssh *ssh, enum sftp_how how)
{
	char command[512];

	if (how == SFTP_SUBSYSTEM)
		return ssh_subsystem(ssh, "sftp", &s->channel);
	snprintf(command, sizeof(command), PROGRAM,
		 how == SFTP_SUDO ? "sudo -n " : "");
	return ssh_exec(ssh, command, &s->channel);
}

enum status
sftp_open(struct ssh *ssh, enum sftp_how how, struct sftp **out)
{
	struct sftp *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	buf_init(&s->out, 64 * 1024);
	buf_init(&s->in, 2 * (size_t)PACKET + SFTP_PIECE);
	buf_init(&s->answer, PACKET);
	st = start(s, ssh, how);
	if (st == ST_OK)
		st = greet(s);
	if (st != ST_OK) {
		sftp_close(s);
		return st;
	}
	*out = s;
	return ST_OK;
}

void
sftp_close(struct sftp *s)
{
	if (s == NULL)
		return;
	s->broken = ST_CLOSED;
	while (s->files != NULL) {
		struct sftp_file *f = s->files;

		s->files = f->next;
		while (f->count > 0)
			drop_piece(f);
		free(f);
	}
	ssh_channel_close(s->channel);
	buf_fini(&s->out);
	buf_fini(&s->in);
	buf_fini(&s->answer);
	free(s);
}
