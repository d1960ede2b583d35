#include "proxy-agent/sql/drda_talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy-agent/sql/drda_impl.h"
#include "proxy-agent/sql/drda_text.h"

#define ROWS_CAP  ((size_t)8 << 20)  /* of one answer */
#define LARGE_CAP ((size_t)40 << 20) /* large objects that wait */

/* ---- words ---- */

void
drda_say(struct drda_talk *t, enum status st, const char *words)
{
	if (t->st != ST_OK)
		return; /* the first is the cause */
	t->st = st;
	snprintf(t->trouble, sizeof(t->trouble), "%s", words);
}

enum status
drda_broken(struct drda_talk *t, enum status st)
{
	t->dead = true;
	if (st == ST_LIMIT) {
		drda_say(t, st, "an answer has no room");
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

enum status
drda_talk_ask(struct drda_talk *t)
{
	enum status st = drda_said(&t->out);

	if (t->dead || drda_answer_pass(t) != ST_OK)
		return ST_CLOSED;
	t->st = ST_OK;
	t->now = t->form;
	if (st == ST_UNSUPPORTED)
		drda_say(t, st, "a name has letters that it cannot be told");
	if (st == ST_OK) {
		st = stream_write(t->stream, buf_span(&t->out.bytes));
		t->number = t->out.number;
		t->under_way = st == ST_OK;
		st = st == ST_OK ? drda_answer_hear(t) : drda_broken(t, st);
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
