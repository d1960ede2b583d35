#include "extract/archive/libarchive.h"

#include <endian.h>
#include <string.h>

#include "extract/archive/lib_impl.h"
#include "extract/hold.h"

#define SEVEN_HEAD 32           /* bytes of the first header of a 7z */
#define HOLD_BEGIN (256 * 1024) /* of a stream, to read it again as bytes */

typedef int supporter(struct archive *a);

static enum status
read_archive(struct extractor *x, struct part *p, supporter *format,
	     struct outcome *o)
{
	enum status st = ST_OK;
	struct lib l;

	if (!lib_open(&l, x, p))
		return ST_NOMEM;
	(void)format(l.a); /* a warning says that a codec is missing */
	if (lib_start(&l) == ARCHIVE_OK)
		st = lib_walk(&l, o);
	else
		lib_note_break(&l);
	o->sought = l.sought;
	lib_close(&l);
	return st;
}

/* Of a stream the beginning is held, in case that it was no archive at all. */
static enum status
archive_part(struct extractor *x, struct part *p, supporter *format)
{
	bool held = !part_seekable(p);
	struct outcome o = {0};
	struct part *from = p;
	enum status st;
	struct hold h;

	if (held) {
		(void)hold_begin(x, p, HOLD_BEGIN, &h);
		from = &h.part;
	}
	st = read_archive(x, from, format, &o);
	if (o.count == 0 && part_seekable(from))
		part_seek(from, 0);
	else if (o.count == 0)
		(void)hold_again(&h);
	/* after a seek nobody knows what was read and what was not */
	if (st == ST_OK && !x->stop && (o.count == 0 || !o.sought))
		st = job_rest(x, from);
	if (held)
		hold_end(x, &h);
	return st;
}

enum status
libarchive_tar(struct extractor *x, struct part *p, bool *broken)
{
	struct outcome o = {0};
	enum status st = ST_OK;
	struct lib l;

	if (!lib_open(&l, x, p))
		return ST_NOMEM;
	l.unit = 512; /* so that a header that is damaged is all there */
	(void)archive_read_support_format_tar(l.a);
	if (lib_start(&l) == ARCHIVE_OK)
		st = lib_walk(&l, &o);
	else
		o.broken = true;
	if (o.broken) {
		lib_stand(&l, archive_read_header_position(l.a));
		l.placed = true;
	}
	*broken = o.broken;
	lib_close(&l);
	return st;
}

enum status
libarchive_cpio(struct extractor *x, struct part *p)
{
	return archive_part(x, p, archive_read_support_format_cpio);
}

enum status
libarchive_ar(struct extractor *x, struct part *p)
{
	return archive_part(x, p, archive_read_support_format_ar);
}

/* A first volume has the beginning of all, and no list of members. */
static void
note_missing_end(struct extractor *x, struct part *p)
{
	uint8_t h[SEVEN_HEAD];
	uint64_t off, size;

	if (!part_pread(p, h, sizeof(h), 0))
		return;
	memcpy(&off, h + 12, sizeof(off));
	memcpy(&size, h + 20, sizeof(size));
	off = le64toh(off);
	size = le64toh(size);
	if (off < INT64_MAX && size < INT64_MAX && off + size > p->size)
		job_note_words(x, COVER_VOLUME, "%llu of %llu bytes are here",
			       (unsigned long long)p->size,
			       (unsigned long long)(SEVEN_HEAD + off + size));
}

enum status
libarchive_7z(struct extractor *x, struct part *p)
{
	note_missing_end(x, p);
	return archive_part(x, p, archive_read_support_format_7zip);
}

enum status
libarchive_cab(struct extractor *x, struct part *p)
{
	return archive_part(x, p, archive_read_support_format_cab);
}

enum status
libarchive_iso(struct extractor *x, struct part *p)
{
	return archive_part(x, p, archive_read_support_format_iso9660);
}

enum status
libarchive_rar(struct extractor *x, struct part *p)
{
	return archive_part(x, p, archive_read_support_format_rar);
}

enum status
libarchive_rar5(struct extractor *x, struct part *p)
{
	return archive_part(x, p, archive_read_support_format_rar5);
}

enum status
libarchive_lha(struct extractor *x, struct part *p)
{
	return archive_part(x, p, archive_read_support_format_lha);
}

enum status
libarchive_xar(struct extractor *x, struct part *p)
{
	return archive_part(x, p, archive_read_support_format_xar);
}
