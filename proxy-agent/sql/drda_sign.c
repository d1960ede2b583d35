#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "crypto/random.h"
#include "proxy-agent/sql/drda_impl.h"
#include "proxy-agent/sql/drda_substitute.h"
#include "proxy-agent/sql/drda_text.h"

#define NAME_PAD 18 /* bytes of a database's name at least */
#define LONGEST  255

/* Levels of managers: DRDA 4, and names in UTF-8 for who can. */
static const uint8_t managers[] = {
    0x14, 0x03, 0,    7,    /* AGENT */
    0x24, 0x07, 0,    7,    /* SQLAM */
    0x24, 0x0f, 0,    7,    /* RDB */
    0x14, 0x40, 0,    7,    /* SECMGR */
    0x14, 0x74, 0,    5,    /* CMNTCPIP */
    0x1c, 0x08, 0x04, 0xb8, /* UNICODEMGR: 1208 */
};

#define NO 0xf0

/*
 * What we say that we are. Derby gives nanoseconds and truth values to those
 * alone who seem to be its own client of at least this version, and takes the
 * substitute of a password from no other.
 */
#define PRODUCT "DNC10140"

/* How we would sign in; a seed goes with a substitute alone. */
static void
put_way(struct drda_out *o, const struct sql_to *to, enum drda_way way,
	struct span seed)
{
	size_t at = drda_begin(o, DRDA_ACCSEC);

	drda_u16(o, DRDA_SECMEC, (uint16_t)way);
	drda_name(o, DRDA_RDBNAM, to->database, NAME_PAD);
	if (seed.len > 0)
		drda_bytes(o, DRDA_SECTKN, seed);
	drda_end(o, at);
	drda_dss(o, DRDA_REQUEST);
}

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
	drda_name(o, DRDA_SRVRLSLV, PRODUCT "/10.14.0.0", 0);
	drda_bytes(o, DRDA_MGRLVLLS, span_of(managers, sizeof(managers)));
	drda_end(o, at);
	drda_dss(o, DRDA_REQUEST);
	put_way(o, to, DRDA_BY_PASSWORD, span_of(NULL, 0));
	return drda_talk_ask(t);
}

/* ---- who we are ---- */

static bool
takes(const struct drda_talk *t, enum drda_way way)
{
	return (t->ways & (uint32_t)1 << way) != 0;
}

/* What they are called where people set them. */
static const char *
name_way(const struct drda_talk *t)
{
	static const struct {
		unsigned way;
		const char *name;
	} names[] = {
	    {4, "USRIDONL, a user without a password"},
	    {7, "USRENCPWD, an encrypted password"},
	    {8, "USRSSBPWD, a substitute of it"},
	    {9, "EUSRIDPWD, both encrypted"},
	    {11, "Kerberos"},
	    {13, "EUSRPWDDTA, all encrypted"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if ((t->ways & (uint32_t)1 << names[i].way) != 0)
			return names[i].name;
	return "something else";
}

/*
 * Diffie-Hellman of 256 bits and DES keep nothing secret today, so they are
 * not spoken: TLS does it, and the server is told to let it.
 */
static enum status
refuse(struct drda_talk *t)
{
	char words[sizeof(t->trouble)];

	snprintf(words, sizeof(words),
		 "it does not take user and password inside TLS, but %s: set "
		 "derby.drda.securityMechanism=CLEAR_TEXT_PASSWORD_SECURITY "
		 "(Derby) or AUTHENTICATION SERVER (DB2), both with TLS",
		 name_way(t));
	drda_say(t, ST_UNSUPPORTED, words);
	return ST_UNSUPPORTED;
}

static enum status
check(struct drda_talk *t)
{
	enum status st = drda_talk_ask(t);

	if (st == ST_OK && !t->signed_in)
		drda_say(t, ST_DENIED, "it did not sign us in");
	return st == ST_OK ? t->st : st;
}

static enum status
by_password(struct drda_talk *t, const struct sql_to *to)
{
	struct drda_out *o = &t->out;
	size_t at = drda_begin(o, DRDA_SECCHK);

	drda_u16(o, DRDA_SECMEC, DRDA_BY_PASSWORD);
	drda_name(o, DRDA_RDBNAM, to->database, NAME_PAD);
	drda_name(o, DRDA_USRID, to->user, 0);
	drda_name(o, DRDA_PASSWORD, to->password != NULL ? to->password : "",
		  0);
	drda_end(o, at);
	drda_dss(o, DRDA_REQUEST);
	return check(t);
}

static enum status
by_substitute(struct drda_talk *t, const struct sql_to *to)
{
	uint8_t seed[DRDA_SEED], word[DRDA_SUBSTITUTE];
	struct drda_out *o = &t->out;
	enum status st;
	size_t at;

	random_bytes(seed, sizeof(seed));
	put_way(o, to, DRDA_BY_SUBSTITUTE, span_of(seed, sizeof(seed)));
	st = drda_talk_ask(t);
	if (st != ST_OK)
		return st;
	if (!t->seeded || !takes(t, DRDA_BY_SUBSTITUTE))
		return refuse(t);
	st = drda_substitute(to->user, to->password != NULL ? to->password : "",
			     seed, t->seed, word);
	if (st != ST_OK)
		return st;
	at = drda_begin(o, DRDA_SECCHK);
	drda_u16(o, DRDA_SECMEC, DRDA_BY_SUBSTITUTE);
	drda_name(o, DRDA_RDBNAM, to->database, NAME_PAD);
	drda_bytes(o, DRDA_SECTKN, span_of(word, sizeof(word)));
	drda_name(o, DRDA_USRID, to->user, 0);
	drda_end(o, at);
	drda_dss(o, DRDA_REQUEST);
	return check(t);
}

/* Others than Derby mean another substitute by the same number. */
static enum status
say_who(struct drda_talk *t, const struct sql_to *to)
{
	if (takes(t, DRDA_BY_PASSWORD))
		return by_password(t, to);
	if (takes(t, DRDA_BY_SUBSTITUTE) && strstr(t->class, "Derby") != NULL)
		return by_substitute(t, to);
	return refuse(t);
}

/* ---- the database ---- */

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
		drda_say(t, ST_IO, "it did not open the database");
	return st == ST_OK ? t->st : st;
}

/*
 * Derby takes what stands behind a ';' as orders about the database, to make or
 * to drop one, too.
 */
const char *
drda_bad_name(const char *database)
{
	if (database[0] == 0)
		return "no database is named; it stands behind the host, as in "
		       "/DATABASE";
	if (strchr(database, ';') != NULL || strlen(database) > LONGEST)
		return "the name of a database has no ';', and 255 letters at "
		       "most";
	return NULL;
}

enum status
drda_sign_in(struct drda_talk *t, const struct sql_to *to)
{
	enum status st = greet(t, to);

	if (st == ST_OK)
		st = say_who(t, to);
	return st == ST_OK ? enter(t, to) : st;
}
