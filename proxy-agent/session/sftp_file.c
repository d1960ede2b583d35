#include "proxy-agent/session/sftp.h"

#include <stdlib.h>
#include <string.h>

#include "proxy-agent/session/sftp_state.h"

/* Bytes of a file that comes later. */
#define SFTP_BEGINNING ((uint64_t)SFTP_AHEAD * SFTP_PIECE)

static struct piece *
piece_at(struct sftp_file *f, size_t i)
{
	return &f->ring[(f->first + i) % SFTP_WINDOW];
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

/* The last answer is here: nothing points to it any more. */
static void
forget(struct sftp_file *f)
{
	struct sftp_file **at = &f->sftp->files;

	if (f->under_way > 0)
		return;
	if (f->handle_len > 0 && f->sftp->broken == ST_OK &&
	    sftp_close_handle(f->sftp, span_of(f->handle, f->handle_len)) !=
		ST_OK)
		f->handle_len = 0; /* the session is over: so is its handle */
	while (*at != f)
		at = &(*at)->next;
	*at = f->next;
	free(f);
}

/* ---- answers ---------------------------------------------------------------
 */

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
	f->failed = kind == FXP_STATUS ? sftp_status(wire_get_u32(in)) : ST_IO;
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
		st = sftp_status(wire_get_u32(in));
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

void
sftp_file_answer(struct sftp_file *f, const struct waiter *w, uint8_t kind,
		 struct wire_in *in)
{
	f->under_way--;
	if (w->opening)
		open_answer(f, kind, in);
	else if (f->state != FILE_LEAVING)
		read_answer(f, &f->ring[w->piece], kind, in);
	if (f->state == FILE_LEAVING)
		forget(f);
}

/* ---- requests --------------------------------------------------------------
 */

/* The beginning comes in small pieces: what is on its way when a session ends
 * is lost as a whole. */
static uint32_t
next_want(const struct sftp_file *f)
{
	return f->asked < SFTP_BEGINNING ? SFTP_PIECE : f->sftp->piece;
}

/* One more request, for the stretch behind the last one. */
static enum status
ask_piece(struct sftp_file *f)
{
	struct sftp *s = f->sftp;
	size_t slot = (f->first + f->count) % SFTP_WINDOW;
	struct wire_out w;
	uint32_t id;
	enum status st = sftp_new_id(s, f, slot, &id);

	if (st != ST_OK)
		return st;
	f->under_way++;
	f->count++;
	f->ring[slot] = (struct piece){.off = f->asked, .want = next_want(f)};
	f->asked += f->ring[slot].want;
	sftp_request(s, &w, FXP_READ, id);
	wire_string(&w, span_of(f->handle, f->handle_len));
	wire_u64(&w, f->ring[slot].off);
	wire_u32(&w, f->ring[slot].want);
	return sftp_send(s, &w);
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
	       (st = sftp_new_id(s, f, (size_t)(p - f->ring), &id)) == ST_FULL)
		st = sftp_turn(s);
	if (st != ST_OK)
		return st;
	f->under_way++;
	if (p->want > SFTP_PIECE)
		s->piece = SFTP_PIECE; /* it has less to give at a time */
	p->off += p->len;
	p->want -= p->len;
	p->len = p->at = 0;
	free(p->data);
	p->data = NULL;
	p->state = PIECE_ASKED;
	sftp_request(s, &w, FXP_READ, id);
	wire_string(&w, span_of(f->handle, f->handle_len));
	wire_u64(&w, p->off);
	wire_u32(&w, p->want);
	return sftp_send(s, &w);
}

static uint64_t
bytes_ahead(struct sftp_file *f)
{
	return f->count == 0 ? 0 : f->asked - piece_at(f, 0)->off;
}

/* Of the file whose turn it is. */
static uint64_t
flight_of(const struct sftp *s)
{
	return s->piece > SFTP_PIECE ? SFTP_FLIGHT : SFTP_WINDOW * SFTP_PIECE;
}

/*
 * Requests for so many bytes, several together: the server is woken for each
 * packet. One behind the end, to see it.
 */
static enum status
ask_ahead(struct sftp_file *f, uint64_t most)
{
	enum status st = ST_OK;

	if (bytes_ahead(f) > most - most / 4)
		return ST_OK;
	while (
	    st == ST_OK && f->state == FILE_OPEN && !f->ended &&
	    f->count < SFTP_WINDOW && bytes_ahead(f) < most &&
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
	while (st == ST_OK && (st = sftp_new_id(s, f, 0, &id)) == ST_FULL)
		st = sftp_turn(s);
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
	sftp_request(s, &w, FXP_OPEN, id);
	wire_string(&w, path);
	wire_u32(&w, 1); /* for reading */
	wire_u32(&w, 0); /* no attributes */
	st = sftp_send(s, &w);
	if (st == ST_OK)
		*out = f;
	return st;
}

/* Files that come later get their requests, too, once they are open. */
static enum status
ask_others(struct sftp *s)
{
	enum status st = ST_OK;

	for (struct sftp_file *f = s->files; st == ST_OK && f != NULL;
	     f = f->next)
		st = ask_ahead(f, SFTP_BEGINNING);
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
		st = ask_ahead(f, flight_of(f->sftp));
		if (st == ST_OK)
			st = ask_others(s);
		if (st != ST_OK)
			return st;
		if (f->count > 0 && piece_at(f, 0)->state != PIECE_ASKED)
			return ST_OK;
		if (f->state == FILE_OPEN && f->count == 0 && f->ended)
			return ST_EOF;
		st = sftp_turn(s);
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
		if (st == ST_OK && piece_at(f, 0)->state == PIECE_FAILED)
			st = f->failed;
		if (st == ST_EOF ||
		    (st == ST_OK && piece_at(f, 0)->state == PIECE_END))
			break;
		if (st == ST_OK)
			st = take_piece(f, to + have, n - have, &some);
		have += some;
		*got = have; /* what came before a failure, too */
		if (st != ST_OK)
			return st;
	}
	return ST_OK;
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

void
sftp_file_free(struct sftp_file *f)
{
	while (f->count > 0)
		drop_piece(f);
	free(f);
}
