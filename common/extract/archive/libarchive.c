#include "extract/archive/libarchive.h"

#include <archive.h>
#include <archive_entry.h>
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "extract/archive/once.h"
#include "extract/archive/streamname.h"
#include "extract/hold.h"
#include "extract/made.h"

#define SEVEN_HEAD 32           /* bytes of the first header of a 7z */
#define TRIED      (64 * 1024)  /* unpacked bytes that a password must give */
#define HOLD_BEGIN (256 * 1024) /* of a stream, to read it again as bytes */
#define GAP_FILLED (64 * 1024)  /* longer holes of a sparse member are left */

/* What came of an archive. */
struct outcome {
	uint64_t count; /* headers that were read */
	bool broken;    /* it did not end as it should */
	bool sought;    /* it was not read in order */
};

/* One archive that is being read. */
struct lib {
	struct extractor *x;
	struct part *p;
	struct archive *a;
	uint64_t base; /* where it began */
	size_t unit;   /* bytes are given in multiples of it */
	size_t given;  /* bytes that the library looks at, not consumed */
	bool seeks, sought;
	bool placed; /* the part stands where it should already */
	/* data of the member at hand */
	const uint8_t *block;
	size_t len;
	la_int64_t gap;          /* zeros before the block */
	la_int64_t at;           /* offset in the member */
	bool broken;             /* the member ended by an error */
	bool over;               /* after which nothing more can be asked */
	bool quiet;              /* it is only tried */
	enum cover_reason first; /* why members cannot be read, if that holds
				    for those behind them, too */
};

/* ---- what the library asks for ---------------------------------------------
 */

static la_ssize_t
on_read(struct archive *a, void *arg, const void **buf)
{
	struct lib *l = arg;
	struct span s;

	(void)a;
	part_consume(l->p, l->given);
	l->given = 0;
	if (!job_in_time(l->x))
		return ARCHIVE_FATAL;
	s = part_ahead(l->p);
	if (s.len > EXTRACT_WINDOW)
		s.len = EXTRACT_WINDOW; /* the clock is asked at times */
	if (s.len < l->unit)
		s = part_peek(l->p, l->unit);
	if (s.len > l->unit)
		s.len -= s.len % l->unit;
	l->given = s.len;
	*buf = s.ptr;
	return (la_ssize_t)s.len;
}

static la_int64_t
on_skip(struct archive *a, void *arg, la_int64_t n)
{
	struct lib *l = arg;
	uint64_t left;

	(void)a;
	part_consume(l->p, l->given);
	l->given = 0;
	if (!l->seeks || n <= 0)
		return 0;
	left = l->p->pos < l->p->size ? l->p->size - l->p->pos : 0;
	if ((uint64_t)n > left)
		n = (la_int64_t)left;
	part_seek(l->p, l->p->pos + (uint64_t)n);
	return n;
}

static la_int64_t
on_seek(struct archive *a, void *arg, la_int64_t off, int whence)
{
	struct lib *l = arg;
	la_int64_t base = 0;

	(void)a;
	if (whence == SEEK_CUR)
		base = (la_int64_t)(l->p->pos + l->given);
	else if (whence == SEEK_END)
		base = (la_int64_t)l->p->size;
	if (off > INT64_MAX - base || off + base < 0)
		return ARCHIVE_FATAL;
	l->given = 0;
	l->sought = true;
	part_seek(l->p, (uint64_t)(off + base));
	return off + base;
}

static bool
open_archive(struct lib *l, struct extractor *x, struct part *p)
{
	*l = (struct lib){.x = x, .p = p, .base = p->pos, .unit = 1};
	l->seeks = part_seekable(p) && p->size != UINT64_MAX;
	l->a = archive_read_new();
	return l->a != NULL;
}

static int
start(struct lib *l)
{
	archive_read_set_callback_data(l->a, l);
	archive_read_set_read_callback(l->a, on_read);
	archive_read_set_skip_callback(l->a, on_skip);
	if (l->seeks)
		archive_read_set_seek_callback(l->a, on_seek);
	return archive_read_open1(l->a);
}

/* Go to offset `to` of the archive, as far as the part still can. */
static void
stand_at(struct lib *l, la_int64_t to)
{
	uint64_t at = l->base + (uint64_t)to, end = l->p->pos + l->given;

	if (to < 0)
		return;
	l->given = 0;
	if (at >= l->p->pos && at <= end)
		part_consume(l->p, (size_t)(at - l->p->pos));
	else if (l->seeks && at <= l->p->size)
		part_seek(l->p, at);
	else if (at < l->p->pos && l->p->pos - at <= PART_BACK &&
		 l->p->pos - at <= l->p->at)
		part_unread(l->p, (size_t)(l->p->pos - at));
}

/* The part stands behind what the archive used of it. */
static void
close_archive(struct lib *l)
{
	if (!l->sought && !l->placed)
		stand_at(l, archive_filter_bytes(l->a, -1));
	archive_read_free(l->a);
	l->a = NULL;
}

/* ---- what it says ----------------------------------------------------------
 */

/* Words of the library and what they mean; the first that stands in it. */
static const struct {
	const char *word;
	enum cover_reason why;
} meanings[] = {
    {"ncrypt", COVER_ENCRYPTED},
    {"assphrase", COVER_ENCRYPTED},
    {"ulti-volume", COVER_VOLUME},
    {"ultivolume", COVER_VOLUME},
    {"too much memory", COVER_MEMORY},
    {"annot allocate", COVER_MEMORY},
    {"an't allocate", COVER_MEMORY},
    {"nknown codec", COVER_UNSUPPORTED},
    {"nsupported", COVER_UNSUPPORTED},
    {"not supported", COVER_UNSUPPORTED},
    {"runcated", COVER_TRUNCATED},
    {"o progress is possible", COVER_TRUNCATED},
    {"end of file", COVER_TRUNCATED},
    {"end-of-file", COVER_TRUNCATED},
};

static enum cover_reason
meaning(struct archive *a, char words[LIBARCHIVE_WORDS])
{
	const char *said = archive_error_string(a);
	enum cover_reason why = COVER_MALFORMED;

	snprintf(words, LIBARCHIVE_WORDS, "%s", said == NULL ? "" : said);
	for (char *c = words; *c != 0; c++)
		if (*c < 0x20 || *c == 0x7f)
			*c = ' ';
	if (archive_errno(a) == ENOMEM)
		return COVER_MEMORY;
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (strstr(words, meanings[i].word) != NULL) {
			why = meanings[i].why;
			break;
		}
	return why;
}

/*
 * What cannot be decoded in a solid archive is damage to the library for all
 * that comes behind it.
 */
static enum cover_reason
same_as_before(struct lib *l, enum cover_reason why)
{
	if (why == COVER_ENCRYPTED || why == COVER_UNSUPPORTED)
		l->first = why;
	return why == COVER_MALFORMED && l->first != COVER_OK ? l->first : why;
}

static void
note_error(struct lib *l)
{
	char words[LIBARCHIVE_WORDS];
	enum cover_reason why = same_as_before(l, meaning(l->a, words));

	if (!l->x->stop && !l->quiet && l->p->failed == ST_OK)
		job_note_words(l->x, why, "%s", words);
}

/* Where it broke, for whoever wants to look. */
static void
note_break(struct lib *l)
{
	char words[LIBARCHIVE_WORDS];
	enum cover_reason why = same_as_before(l, meaning(l->a, words));
	long long at = archive_filter_bytes(l->a, -1);

	if (l->x->stop || l->p->failed != ST_OK)
		return;
	if (at < 0)
		job_note_words(l->x, why, "%s", words);
	else
		job_note_words(l->x, why, "%s%sat byte %lld", words,
			       words[0] == 0 ? "" : ", ", at);
}

/* ---- members ---------------------------------------------------------------
 */

/* The next block of the member; false at its end. */
static bool
next_block(struct lib *l)
{
	const void *block;
	la_int64_t off;
	int r;

	do
		r = archive_read_data_block(l->a, &block, &l->len, &off);
	while (r == ARCHIVE_RETRY && !l->x->stop);
	if (r == ARCHIVE_WARN)
		note_error(l);
	if (r != ARCHIVE_OK && r != ARCHIVE_WARN) {
		l->len = 0;
		if (r != ARCHIVE_EOF) {
			note_error(l);
			l->broken = true;
		}
		/* asked on, the library reads a block of a cabinet that it
		   found invalid */
		l->over = r == ARCHIVE_FATAL &&
			  archive_format(l->a) == ARCHIVE_FORMAT_CAB;
		return false;
	}
	l->block = block;
	l->gap = off > l->at && off - l->at <= GAP_FILLED ? off - l->at : 0;
	l->at = off + (la_int64_t)l->len;
	return true;
}

static enum status
data_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct lib *l = arg;

	*got = 0;
	while (l->len == 0 && l->gap == 0)
		if (!next_block(l))
			return l->x->stop || l->broken ? ST_LIMIT : ST_OK;
	if (l->gap > 0) {
		n = n < (size_t)l->gap ? n : (size_t)l->gap;
		memset(dst, 0, n);
		l->gap -= (la_int64_t)n;
	} else {
		n = n < l->len ? n : l->len;
		memcpy(dst, l->block, n);
		l->block += n;
		l->len -= n;
	}
	*got = n;
	return job_spend(l->x, n) ? ST_OK : ST_LIMIT;
}

static struct part
data_part(struct lib *l)
{
	l->len = 0;
	l->gap = l->at = 0;
	l->broken = false;
	return (struct part){.arg = l, .read = data_read, .size = UINT64_MAX};
}

static struct span
name_of(struct archive_entry *e)
{
	const char *name = archive_entry_pathname(e);

	if (name == NULL)
		name = archive_entry_pathname_utf8(e);
	return span_str(name);
}

static void
put_line(struct made *m, struct span s)
{
	if (s.len == 0)
		return;
	made_text(m, s);
	made_byte(m, '\n');
}

/* What people wrote beside the content is content, too. */
static void
put_names(struct made *m, struct archive_entry *e)
{
	const void *value;
	const char *key;
	size_t len;

	put_line(m, name_of(e));
	put_line(m, span_str(archive_entry_symlink(e)));
	put_line(m, span_str(archive_entry_hardlink(e)));
	archive_entry_xattr_reset(e);
	while (archive_entry_xattr_next(e, &key, &value, &len) == ARCHIVE_OK) {
		made_text(m, span_str(key));
		made_byte(m, '=');
		put_line(m, span_of(value, len));
	}
}

static bool
has_data(struct archive_entry *e)
{
	if (archive_entry_filetype(e) == AE_IFDIR ||
	    archive_entry_filetype(e) == AE_IFLNK)
		return false;
	return !archive_entry_size_is_set(e) || archive_entry_size(e) > 0;
}

static enum status
read_entry(struct lib *l, struct archive_entry *e, struct once *once)
{
	struct span name = name_of(e);
	uint8_t unique[JOB_NAME_MAX];
	size_t len = name.len < sizeof(unique) ? name.len : sizeof(unique);
	struct part inner;

	if (len > 0)
		memcpy(unique, name.ptr, len);
	once_name(once, unique, &len);
	if (!has_data(e))
		return ST_OK;
	inner = data_part(l);
	return job_member(l->x, &inner, span_of(unique, len));
}

static size_t
say_names(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	static const char word[] = "names";

	(void)arg;
	(void)m;
	if (room < sizeof(word))
		return 0;
	memcpy(dst, word, sizeof(word) - 1);
	return sizeof(word) - 1;
}

/* All members. */
static enum status
walk(struct lib *l, struct made *names, struct outcome *o)
{
	struct archive_entry *e = NULL;
	struct once once = {0};
	enum status st = ST_OK;
	int r = ARCHIVE_OK;

	while (st == ST_OK && !l->x->stop && !l->over) {
		r = archive_read_next_header(l->a, &e);
		if (r == ARCHIVE_WARN)
			note_error(l);
		else if (r != ARCHIVE_OK)
			break;
		o->count++;
		if (!job_count(l->x))
			break;
		put_names(names, e);
		st = read_entry(l, e, &once);
		if (l->over)
			r = ARCHIVE_FATAL;
	}
	o->broken = r != ARCHIVE_OK && r != ARCHIVE_WARN && r != ARCHIVE_EOF;
	if (o->broken)
		note_break(l);
	once_close(&once);
	return st;
}

static enum status
walk_with_names(struct lib *l, struct outcome *o)
{
	struct made *names;
	enum status st, end;

	st = made_begin(l->x, &names, say_names, NULL);
	if (st != ST_OK)
		return st;
	made_mark(names, 0, 0);
	st = walk(l, names, o);
	end = made_end(names);
	return st != ST_OK ? st : end;
}

/* ---- archives --------------------------------------------------------------
 */

typedef int supporter(struct archive *a);

static enum status
read_archive(struct extractor *x, struct part *p, supporter *format,
	     struct outcome *o)
{
	enum status st = ST_OK;
	struct lib l;

	if (!open_archive(&l, x, p))
		return ST_NOMEM;
	(void)format(l.a); /* a warning says that a codec is missing */
	if (start(&l) == ARCHIVE_OK)
		st = walk_with_names(&l, o);
	else
		note_break(&l);
	o->sought = l.sought;
	close_archive(&l);
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

	if (!open_archive(&l, x, p))
		return ST_NOMEM;
	l.unit = 512; /* so that a header that is damaged is all there */
	(void)archive_read_support_format_tar(l.a);
	if (start(&l) == ARCHIVE_OK)
		st = walk_with_names(&l, &o);
	else
		o.broken = true;
	if (o.broken) {
		stand_at(&l, archive_read_header_position(l.a));
		l.placed = true;
	}
	*broken = o.broken;
	close_archive(&l);
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

/* ---- compressed streams ----------------------------------------------------
 */

static enum status
read_stream(struct lib *l, const char *kind)
{
	struct archive_entry *e;
	uint8_t name[JOB_NAME_MAX];
	struct part inner;
	enum status st;
	size_t n;
	int r = archive_read_next_header(l->a, &e);

	if (r != ARCHIVE_OK && r != ARCHIVE_WARN) {
		if (r != ARCHIVE_EOF)
			note_break(l);
		return ST_OK;
	}
	if (!job_count(l->x))
		return ST_OK;
	n = stream_name(l->p->name, kind, name);
	inner = data_part(l);
	st = job_member(l->x, &inner, span_of(name, n));
	while (st == ST_OK && !l->x->stop && part_ahead(&inner).len > 0)
		part_consume(&inner, part_ahead(&inner).len);
	return st;
}

static enum status
stream_part(struct extractor *x, struct part *p, supporter *filter, int code)
{
	enum status st = ST_OK;
	const char *kind = x->parser;
	struct lib l;

	if (!open_archive(&l, x, p))
		return ST_NOMEM;
	(void)filter(l.a);
	archive_read_support_format_raw(l.a);
	archive_read_support_format_empty(l.a);
	if (start(&l) != ARCHIVE_OK)
		note_break(&l);
	else if (archive_filter_code(l.a, 0) == code)
		st = read_stream(&l, kind);
	else /* it only began like one */
		job_note_words(x, COVER_MALFORMED, "no sound header");
	close_archive(&l);
	return st == ST_OK && !x->stop ? job_rest(x, p) : st;
}

enum status
libarchive_lz4_legacy(struct extractor *x, struct part *p)
{
	return stream_part(x, p, archive_read_support_filter_lz4,
			   ARCHIVE_FILTER_LZ4);
}

enum status
libarchive_lzip(struct extractor *x, struct part *p)
{
	return stream_part(x, p, archive_read_support_filter_lzip,
			   ARCHIVE_FILTER_LZIP);
}

enum status
libarchive_compress(struct extractor *x, struct part *p)
{
	return stream_part(x, p, archive_read_support_filter_compress,
			   ARCHIVE_FILTER_COMPRESS);
}

/* ---- one member of a zip ---------------------------------------------------
 */

static bool
unpacks(struct lib *l)
{
	la_int64_t room = TRIED;

	while (room > 0 && next_block(l))
		room -= (la_int64_t)l->len;
	return !l->broken && !l->x->stop;
}

static enum status
read_member(struct lib *l, struct libarchive_zip *z)
{
	struct part inner = data_part(l);
	enum status st;

	if (z->probe) {
		l->quiet = true;
		if (unpacks(l))
			return ST_OK;
		z->why = meaning(l->a, z->words);
		return ST_EOF;
	}
	inner.buf = job_buf(l->x);
	if (inner.buf == NULL)
		return ST_NOMEM;
	st = z->read(z->arg, l->x, &inner);
	while (st == ST_OK && !l->x->stop && part_ahead(&inner).len > 0)
		part_consume(&inner, part_ahead(&inner).len);
	return st;
}

enum status
libarchive_zip(struct extractor *x, struct part *p, struct libarchive_zip *z)
{
	struct archive_entry *e;
	enum status st = ST_EOF;
	struct lib l;
	int r;

	if (!open_archive(&l, x, p))
		return ST_NOMEM;
	archive_read_support_format_zip_seekable(l.a);
	if (z->password != NULL)
		(void)archive_read_add_passphrase(l.a, z->password);
	r = start(&l);
	if (r == ARCHIVE_OK)
		r = archive_read_next_header(l.a, &e);
	if (r == ARCHIVE_OK || r == ARCHIVE_WARN)
		st = read_member(&l, z);
	else
		z->why = meaning(l.a, z->words);
	close_archive(&l);
	return st;
}
