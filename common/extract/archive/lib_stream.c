#include "extract/archive/lib_impl.h"
#include "extract/archive/streamname.h"

typedef int supporter(struct archive *a);

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
			lib_note_break(l);
		return ST_OK;
	}
	if (!job_count(l->x))
		return ST_OK;
	n = stream_name(l->p->name, kind, name);
	inner = lib_data(l);
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

	if (!lib_open(&l, x, p))
		return ST_NOMEM;
	(void)filter(l.a);
	archive_read_support_format_raw(l.a);
	archive_read_support_format_empty(l.a);
	if (lib_start(&l) != ARCHIVE_OK)
		lib_note_break(&l);
	else if (archive_filter_code(l.a, 0) == code)
		st = read_stream(&l, kind);
	else /* it only began like one */
		job_note_words(x, COVER_MALFORMED, "no sound header");
	lib_close(&l);
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
