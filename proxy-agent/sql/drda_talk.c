#include "proxy-agent/sql/drda_talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "proxy-agent/sql/drda_text.h"

#define ROWS_CAP  ((size_t)8 << 20)  /* of one answer */
#define LARGE_CAP ((size_t)40 << 20) /* large objects of one */
#define NAME_PAD  18                 /* bytes of a database's name at least */
#define LONGEST   255
#define CHUNK     65536

/* Levels of managers: DRDA 4, and names in UTF-8 for who can. */
#define UNICODE_MANAGER 0x1c08
static const uint8_t managers[] = {
    0x14, 0x03, 0,    7,    /* AGENT */
    0x24, 0x07, 0,    7,    /* SQLAM */
    0x24, 0x0f, 0,    7,    /* RDB */
    0x14, 0x40, 0,    7,    /* SECMGR */
    0x14, 0x74, 0,    5,    /* CMNTCPIP */
    0x1c, 0x08, 0x04, 0xb8, /* UNICODEMGR: 1208 */
};

#define BY_PASSWORD 3 /* SECMEC: user and password, as they are */
#define NO          0xf0

/*
 * What we say that we are. Derby gives nanoseconds and truth values to those
 * alone who seem to be its own client of at least this version.
 */
#define PRODUCT "DNC10140"

/* ---- words ---- */

static void
say(struct drda_talk *t, enum status st, const char *words)
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
		say(t, st, "a row has cells of 32 MiB or more");
		return st;
	}
	if (st == ST_MALFORMED) {
		say(t, st, "it does not speak DRDA as it should");
		return ST_IO;
	}
	st = st == ST_EOF ? ST_CLOSED : st;
	say(t, st,
	    st == ST_NOMEM ? "there is no memory left"
			   : stream_trouble(t->stream, st));
	return st;
}

/* ---- what an answer says ---- */

/* SQLSTATE by its beginning: ISO/IEC 9075-2, of Derby and of DB2. */
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
		say(t, ST_IO, "what became of a statement cannot be read");
	if (st != ST_OK || card.code >= 0)
		return;
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strncmp(card.state, states[i].state,
			    strlen(states[i].state)) == 0)
			means = states[i].st;
	snprintf(words, sizeof(words), "SQLSTATE %s: %s", card.state,
		 card.words);
	say(t, means, words);
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
			say(t, messages[i].st, messages[i].words);
	if (drda_number(o->data, DRDA_SVRCOD, 0) < 8 || o->point >= 0x2200)
		return;
	snprintf(words, sizeof(words), "it refused a request (%04X)", o->point);
	say(t, ST_IO, words);
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
			say(t, ST_DENIED, codes[i].words);
	if (code != 0)
		say(t, ST_DENIED, "it refused to sign us in");
	else
		t->signed_in = true;
}

static void
hear_ways(struct drda_talk *t, struct span data)
{
	struct span rest = data;
	struct drda_object o;
	char words[80];

	while (drda_next(&rest, &o) == ST_OK)
		for (size_t i = 0; o.point == DRDA_SECMEC && i + 1 < o.data.len;
		     i += 2)
			if (o.data.ptr[i] == 0 &&
			    o.data.ptr[i + 1] == BY_PASSWORD)
				return;
	snprintf(words, sizeof(words),
		 "it does not take user and password, but ways like %u",
		 (unsigned)drda_number(data, DRDA_SECMEC, 0));
	say(t, ST_UNSUPPORTED, words);
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
	say(t, ST_UNSUPPORTED, words);
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

/* ST_MALFORMED and ST_LIMIT break the connection off. */
static enum status
hear(struct drda_talk *t, const struct drda_object *o)
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
			say(t, ST_UNSUPPORTED,
			    "a column is of a type that is not known");
		return st == ST_UNSUPPORTED ? ST_OK : st;
	default:
		hear_message(t, o);
		return ST_OK;
	}
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
		st = hear(t, &o);
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
		say(t, st, "a name has letters that it cannot be told");
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

/* ---- signing in ---- */

/*
 * Who is there, and how one signs in. Both go in one, because names in the
 * second are EBCDIC still: only behind it Derby takes them as UTF-8.
 */
static enum status
greet(struct drda_talk *t, const struct sql_to *to)
{
	struct drda_out *o = &t->out;
	size_t at = drda_begin(o, DRDA_EXCSAT);

	drda_name(o, DRDA_EXTNAM, "trawl", 0);
	drda_name(o, DRDA_SRVNAM, "trawl", 0);
	drda_name(o, DRDA_SRVCLSNM, "TRAWL", 0);
	drda_bytes(o, DRDA_MGRLVLLS, span_of(managers, sizeof(managers)));
	drda_end(o, at);
	drda_dss(o, DRDA_REQUEST);
	at = drda_begin(o, DRDA_ACCSEC);
	drda_u16(o, DRDA_SECMEC, BY_PASSWORD);
	drda_name(o, DRDA_RDBNAM, to->database, NAME_PAD);
	drda_end(o, at);
	drda_dss(o, DRDA_REQUEST);
	return drda_talk_ask(t);
}

static enum status
sign_in(struct drda_talk *t, const struct sql_to *to)
{
	struct drda_out *o = &t->out;
	size_t at = drda_begin(o, DRDA_SECCHK);
	enum status st;

	drda_u16(o, DRDA_SECMEC, BY_PASSWORD);
	drda_name(o, DRDA_RDBNAM, to->database, NAME_PAD);
	drda_name(o, DRDA_USRID, to->user, 0);
	drda_name(o, DRDA_PASSWORD, to->password != NULL ? to->password : "",
		  0);
	drda_end(o, at);
	drda_dss(o, DRDA_REQUEST);
	st = drda_talk_ask(t);
	if (st == ST_OK && !t->signed_in)
		say(t, ST_DENIED, "it did not sign us in");
	return st == ST_OK ? t->st : st;
}

/* What names our work in the lists of a server: its form is that of SNA. */
static void
put_token(struct drda_out *o)
{
	size_t at = drda_begin(o, DRDA_CRRTKN);
	uint8_t now[8];

	codec_put64(now, clock_mono_ms(clock_system()));
	drda_letters(o, "TRAWL.TRAWL", 0);
	drda_put(o, span_of(now, sizeof(now)));
	drda_end(o, at);
}

/* We write in ASCII's order and UTF-8, and say that we change nothing. */
static enum status
enter(struct drda_talk *t, const struct sql_to *to)
{
	struct drda_out *o = &t->out;
	size_t at = drda_begin(o, DRDA_ACCRDB), pages;
	enum status st;

	drda_name(o, DRDA_RDBNAM, to->database, NAME_PAD);
	drda_u16(o, DRDA_RDBACCCL, 0x2407);
	drda_name(o, DRDA_PRDID, PRODUCT, 0);
	drda_name(o, DRDA_TYPDEFNAM, "QTDSQLASC", 0);
	pages = drda_begin(o, DRDA_TYPDEFOVR);
	drda_u16(o, DRDA_CCSIDSBC, DRDA_UTF8);
	drda_u16(o, DRDA_CCSIDDBC, DRDA_UTF16);
	drda_u16(o, DRDA_CCSIDMBC, DRDA_UTF8);
	drda_end(o, pages);
	drda_u8(o, DRDA_RDBALWUPD, NO);
	put_token(o);
	drda_end(o, at);
	drda_dss(o, DRDA_REQUEST);
	st = drda_talk_ask(t);
	if (st == ST_OK && !t->entered)
		say(t, ST_IO, "it did not open the database");
	return st == ST_OK ? t->st : st;
}

/*
 * Derby takes what stands behind a ';' as orders about the database, to make or
 * to drop one, too.
 */
static const char *
bad_name(const char *database)
{
	if (database[0] == 0)
		return "no database is named; it stands behind the host, as in "
		       "/DATABASE";
	if (strchr(database, ';') != NULL || strlen(database) > LONGEST)
		return "the name of a database has no ';', and 255 letters at "
		       "most";
	return NULL;
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
	const char *bad = bad_name(to->database);
	struct drda_talk *t = calloc(1, sizeof(*t));
	enum status st;

	if (t == NULL)
		return ST_NOMEM;
	if (bad != NULL) {
		say(t, ST_USAGE, bad);
		st = ST_USAGE;
	} else {
		st = prepare(t, to, why);
	}
	if (st == ST_OK)
		st = greet(t, to);
	if (st == ST_OK)
		st = sign_in(t, to);
	if (st == ST_OK)
		st = enter(t, to);
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
