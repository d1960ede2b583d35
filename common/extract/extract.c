#include "extract/extract.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/must.h"
#include "extract/again.h"
#include "extract/archive/inflate.h"
#include "extract/data/track.h"
#include "extract/job.h"
#include "extract/made.h"

void
extract_options_default(struct extract_options *o)
{
	*o = (struct extract_options){0};
	budget_default(&o->budget);
}

/* ---- kit -------------------------------------------------------------------
 */

enum status
extract_kit_open(const struct extract_options *o, struct extract_kit **out,
		 struct buf *why)
{
	struct extract_kit *k = calloc(1, sizeof(*k));
	enum status st = ST_OK;

	if (k == NULL)
		return ST_NOMEM;
	k->options = *o;
	format_index_make(&k->formats);
	if (k->options.budget.depth > JOB_DEPTH_MAX)
		k->options.budget.depth = JOB_DEPTH_MAX;
	for (size_t i = 0; st == ST_OK && format_groups[i] != NULL; i++) {
		const struct format_group *g = format_groups[i];

		must(i < FORMAT_GROUPS_MAX);
		if (g->prepare != NULL)
			st = g->prepare(&k->options, &k->state[i], why);
	}
	if (st != ST_OK) {
		extract_kit_close(k);
		return st;
	}
	*out = k;
	return ST_OK;
}

void
extract_kit_close(struct extract_kit *k)
{
	if (k == NULL)
		return;
	for (size_t i = 0; format_groups[i] != NULL; i++)
		if (format_groups[i]->release != NULL)
			format_groups[i]->release(k->state[i]);
	free(k);
}

/* ---- extractor -------------------------------------------------------------
 */

enum status
extractor_open(const struct extract_kit *k, struct extractor **out)
{
	struct extractor *x = calloc(1, sizeof(*x));

	if (x == NULL)
		return ST_NOMEM;
	x->kit = k;
	x->budget = k->options.budget;
	x->spot = spot_best();
	x->file = -1;
	*out = x;
	return ST_OK;
}

enum status
extractor_alone(const struct extract_options *o, struct extractor **out)
{
	struct extract_kit *k;
	struct buf why;
	enum status st;

	buf_init(&why, 4096);
	st = extract_kit_open(o, &k, &why);
	buf_fini(&why);
	if (st != ST_OK)
		return st;
	st = extractor_open(k, out);
	if (st != ST_OK) {
		extract_kit_close(k);
		return st;
	}
	(*out)->own = k;
	return extractor_file(*out);
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
	for (size_t i = 0; i < JOB_LEVELS; i++) {
		wipe_free(x->levels[i].buf, PART_BUF);
		inflater_free(x->levels[i].inflater);
		made_free(x->levels[i].made);
	}
	wipe_free(x->window, EXTRACT_WINDOW);
	wipe_free(x->raw, PART_BUF);
	wipe_free(x->folded, EXTRACT_WINDOW);
	free(x->map);
	free(x->folds);
	free(x->widths);
	for (size_t i = 0; i < PAIR__COUNT; i++)
		free(x->pairs[i]);
	again_free(x->again);
	track_free(x->track);
	if (x->file >= 0)
		close(x->file);
	extract_kit_close(x->own);
	free(x);
}

static void
root_part(const struct extract_input *in, struct part *p)
{
	if (in->bytes.ptr != NULL || in->size == 0)
		part_memory(p, in->bytes);
	else
		*p = (struct part){
		    .arg = in->arg,
		    .read = in->read,
		    .pread = in->pread,
		    .extent = in->extent,
		    .size = in->size,
		};
	p->name = in->name;
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

void
extract_begin(struct extractor *x, const struct extract_sink *sink,
	      struct extract_result *out)
{
	*out = (struct extract_result){.coverage = COVERAGE_NONE};
	x->sink = sink;
	x->result = out;
	x->place_len = 0;
	x->depth = 0;
	names_begin(&x->levels[0].names);
	x->output = x->windows = x->kept = x->notes = 0;
	x->cpu_seen = x->cpu_end = x->member_end = 0;
	x->stop = x->stop_member = false;
	x->parser = "";
	x->where = NULL;
	x->made = false;
	x->made_at = MADE_ORIGIN;
	x->first = span_of(NULL, 0);
}

enum status
extract_object(struct extractor *x, const struct extract_input *in,
	       const struct extract_sink *sink, struct extract_result *out)
{
	struct part *root = &x->root;

	root_part(in, root);
	extract_begin(x, sink, out);
	if (root->whole.ptr == NULL) {
		root->buf = job_buf(x);
		if (root->buf == NULL)
			return ST_NOMEM;
	}
	return read_root(x, out);
}
