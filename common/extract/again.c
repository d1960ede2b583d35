#include "extract/again.h"

#include <stdlib.h>

#define KINDS (sizeof(((struct again *)0)->escapes) / sizeof(struct escapes))

struct again *
again_new(void)
{
	struct again *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return NULL;
	a->escapes[0].kind = &escape_percent;
	a->escapes[1].kind = &escape_quoted;
	return a;
}

void
again_free(struct again *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < KINDS; i++)
		view_free(&a->escapes[i].view);
	view_free(&a->base64.view);
	view_free(&a->runs.view);
	free(a);
}

void
again_begin(struct again *a)
{
	a->at = 0;
	if (a->fresh)
		return;
	for (size_t i = 0; i < KINDS; i++)
		escape_begin(&a->escapes[i]);
	base64_begin(&a->base64);
	runs_begin(&a->runs);
	a->fresh = true;
}

static bool
is_open(const struct again *a)
{
	bool open = a->base64.view.open || a->base64.skip || a->runs.view.open;

	for (size_t i = 0; i < KINDS; i++)
		open |= a->escapes[i].view.open;
	return open;
}

/* One of the signs that stand in the block is certain. */
static bool
escape_begins(struct span text, const struct spot_block *b)
{
	for (uint64_t m = b->escapes; m != 0; m &= m - 1) {
		size_t at = b->at + (size_t)__builtin_ctzll(m);

		if (text.ptr[at] == '%' ? escape_percent.certain(text, at)
					: escape_quoted.certain(text, at))
			return true;
	}
	return false;
}

bool
again_wants(struct span text, const struct spot_block *b)
{
	size_t end = b->at + SPOT_BLOCK;

	if (end > text.len)
		end = text.len;
	return ((b->kinds & SPOT_RUN) && base64_begins(text, b)) ||
	       ((b->kinds & SPOT_WIDE) && runs_begins(text, b->at, end)) ||
	       escape_begins(text, b);
}

static void
block(struct extractor *x, const struct view_text *t,
      const struct spot_block *b)
{
	struct again *a = x->again;
	size_t end = b->at + SPOT_BLOCK;

	if (end > t->text.len)
		end = t->text.len;
	for (size_t i = 0; i < KINDS && (b->kinds & SPOT_ESCAPE); i++)
		escape_block(&a->escapes[i], x, t, b->at, end);
	if (b->kinds & SPOT_RUN)
		base64_block(&a->base64, x, t, b->at, end);
	if (b->kinds & SPOT_WIDE)
		runs_block(&a->runs, x, t, b->at, end);
}

/* The first that went wrong; it is forgotten then. */
static enum status
result(struct again *a)
{
	struct view *views[KINDS + 2] = {&a->base64.view, &a->runs.view};
	enum status st = ST_OK;

	for (size_t i = 0; i < KINDS; i++)
		views[i + 2] = &a->escapes[i].view;
	for (size_t i = 0; i < KINDS + 2; i++) {
		if (st == ST_OK)
			st = views[i]->st;
		views[i]->st = ST_OK;
	}
	return st;
}

/* A run that begins in this window may reach its length behind it. */
static void
look(struct extractor *x, const struct view_text *t)
{
	struct spots s;

	spot_begin(&s, t->text, t->from);
	while (!x->stop && x->spot(&s))
		for (size_t i = 0; i < s.n && !x->stop; i++) {
			if (s.found[i].at >= t->to + SPOT_BLOCK)
				return;
			block(x, t, &s.found[i]);
		}
}

enum status
again_window(struct extractor *x, struct view_text *t,
	     const struct again_blocks *wanted)
{
	struct again *a = x->again;

	t->base = a->at - t->from;
	a->at += t->to - t->from;
	if (wanted->n == 0 && (a->fresh || !is_open(a)))
		return ST_OK;
	a->fresh = false;
	if (wanted->n > AGAIN_BLOCKS)
		look(x, t);
	else
		for (size_t i = 0; i < wanted->n && !x->stop; i++)
			block(x, t, &wanted->blocks[i]);
	for (size_t i = 0; i < KINDS && !x->stop; i++)
		escape_rest(&a->escapes[i], t);
	if (!x->stop)
		base64_rest(&a->base64, t);
	if (!x->stop)
		runs_rest(&a->runs, t);
	return result(a);
}

enum status
again_end(struct extractor *x)
{
	struct again *a = x->again;

	if (a->fresh)
		return ST_OK;
	for (size_t i = 0; i < KINDS && !x->stop; i++)
		escape_end(&a->escapes[i]);
	if (!x->stop)
		base64_end(&a->base64);
	if (!x->stop)
		runs_end(&a->runs);
	again_begin(a);
	return result(a);
}
