#include "proxy-agent/sql/drda_talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy-agent/sql/drda_impl.h"
#include "proxy-agent/sql/drda_text.h"

#define ROWS_CAP  ((size_t)8 << 20)  /* of one answer */
#define LARGE_CAP ((size_t)40 << 20) /* large objects of one */
#define CHUNK     65536

/* ---- words ---- */

void
drda_say(struct drda_talk *t, enum status st, const char *words)
{
	if (t->st != ST_OK)
		return; /* the first is the cause */
	t->st = st;
	snprintf(t->trouble, sizeof(t->trouble), "%s", words);
}

/* The connection cannot be used any more. */
static enum status
broken(struct drda_talk *t, enum status st)
{
	t->dead = true;
	if (st == ST_LIMIT) {
		drda_say(t, st, "a row has cells of 32 MiB or more");
		return st;
	}
	if (st == ST_MALFORMED) {
		drda_say(t, st, "it does not speak DRDA as it should");
		return ST_IO;
	}
	st = st == ST_EOF ? ST_CLOSED : st;
	drda_say(t, st,
		 st == ST_NOMEM ? "there is no memory left"
				: stream_trouble(t->stream, st));
	return st;
}

/* ---- the connection ---- */

static enum status
read_frame(struct drda_talk *t)
{
	uint8_t bytes[CHUNK];
	enum status st = ST_OK;
	size_t want, got, have = 0;

	drda_frame_clear(&t->frame);
	while (st == ST_OK && (want = drda_frame_wants(&t->frame)) > 0) {
		bool body = t->frame.step == DRDA_BODY;

		want = want > sizeof(bytes) ? sizeof(bytes) : want;
		got = 0;
		st = stream_read(t->stream, bytes + have, want - have, &got);
		have += got;
		if (st != ST_OK || (!body && have < want))
			continue;
		st = drda_frame_give(&t->frame, span_of(bytes, have));
		have = 0;
	}
	return st;
}

static enum status
hear_frame(struct drda_talk *t)
{
	struct span rest = buf_span(&t->frame.body);
	struct drda_object o;
	enum status st;

	if (t->frame.kind != DRDA_ANSWER && t->frame.kind != DRDA_OBJECT)
		return ST_MALFORMED;
	drda_form_take(&t->now, rest, t->out.utf8, NULL);
	while ((st = drda_next(&rest, &o)) == ST_OK) {
		st = drda_hear(t, &o);
		if (st != ST_OK)
			return st;
	}
	return st == ST_EOF ? ST_OK : st;
}

enum status
drda_talk_ask(struct drda_talk *t)
{
	enum status st = drda_said(&t->out);

	t->st = ST_OK;
	t->now = t->form;
	if (t->dead)
		return ST_CLOSED;
	if (st == ST_UNSUPPORTED)
		drda_say(t, st, "a name has letters that it cannot be told");
	if (st == ST_OK) {
		st = stream_write(t->stream, buf_span(&t->out.bytes));
		do {
			if (st == ST_OK)
				st = read_frame(t);
			if (st == ST_OK)
				st = hear_frame(t);
		} while (st == ST_OK && (t->frame.chained ||
					 t->frame.number != t->out.number));
		if (st != ST_OK)
			st = broken(t, st);
	}
	drda_out_clear(&t->out);
	return st == ST_OK ? t->st : st;
}

void
drda_talk_close(struct drda_talk *t)
{
	if (t == NULL)
		return;
	stream_close(t->stream);
	drda_out_fini(&t->out);
	drda_frame_fini(&t->frame);
	drda_columns_fini(&t->columns);
	buf_fini(&t->rows);
	buf_fini(&t->large);
	free(t);
}

static enum status
prepare(struct drda_talk *t, const struct sql_to *to, struct buf *why)
{
	const struct stream_to where = {
	    .host = to->host,
	    .port = to->port,
	    .tls = to->ca_pem.len > 0 || (!to->here && !to->clear),
	    .ca_pem = to->ca_pem,
	    .patience = to->patience,
	};

	drda_out_init(&t->out);
	drda_frame_init(&t->frame);
	buf_init(&t->rows, ROWS_CAP);
	buf_init(&t->large, LARGE_CAP);
	t->form = (struct drda_form){.supported = true,
				     .sbc = DRDA_UTF8,
				     .dbc = DRDA_UTF16,
				     .mbc = DRDA_UTF8};
	return stream_open(&where, &t->stream, why);
}

enum status
drda_talk_open(const struct sql_to *to, struct drda_talk **out, struct buf *why)
{
	const char *bad = drda_bad_name(to->database);
	struct drda_talk *t = calloc(1, sizeof(*t));
	enum status st;

	if (t == NULL)
		return ST_NOMEM;
	if (bad != NULL) {
		drda_say(t, ST_USAGE, bad);
		st = ST_USAGE;
	} else {
		st = prepare(t, to, why);
	}
	if (st == ST_OK)
		st = drda_sign_in(t, to);
	if (st == ST_OK) {
		stream_signed_in(t->stream);
		*out = t;
		return ST_OK;
	}
	if (why != NULL && why->len == 0)
		(void)!buf_add_str(why, t->trouble);
	drda_talk_close(t);
	return st;
}
