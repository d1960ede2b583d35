#include "proxy-agent/session/sftp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/session/sftp_state.h"
#include "proxy-agent/session/sftp_wire.h"
#include "sys/pace.h"

#define VERSION 3
#define PACKET  (256 * 1024 + 1024) /* the largest that servers send */
#define QUEUE   (16 * 1024)         /* of requests that go out together */
#define STATVFS "statvfs@openssh.com"
#define LIMITS  "limits@openssh.com"

static enum status
ended(struct sftp *s, enum status st)
{
	if (s->broken == ST_OK)
		s->broken = st;
	return st;
}

/* ---- requests --------------------------------------------------------------
 */

enum status
sftp_new_id(struct sftp *s, struct sftp_file *f, size_t piece, uint32_t *id)
{
	if (s->under_way == PENDING)
		return ST_FULL;
	do
		s->last = (s->last + 1) % PENDING;
	while (s->waiters[s->last].used);
	s->waiters[s->last] =
	    (struct waiter){.used = true, .file = f, .piece = piece};
	s->under_way++;
	pace_asked(s->pace);
	*id = s->last;
	return ST_OK;
}

void
sftp_request(struct sftp *s, struct wire_out *w, uint8_t kind, uint32_t id)
{
	wire_begin(w, &s->out, kind);
	wire_u32(w, id);
}

static enum status
flush(struct sftp *s)
{
	enum status st = ST_OK;

	if (s->out.len > 0)
		st = ssh_write(s->channel, buf_span(&s->out));
	buf_clear(&s->out);
	return st == ST_OK ? st : ended(s, st);
}

enum status
sftp_send(struct sftp *s, struct wire_out *w)
{
	enum status st = wire_end(w);

	if (st != ST_OK)
		return ended(s, st);
	return s->out.len < QUEUE ? ST_OK : flush(s);
}

/* ---- answers ---------------------------------------------------------------
 */

enum status
sftp_status(uint32_t code)
{
	static const enum status words[] = {
	    ST_OK, ST_EOF,    ST_NOTFOUND, ST_DENIED,     ST_IO,
	    ST_IO, ST_CLOSED, ST_CLOSED,   ST_UNSUPPORTED};

	return code < sizeof(words) / sizeof(words[0]) ? words[code] : ST_IO;
}

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
	pace_answered(s->pace);
	f = w.file;
	if (f != NULL) {
		sftp_file_answer(f, &w, kind, in);
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
	st = flush(s); /* or nobody would answer */
	if (st == ST_OK)
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
enum status
sftp_turn(struct sftp *s)
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

	while (st == ST_OK && (st = sftp_new_id(s, NULL, 0, &id)) == ST_FULL)
		st = sftp_turn(s);
	if (st != ST_OK)
		return st;
	sftp_request(s, &w, kind, id);
	if (name != NULL)
		wire_string(&w, span_str(name));
	wire_string(&w, what);
	st = sftp_send(s, &w);
	s->awaited = id;
	s->answered = false;
	while (st == ST_OK && !s->answered)
		st = sftp_turn(s);
	if (st != ST_OK)
		return st;
	*in = (struct wire_in){.rest = buf_span(&s->answer)};
	if (s->kind == FXP_STATUS) {
		st = sftp_status(wire_get_u32(in));
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
enum status
sftp_close_handle(struct sftp *s, struct span handle)
{
	struct wire_out w;
	uint32_t id;
	enum status st = s->broken;

	while (st == ST_OK && (st = sftp_new_id(s, NULL, 0, &id)) == ST_FULL)
		st = sftp_turn(s);
	if (st != ST_OK)
		return st;
	sftp_request(s, &w, FXP_CLOSE, id);
	wire_string(&w, handle);
	return sftp_send(s, &w);
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
	end = sftp_close_handle(s, handle);
	if (st == ST_EOF)
		st = ST_OK;
	return st == ST_OK ? end : st;
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
	st = sftp_send(s, &w);
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
		if (str_is(name, LIMITS))
			s->piece = SFTP_LARGE;
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
	s->piece = SFTP_PIECE;
	s->pace = ssh_pace(ssh);
	buf_init(&s->out, QUEUE + 64 * 1024);
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
	pace_lost(s->pace, (uint32_t)s->under_way);
	while (s->files != NULL) {
		struct sftp_file *f = s->files;

		s->files = f->next;
		sftp_file_free(f);
	}
	ssh_end(s->channel);
	buf_fini(&s->out);
	buf_fini(&s->in);
	buf_fini(&s->answer);
	free(s);
}
