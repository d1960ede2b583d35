#ifndef PROXY_AGENT_SQL_DRDA_WIRE_H
#define PROXY_AGENT_SQL_DRDA_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * drda_wire: how DRDA (The Open Group, version 5, volume 3: DDM) puts commands
 * and answers on a connection: data stream structures (DSS), each of one or
 * more objects with a length and a code point. No connection is in here.
 */

/* Code points: the objects that we say or hear. */
enum {
	DRDA_TYPDEFNAM = 0x002f,
	DRDA_TYPDEFOVR = 0x0035,
	DRDA_EXCSAT = 0x1041,
	DRDA_ACCSEC = 0x106d,
	DRDA_SECCHK = 0x106e,
	DRDA_PRDID = 0x112e,
	DRDA_SRVCLSNM = 0x1147,
	DRDA_SRVRLSLV = 0x115a,
	DRDA_EXTNAM = 0x115e,
	DRDA_SRVNAM = 0x116d,
	DRDA_CCSIDSBC = 0x119c,
	DRDA_CCSIDDBC = 0x119d,
	DRDA_CCSIDMBC = 0x119e,
	DRDA_USRID = 0x11a0,
	DRDA_PASSWORD = 0x11a1,
	DRDA_SECMEC = 0x11a2,
	DRDA_SECCHKCD = 0x11a4,
	DRDA_SVRCOD = 0x1149,
	DRDA_SECTKN = 0x11dc,
	DRDA_SECCHKRM = 0x1219,
	DRDA_CMDATHRM = 0x121c,
	DRDA_MGRLVLLS = 0x1404,
	DRDA_EXCSATRD = 0x1443,
	DRDA_EXTDTA = 0x146c,
	DRDA_ACCSECRD = 0x14ac,
	DRDA_ACCRDB = 0x2001,
	DRDA_CLSQRY = 0x2005,
	DRDA_CNTQRY = 0x2006,
	DRDA_OPNQRY = 0x200c,
	DRDA_PRPSQLSTT = 0x200d,
	DRDA_RDBCMM = 0x200e,
	DRDA_RDBRLLBCK = 0x200f,
	DRDA_EXCSQLSET = 0x2014,
	DRDA_RDBACCCL = 0x210f,
	DRDA_RDBNAM = 0x2110,
	DRDA_PKGNAMCSN = 0x2113,
	DRDA_QRYBLKSZ = 0x2114,
	DRDA_RTNSQLDA = 0x2116,
	DRDA_RDBALWUPD = 0x211a,
	DRDA_QRYBLKCTL = 0x2132,
	DRDA_CRRTKN = 0x2135,
	DRDA_RTNEXTDTA = 0x2148,
	DRDA_QRYINSID = 0x215b,
	DRDA_QRYCLSIMP = 0x215d,
	DRDA_ACCRDBRM = 0x2201,
	DRDA_OPNQRYRM = 0x2205,
	DRDA_RDBNFNRM = 0x2211,
	DRDA_OPNQFLRM = 0x2212,
	DRDA_ENDQRYRM = 0x220b,
	DRDA_RDBATHRM = 0x22cb,
	DRDA_SQLCARD = 0x2408,
	DRDA_SQLSTT = 0x2414,
	DRDA_LMTBLKPRC = 0x2417,
	DRDA_QRYDSC = 0x241a,
	DRDA_QRYDTA = 0x241b,
};

/* ---- what is said ---- */

#define DRDA_REQUEST 1 /* kinds of DSS */
#define DRDA_ANSWER  2
#define DRDA_OBJECT  3

/*
 * Commands, one behind the other. Trouble is kept and told by drda_said().
 *
 * Owner: drda_out_fini(), which wipes.
 */
struct drda_out {
	struct buf bytes;  /* whole DSS */
	struct buf object; /* the command at hand */
	size_t last;       /* where the last DSS begins */
	bool any;
	uint16_t number; /* of the last request */
	bool utf8;       /* names are UTF-8, else EBCDIC */
	enum status st;
};

void drda_out_init(struct drda_out *o);
void drda_out_fini(struct drda_out *o);
void drda_out_clear(struct drda_out *o);

/* An object; others may begin within it. Gives what drda_end() wants. */
size_t drda_begin(struct drda_out *o, uint16_t point);
void drda_end(struct drda_out *o, size_t begun);

void drda_put(struct drda_out *o, struct span bytes); /* without a point */
void drda_bytes(struct drda_out *o, uint16_t point, struct span bytes);
void drda_u8(struct drda_out *o, uint16_t point, uint8_t value);
void drda_u16(struct drda_out *o, uint16_t point, uint16_t value);
void drda_u32(struct drda_out *o, uint16_t point, uint32_t value);
/* Text without a point, in the code page of names, with blanks up to `least`
 * bytes. */
void drda_letters(struct drda_out *o, const char *name, size_t least);
/* An object of it. */
void drda_name(struct drda_out *o, uint16_t point, const char *name,
	       size_t least);

/*
 * The object becomes a DSS: a request, with a number of its own, or data for
 * the request before it.
 */
void drda_dss(struct drda_out *o, uint8_t kind);

NODISCARD enum status drda_said(const struct drda_out *o);

/* ---- what is heard ---- */

#define DRDA_BODY_MAX ((size_t)32 << 20) /* bytes of one DSS */

/* One DSS, as its bytes come. */
struct drda_frame {
	struct buf body; /* its objects */
	uint8_t kind;
	uint16_t number;
	bool chained; /* the answer goes on with another */
	enum { DRDA_HEAD, DRDA_SEGMENT, DRDA_BODY, DRDA_WHOLE } step;
	size_t left;    /* of the segment */
	bool continued; /* by another segment */
};

void drda_frame_init(struct drda_frame *f);
void drda_frame_fini(struct drda_frame *f);
void drda_frame_clear(struct drda_frame *f); /* for the next */

/* How many bytes it takes next; 0 when it is whole. */
size_t drda_frame_wants(const struct drda_frame *f);
/* So many, or, of a body, fewer. ST_MALFORMED, ST_LIMIT. */
NODISCARD enum status drda_frame_give(struct drda_frame *f, struct span bytes);

struct drda_object {
	uint16_t point;
	struct span data;
};

/* The object in front of one that is not whole yet, when it is a long one: what
 * is there of it. */
bool drda_frame_begun(const struct drda_frame *f, struct drda_object *o);

/* The object in front; ST_EOF behind the last. */
NODISCARD enum status drda_next(struct span *rest, struct drda_object *o);

/* The first one of that point among those in `data`. */
bool drda_find(struct span data, uint16_t point, struct span *out);
/* Its value as a number of one to eight bytes; `none` where there is none. */
uint64_t drda_number(struct span data, uint16_t point, uint64_t none);

#endif
