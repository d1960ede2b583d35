#include "extract/archive/codec.h"

#include "extract/archive/streamname.h"

void
codec_start(struct codec_reader *r, const struct codec *c, struct part *from,
	    uint64_t limit, bool more)
{
	*r = (struct codec_reader){
	    .codec = c, .from = from, .left = limit, .more = more};
}

void
codec_stop(struct codec_reader *r)
{
	if (r->state != NULL)
		r->codec->close(r->state);
	r->state = NULL;
}

/* Behind a stream: another one, or the end. */
static void
end_stream(struct codec_reader *r)
{
	codec_stop(r);
	r->ended = !r->more || !r->codec->begins(part_peek(r->from, 64));
}

static enum status
run_once(struct codec_reader *r, uint8_t *dst, size_t n, size_t *made)
{
	struct span in = part_ahead(r->from);
	size_t used = 0;
	enum status st;

	if (in.len > r->left)
		in.len = (size_t)r->left;
	st = r->codec->run(r->state, in, dst, n, &used, made);
	part_consume(r->from, used);
	r->left -= used;
	if (st == ST_OK && used == 0 && *made == 0)
		st = ST_CLOSED;
	return st;
}

enum status
codec_read(struct codec_reader *r, void *dst, size_t n, size_t *got)
{
	enum status st = ST_OK;

	*got = 0;
	while (st == ST_OK && !r->ended && *got < n) {
		size_t made = 0;

		if (r->state == NULL)
			r->state = r->codec->open();
		if (r->state == NULL)
			return ST_NOMEM;
		st = run_once(r, (uint8_t *)dst + *got, n - *got, &made);
		*got += made;
		if (st == ST_EOF) {
			end_stream(r);
			st = ST_OK;
		}
	}
	return st;
}

/* ---- files -----------------------------------------------------------------
 */

struct file {
	struct extractor *x;
	struct codec_reader reader;
	bool broken;
};

static enum status
file_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct file *f = arg;
	enum status st = codec_read(&f->reader, dst, n, got);

	if (!job_spend(f->x, *got))
		return ST_LIMIT;
	f->broken = f->broken || st != ST_OK;
	if (st == ST_UNSUPPORTED || st == ST_NOMEM) {
		job_note(f->x,
			 st == ST_NOMEM ? COVER_MEMORY : COVER_UNSUPPORTED);
		return ST_LIMIT; /* noted here */
	}
	return st;
}

static enum status
file_part(struct extractor *x, struct part *p, const struct codec *c)
{
	struct file f = {.x = x};
	struct part inner = {.arg = &f, .read = file_read, .size = UINT64_MAX};
	uint8_t name[JOB_NAME_MAX];
	size_t n = stream_name(p->name, x->parser, name);
	enum status st;

	if (!job_count(x))
		return ST_OK;
	codec_start(&f.reader, c, p, UINT64_MAX, true);
	st = job_member(x, &inner, span_of(name, n));
	while (st == ST_OK && !x->stop && part_ahead(&inner).len > 0)
		part_consume(&inner, part_ahead(&inner).len);
	codec_stop(&f.reader);
	if (st != ST_OK || x->stop || f.broken || !f.reader.ended)
		return st;
	return job_rest(x, p);
}

enum status
codec_bzip2_part(struct extractor *x, struct part *p)
{
	return file_part(x, p, &codec_bzip2);
}

enum status
codec_xz_part(struct extractor *x, struct part *p)
{
	return file_part(x, p, &codec_xz);
}

enum status
codec_lzma_part(struct extractor *x, struct part *p)
{
	return file_part(x, p, &codec_lzma);
}

enum status
codec_zstd_part(struct extractor *x, struct part *p)
{
	return file_part(x, p, &codec_zstd);
}

enum status
codec_lz4_part(struct extractor *x, struct part *p)
{
	return file_part(x, p, &codec_lz4);
}
