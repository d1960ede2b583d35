#include "extract/extract.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/must.h"
#include "extract/again.h"
#include "extract/gzip.h"
#include "extract/inflate.h"
#include "extract/job.h"
#include "extract/sniff.h"
#include "extract/text.h"
#include "extract/zip.h"

#define RATIO_FREE (16u * 1024 * 1024) /* unpacked before the ratio counts */
#define SEPARATOR  " \xe2\x86\x92 "    /* " → " */

void
extract_budget_default(struct extract_budget *b)
{
	*b = (struct extract_budget){
	    .depth = 8,
	    .members = 100000,
	    .output_bytes = UINT64_C(64) << 30,
	    .ratio = 1000,
	    .seconds = 600,
	};
}

/* How each kind of content is read; what is not here is text. */
static const struct {
	enum sniff is;
	enum status (*read)(struct extractor *x, struct part *p);
} containers[] = {
    {SNIFF_GZIP, gzip_part},
    {SNIFF_ZIP, zip_part},
};

void
job_note(struct extractor *x, enum cover_reason why)
{
	if (x->result->reason == COVER_OK)
		x->result->reason = (uint8_t)why;
	x->sink->note(x->sink->arg, span_of(x->place, x->place_len), why);
}

void
job_over(struct extractor *x, enum cover_reason why)
{
	if (!x->stop)
		job_note(x, why);
	x->stop = true;
}

static int64_t
cpu_now(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) != 0)
		return 0;
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

bool
job_in_time(struct extractor *x)
{
	int64_t now = cpu_now();

	if (x->cpu_end == 0)
		x->cpu_end = now + x->budget.seconds * INT64_C(1000000000);
	if (now >= x->cpu_end)
		job_over(x, COVER_TIME);
	return !x->stop;
}

bool
job_spend(struct extractor *x, uint64_t n)
{
	uint64_t in =
	    x->root.size != UINT64_MAX ? x->root.size : x->root.fetched;

	x->output += n;
	if (x->output > x->budget.output_bytes)
		job_over(x, COVER_BYTES);
	else if (x->output > RATIO_FREE && x->output / x->budget.ratio > in + 1)
		job_over(x, COVER_RATIO);
	return !x->stop;
}

bool
job_count(struct extractor *x)
{
	if (x->result->members >= x->budget.members) {
		job_over(x, COVER_MEMBERS);
		return false;
	}
	x->result->members++;
	return x->result->members % 64 != 1 || job_in_time(x);
}

size_t
job_enter(struct extractor *x, struct span name)
{
	size_t old = x->place_len;
	size_t sep = old > 0 ? strlen(SEPARATOR) : 0;

	if (name.len > JOB_NAME_MAX)
		name.len = JOB_NAME_MAX;
	if (old + sep + name.len > JOB_PLACE_MAX)
		return old;
	memcpy(x->place + old, SEPARATOR, sep);
	if (name.len > 0)
		memcpy(x->place + old + sep, name.ptr, name.len);
	x->place_len = old + sep + name.len;
	return old;
}

void
job_leave(struct extractor *x, size_t place_len)
{
	x->place_len = place_len;
}

uint8_t *
job_buf(struct extractor *x)
{
	if (x->bufs[x->depth] == NULL)
		x->bufs[x->depth] = malloc(PART_BUF);
	return x->bufs[x->depth];
}

struct inflater *
job_inflater(struct extractor *x)
{
	if (x->inflaters[x->depth] == NULL)
		x->inflaters[x->depth] = inflater_new();
	return x->inflaters[x->depth];
}

/* Reading ended before its time: say why. */
static void
note_failure(struct extractor *x, const struct part *p)
{
	switch ((int)p->failed) {
	case ST_OK:
	case ST_LIMIT: /* noted where the limit is */
		break;
	case ST_MALFORMED:
		job_note(x, COVER_MALFORMED);
		break;
	case ST_CLOSED:
		job_note(x, COVER_TRUNCATED);
		break;
	default:
		job_note(x, COVER_IO);
	}
}

enum status
job_part(struct extractor *x, struct part *p)
{
	enum status st = ST_OK;
	enum sniff is = sniff_bytes(part_peek(p, PART_PEEK));
	size_t i = 0, n = sizeof(containers) / sizeof(containers[0]);

	while (i < n && containers[i].is != is)
		i++;
	if (i == n)
		st = text_part(x, p, is);
	else if (x->depth < x->budget.depth)
		st = containers[i].read(x, p);
	else {
		job_note(x, COVER_DEPTH);
		st = text_bytes(x, p, UINT64_MAX);
	}
	if (st == ST_OK && !x->stop)
		note_failure(x, p);
	return st;
}

enum status
job_member(struct extractor *x, struct part *p, struct span name)
{
	size_t place = job_enter(x, name);
	enum status st = ST_NOMEM;

	x->depth++;
	p->buf = job_buf(x);
	if (p->buf != NULL)
		st = job_part(x, p);
	x->depth--;
	job_leave(x, place);
	return st;
}

enum status
extractor_open(const struct extract_budget *b, struct extractor **out)
{
	struct extractor *x = calloc(1, sizeof(*x));

	if (x == NULL)
		return ST_NOMEM;
	x->budget = *b;
	x->spot = spot_best();
	if (x->budget.depth > JOB_DEPTH_MAX)
		x->budget.depth = JOB_DEPTH_MAX;
	*out = x;
	return ST_OK;
}

static void
wipe_free(void *p, size_t n)
{
	if (p != NULL)
		explicit_bzero(p, n);
	free(p);
}

void
extractor_close(struct extractor *x)
{
	if (x == NULL)
		return;
	for (size_t i = 0; i < JOB_DEPTH_MAX + 2; i++) {
		wipe_free(x->bufs[i], PART_BUF);
		inflater_free(x->inflaters[i]);
	}
	wipe_free(x->window, EXTRACT_WINDOW);
	wipe_free(x->raw, PART_BUF);
	wipe_free(x->folded, EXTRACT_WINDOW);
	free(x->map);
	free(x->folds);
	again_free(x->again);
	free(x);
}

static void
root_part(const struct extract_input *in, struct part *p)
{
	if (in->bytes.ptr != NULL || in->size == 0) {
		part_memory(p, in->bytes);
		return;
	}
	*p = (struct part){
	    .arg = in->arg,
	    .read = in->read,
	    .pread = in->pread,
	    .extent = in->extent,
	    .size = in->size,
	};
}

static void
conclude(struct extractor *x, struct extract_result *r)
{
	r->read = x->root.fetched;
	if (x->root.size != UINT64_MAX &&
	    (r->read > x->root.size || (r->reason == COVER_OK && !x->stop)))
		r->read = x->root.size;
	if (r->reason == COVER_OK)
		r->coverage = COVERAGE_FULL;
	else
		r->coverage = x->windows > 0 ? COVERAGE_PARTIAL : COVERAGE_NONE;
}

static enum status
read_root(struct extractor *x, struct extract_result *out)
{
	enum status st = job_part(x, &x->root);

	conclude(x, out);
	return st;
}

enum status
extract_object(struct extractor *x, const struct extract_input *in,
	       const struct extract_sink *sink, struct extract_result *out)
{
	struct part *root = &x->root;

	*out = (struct extract_result){.coverage = COVERAGE_NONE};
	root_part(in, root);
	x->sink = sink;
	x->result = out;
	x->place_len = 0;
	x->depth = 0;
	x->output = x->windows = x->kept = 0;
	x->cpu_end = 0;
	x->stop = false;
	if (root->whole.ptr == NULL) {
		root->buf = job_buf(x);
		if (root->buf == NULL)
			return ST_NOMEM;
	}
	return read_root(x, out);
}
