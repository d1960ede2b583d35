#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "proxy-agent/sql/drda_impl.h"
#include "proxy-agent/sql/drda_text.h"

#define UNICODE_MANAGER 0x1c08

/* SQLSTATE by its beginning, the first that fits: ISO/IEC 9075-2, of Derby and
 * of DB2. */
static const struct {
	const char *state;
	enum status st;
} states[] = {
    {"28", ST_DENIED},      {"08004", ST_DENIED},   {"4250", ST_DENIED},
    {"42X05", ST_NOTFOUND}, {"42Y07", ST_NOTFOUND}, {"42704", ST_NOTFOUND},
    {"XCL52", ST_TIMEOUT},  {"57014", ST_TIMEOUT},  {"57033", ST_TIMEOUT},
    {"40XL", ST_TIMEOUT},   {"08", ST_CLOSED},
};

static void
hear_card(struct drda_talk *t, struct span s)
{
	struct drda_card card;
	char words[240];
	enum status st = drda_card_take(&s, &t->now, &card), means = ST_IO;

	if (st != ST_OK)
		drda_say(t, ST_IO, "what became of a statement cannot be read");
	if (st != ST_OK || card.code >= 0)
		return;
	for (size_t i = 0;
	     i < sizeof(states) / sizeof(states[0]) && means == ST_IO; i++)
		if (strncmp(card.state, states[i].state,
			    strlen(states[i].state)) == 0)
			means = states[i].st;
	snprintf(words, sizeof(words), "SQLSTATE %s: %s", card.state,
		 card.words);
	drda_say(t, means, words);
}

/* Messages that mean that it does not go on; their code point when none. */
static const struct {
	uint16_t point;
	enum status st;
	const char *words;
} messages[] = {
    {0x2211, ST_NOTFOUND, "there is no such database"},
    {0x22cb, ST_DENIED, "this user may not use the database"},
    {0x121c, ST_DENIED, "this user may not do that"},
    {0x1232, ST_CLOSED, "it ended our session"},
    {0x1233, ST_IO, "it has no resources left"},
};

/* A message; those with a card behind them leave it to that to say why. */
static void
hear_message(struct drda_talk *t, const struct drda_object *o)
{
	char words[64];

	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
		if (messages[i].point == o->point)
			drda_say(t, messages[i].st, messages[i].words);
	if (drda_number(o->data, DRDA_SVRCOD, 0) < 8 || o->point >= 0x2200)
		return;
	snprintf(words, sizeof(words), "it refused a request (%04X)", o->point);
	drda_say(t, ST_IO, words);
}

/* SECCHKCD: what became of signing in. */
static void
hear_sign_in(struct drda_talk *t, struct span data)
{
	static const struct {
		uint8_t code;
		const char *words;
	} codes[] = {
	    {0x01, "it wants another way to sign in than user and password"},
	    {0x0e, "the password has expired"},
	    {0x0f, "the password is wrong"},
	    {0x10, "it wants a password"},
	    {0x12, "it wants a user"},
	    {0x13, "user or password are wrong"},
	    {0x14, "the user is locked"},
	};
	uint64_t code = drda_number(data, DRDA_SECCHKCD, 0);

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].code == code)
			drda_say(t, ST_DENIED, codes[i].words);
	if (code != 0)
		drda_say(t, ST_DENIED, "it refused to sign us in");
	else
		t->signed_in = true;
}

/* What it takes, which is not always what was asked for. */
static void
hear_ways(struct drda_talk *t, struct span data)
{
	struct span rest = data;
	struct drda_object o;

	t->ways = 0;
	t->seeded = false;
	while (drda_next(&rest, &o) == ST_OK) {
		for (size_t i = 0; o.point == DRDA_SECMEC && i + 1 < o.data.len;
		     i += 2)
			if (o.data.ptr[i] == 0 && o.data.ptr[i + 1] < DRDA_WAYS)
				t->ways |= (uint32_t)1 << o.data.ptr[i + 1];
		if (o.point == DRDA_SECTKN && o.data.len == sizeof(t->seed)) {
			memcpy(t->seed, o.data.ptr, sizeof(t->seed));
			t->seeded = true;
		}
	}
}

static void
hear_server(struct drda_talk *t, struct span data)
{
	struct span s;

	if (drda_find(data, DRDA_SRVCLSNM, &s))
		drda_text_plain(t->class, sizeof(t->class), s, false);
	if (!drda_find(data, DRDA_MGRLVLLS, &s))
		return;
	for (; s.len >= 4; s = span_skip(s, 4))
		if (s.ptr[0] == UNICODE_MANAGER >> 8 &&
		    s.ptr[1] == (UNICODE_MANAGER & 0xff) &&
		    (s.ptr[2] << 8 | s.ptr[3]) == DRDA_UTF8)
			t->out.utf8 = true;
}

static void
hear_database(struct drda_talk *t, struct span data)
{
	char name[24] = "";
	char words[80];

	drda_form_take(&t->form, data, t->out.utf8, name);
	t->now = t->form;
	t->entered = true;
	if (t->form.supported)
		return;
	snprintf(words, sizeof(words),
		 "it writes in the form %s, which is not known", name);
	drda_say(t, ST_UNSUPPORTED, words);
}

static void
hear_query(struct drda_talk *t, struct span data)
{
	struct span s;

	t->opened = true;
	memset(t->instance, 0, sizeof(t->instance));
	if (drda_find(data, DRDA_QRYINSID, &s) && s.len == sizeof(t->instance))
		memcpy(t->instance, s.ptr, s.len);
}

static enum status
hear_large(struct drda_talk *t, struct span data)
{
	uint8_t len[4];
	enum status st;

	codec_put32(len, (uint32_t)data.len);
	st = buf_add(&t->large, len, sizeof(len));
	return st == ST_OK && data.len > 0
		   ? buf_add(&t->large, data.ptr, data.len)
		   : st;
}

enum status
drda_hear_flow(struct drda_talk *t)
{
	uint8_t len[4];

	codec_put32(len, DRDA_FLOWS);
	return buf_add(&t->large, len, sizeof(len));
}

enum status
drda_hear(struct drda_talk *t, const struct drda_object *o)
{
	enum status st;

	switch (o->point) {
	case DRDA_EXCSATRD:
		hear_server(t, o->data);
		return ST_OK;
	case DRDA_ACCSECRD:
		hear_ways(t, o->data);
		return ST_OK;
	case DRDA_SECCHKRM:
		hear_sign_in(t, o->data);
		return ST_OK;
	case DRDA_ACCRDBRM:
		hear_database(t, o->data);
		return ST_OK;
	case DRDA_SQLCARD:
		hear_card(t, o->data);
		return ST_OK;
	case DRDA_OPNQRYRM:
		hear_query(t, o->data);
		return ST_OK;
	case DRDA_ENDQRYRM:
		t->ended = true;
		return ST_OK;
	case DRDA_QRYDTA:
		return o->data.len == 0
			   ? ST_OK
			   : buf_add(&t->rows, o->data.ptr, o->data.len);
	case DRDA_EXTDTA:
		return hear_large(t, o->data);
	case DRDA_QRYDSC:
		st = drda_columns_take(&t->columns, o->data, &t->now);
		if (st == ST_UNSUPPORTED)
			drda_say(t, ST_UNSUPPORTED,
				 "a column is of a type that is not known");
		return st == ST_UNSUPPORTED ? ST_OK : st;
	default:
		hear_message(t, o);
		return ST_OK;
	}
}
