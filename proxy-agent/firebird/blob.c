#include "proxy-agent/firebird/blob.h"

#include <string.h>

#define SEGMENT 32768

#define SUBTYPE_TEXT 1
#define CHARSET_NONE 0
#define CHARSET_UTF8 4

/*
 * That text is wanted in UTF-8 (API Guide, "Blob parameter buffer"). Of blobs
 * the number of the character set stands in the scale.
 */
static unsigned short
wanted(const XSQLVAR *v, ISC_UCHAR *bpb)
{
	int from = v->sqlscale & 0xff;
	const ISC_UCHAR all[] = {
	    isc_bpb_version1, isc_bpb_source_type,   1,
	    SUBTYPE_TEXT,     isc_bpb_target_type,   1,
	    SUBTYPE_TEXT,     isc_bpb_source_interp, 1,
	    (ISC_UCHAR)from,  isc_bpb_target_interp, 1,
	    CHARSET_UTF8,
	};

	if (v->sqlsubtype != SUBTYPE_TEXT || from == CHARSET_UTF8 ||
	    from <= CHARSET_NONE + 1)
		return 0; /* as it is: bytes of NONE and OCTETS, too */
	memcpy(bpb, all, sizeof(all));
	return sizeof(all);
}

static enum status
read_segments(struct sql_session *s, isc_blob_handle *blob)
{
	enum status st = ST_OK;

	for (;;) {
		ISC_SCHAR part[SEGMENT];
		ISC_USHORT n = 0;
		ISC_STATUS got = 0;

		st = CALL(s, s->idle_ms,
			  got = isc_get_segment(s->status, blob, &n,
						sizeof(part), part));
		if (got == isc_segstr_eof)
			return ST_OK;
		if (st != ST_OK && got != isc_segment)
			return st;
		st = buf_add(&s->blobs, part, n);
		if (st != ST_OK)
			return st;
	}
}

enum status
firebird_blob(struct sql_session *s, const XSQLVAR *v)
{
	ISC_STATUS_ARRAY status;
	isc_blob_handle blob = 0;
	ISC_UCHAR bpb[16];
	ISC_QUAD id;
	enum status st;

	memcpy(&id, v->sqldata, sizeof(id));
	st = CALL(s, s->answer_ms,
		  isc_open_blob2(s->status, &s->db, &s->transaction, &blob, &id,
				 (ISC_USHORT)wanted(v, bpb), bpb));
	if (st != ST_OK)
		return st;
	st = read_segments(s, &blob);
	watch_begin(s->watch, s->answer_ms);
	(void)isc_close_blob(status, &blob);
	(void)watch_end(s->watch);
	return st;
}
