#include "proxy-agent/sql/drda_late.h"

#include <string.h>

#include "base/codec.h"
#include "proxy-agent/sql/drda_impl.h"
#include "proxy-agent/sql/drda_text.h"
#include "proxy-agent/sql/drda_value.h"

#define TEXT_CAP ((size_t)16 << 20) /* of a piece */

void
drda_late_init(struct drda_late *l)
{
	*l = (struct drda_late){.step = DRDA_LATE_NONE};
	buf_init(&l->text, TEXT_CAP);
}

void
drda_late_fini(struct drda_late *l)
{
	buf_fini(&l->text);
}

/* To the first that is to come from column `at` on. */
static void
go_to(struct drda_late *l, const struct drda_row *r, size_t at, size_t columns)
{
	while (at < columns && !r->cells[at].comes)
		at++;
	l->at = at;
	l->step = at < columns ? DRDA_LATE_NEXT : DRDA_LATE_NONE;
	l->halves = 0;
}

void
drda_late_begin(struct drda_late *l, const struct drda_row *r, size_t columns)
{
	go_to(l, r, 0, columns);
}

/* ---- as they come ---- */

static bool
is_there(const struct drda_talk *t)
{
	return t->large.len - t->large_at >= sizeof(uint32_t);
}

/* What of it is there: its beginning when it flows, else all. */
static enum status
begin(struct drda_late *l, struct drda_talk *t, struct span *raw)
{
	size_t nullable = t->columns.at[l->at].nullable;
	enum status st = ST_OK;
	uint32_t n;

	buf_drop(&t->large, t->large_at);
	t->large_at = 0;
	while (st == ST_OK && !is_there(t) && t->under_way)
		st = drda_answer_hear(t);
	if (st != ST_OK)
		return st;
	if (!is_there(t))
		return drda_broken(t, ST_EOF);
	n = codec_get32(t->large.data);
	t->large_at = sizeof(n);
	l->step = DRDA_LATE_CAME;
	if (n != DRDA_FLOWS) {
		*raw = span_of(t->large.data + t->large_at, n);
		t->large_at += n;
		*raw = span_skip(*raw, n < nullable ? n : nullable);
		return ST_OK;
	}
	l->step = DRDA_LATE_FLOWS;
	t->flow_at += nullable;
	return drda_answer_piece(t, raw);
}

static enum status
take(struct drda_late *l, struct drda_talk *t, struct span *raw)
{
	*raw = span_of(NULL, 0);
	if (l->step == DRDA_LATE_NEXT)
		return begin(l, t, raw);
	return l->step == DRDA_LATE_FLOWS ? drda_answer_piece(t, raw) : ST_OK;
}

/* ---- as UTF-8 ---- */

static bool
is_wide(const struct drda_column *c)
{
	return drda_type_of(c->type)->value == DRDA_PAIRED;
}

/* How many bytes at its end are of a letter that goes on. */
static size_t
half_of(struct span s)
{
	size_t odd = s.len % 2, n = s.len - odd;

	return n >= 2 && (s.ptr[n - 2] & 0xfc) == 0xd8 ? odd + 2 : odd;
}

/* Behind the last piece what is left of a letter is shown as half of one. */
static enum status
spell_wide(struct drda_late *l, const struct drda_column *c, struct span raw,
	   struct span *piece)
{
	struct buf whole;
	size_t half;
	enum status st;

	buf_init(&whole, TEXT_CAP);
	st = buf_add(&whole, l->half, l->halves);
	if (st == ST_OK && raw.len > 0)
		st = buf_add(&whole, raw.ptr, raw.len);
	half = raw.len > 0 && st == ST_OK ? half_of(buf_span(&whole)) : 0;
	if (st == ST_OK)
		st = drda_text_add(&l->text, c->ccsid,
				   span_of(whole.data, whole.len - half));
	if (half > 0)
		memcpy(l->half, whole.data + whole.len - half, half);
	l->halves = half;
	*piece = buf_span(&l->text);
	buf_fini(&whole);
	return st;
}

static enum status
spell(struct drda_late *l, const struct drda_columns *all, struct span raw,
      struct span *piece)
{
	const struct drda_column *c = &all->at[l->at];
	enum status st;

	*piece = raw;
	if (drda_row_is_ready(c))
		return ST_OK;
	buf_clear(&l->text);
	if (is_wide(c))
		return spell_wide(l, c, raw, piece);
	st = drda_text_add(&l->text, c->ccsid, raw);
	*piece = buf_span(&l->text);
	return st;
}

/* A piece of the one at hand; behind its last, to the next. */
static enum status
go_on(struct drda_late *l, struct drda_talk *t, const struct drda_row *r,
      struct span *piece)
{
	struct span raw;
	enum status st = take(l, t, &raw);

	if (st == ST_OK)
		st = spell(l, &t->columns, raw, piece);
	if (st == ST_OK && raw.len == 0)
		go_to(l, r, l->at + 1, t->columns.count);
	return st;
}

enum status
drda_late_piece(struct drda_late *l, struct drda_talk *t,
		const struct drda_row *r, size_t i, struct span *piece)
{
	enum status st = ST_OK;

	*piece = span_of(NULL, 0);
	while (st == ST_OK && l->step != DRDA_LATE_NONE && l->at <= i &&
	       piece->len == 0) {
		bool before = l->at < i;

		st = go_on(l, t, r, piece);
		if (before)
			*piece = span_of(NULL, 0);
	}
	return st;
}

enum status
drda_late_pass(struct drda_late *l, struct drda_talk *t,
	       const struct drda_row *r)
{
	struct span piece;
	enum status st = ST_OK;

	while (st == ST_OK && l->step != DRDA_LATE_NONE)
		st = drda_late_piece(l, t, r, l->at, &piece);
	return st;
}
