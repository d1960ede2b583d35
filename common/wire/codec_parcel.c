#include "wire/codec_parcel.h"

#include "base/codec.h"
#include "wire/codec_finding.h"

/*
 * Written by hand, so that an image of up to 1 MiB is not copied twice: field 1
 * is a varint, field 2 is bytes.
 */
#define TAG_SEQ   0x08
#define TAG_IMAGE 0x12

enum status
parcel_encode(const struct parcel *p, struct buf *to)
{
	enum status st = buf_add_byte(to, TAG_SEQ);

	if (st == ST_OK)
		st = codec_put_varint(to, p->seq);
	if (st == ST_OK)
		st = buf_add_byte(to, TAG_IMAGE);
	return st == ST_OK ? codec_put_span(to, p->image) : st;
}

static bool
take_tag(struct span *s, uint8_t tag)
{
	if (s->len == 0 || s->ptr[0] != tag)
		return false;
	*s = span_skip(*s, 1);
	return true;
}

enum status
parcel_decode(struct span s, struct parcel *p)
{
	if (!take_tag(&s, TAG_SEQ) || codec_get_varint(&s, &p->seq) != ST_OK ||
	    !take_tag(&s, TAG_IMAGE) ||
	    codec_get_span(&s, BATCH_IMAGE_MAX, &p->image) != ST_OK ||
	    s.len != 0 || p->seq == 0 || p->seq > INT64_MAX)
		return ST_MALFORMED;
	return ST_OK;
}
