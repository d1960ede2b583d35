#include "extract/archive/lib_impl.h"

#define TRIED (64 * 1024) /* unpacked bytes that a password must give */

static bool
unpacks(struct lib *l)
{
	la_int64_t room = TRIED;

	while (room > 0 && lib_next_block(l))
		room -= (la_int64_t)l->len;
	return !l->broken && !l->x->stop;
}

static enum status
read_member(struct lib *l, struct libarchive_zip *z)
{
	struct part inner = lib_data(l);
	enum status st;

	if (z->probe) {
		l->quiet = true;
		if (unpacks(l))
			return ST_OK;
		z->why = lib_meaning(l->a, z->words);
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

	if (!lib_open(&l, x, p))
		return ST_NOMEM;
	archive_read_support_format_zip_seekable(l.a);
	if (z->password != NULL)
		(void)archive_read_add_passphrase(l.a, z->password);
	r = lib_start(&l);
	if (r == ARCHIVE_OK)
		r = archive_read_next_header(l.a, &e);
	if (r == ARCHIVE_OK || r == ARCHIVE_WARN)
		st = read_member(&l, z);
	else
		z->why = lib_meaning(l.a, z->words);
	lib_close(&l);
	return st;
}
