#include "model/rows.h"
#include "proxy-agent/sql/drda_impl.h"

#define CHUNK  65536
#define BEGUN  (ROWS_CELL + 64u) /* bytes of a large object that flows */
#define ENOUGH ((size_t)1 << 20) /* of large objects that wait */
#define PIECE  ((size_t)256 << 10)

/* ---- frames ---- */

/* Of the frame at hand, until it is whole or has so many bytes. */
static enum status
read_some(struct drda_talk *t, size_t enough)
{
	uint8_t bytes[CHUNK];
	enum status st = ST_OK;
	size_t want, got, have = 0;

	while (st == ST_OK && (want = drda_frame_wants(&t->frame)) > 0 &&
	       (have > 0 || t->frame.body.len < enough)) {
		bool body = t->frame.step == DRDA_BODY;

		want = want > sizeof(bytes) ? sizeof(bytes) : want;
		got = 0;
		st = stream_read(t->stream, bytes + have, want - have, &got);
		have += got;
		if (st != ST_OK || (!body && have < want))
			continue;
		st = drda_frame_give(&t->frame, span_of(bytes, have));
		have = 0;
	}
	return st;
}

/* The next frame, or the beginning of a large object's. */
static enum status
read_frame(struct drda_talk *t)
{
	struct drda_object o;
	enum status st;

	drda_frame_clear(&t->frame);
	st = read_some(t, BEGUN);
	if (st != ST_OK || drda_frame_wants(&t->frame) == 0)
		return st;
	t->flows = t->frame.kind == DRDA_OBJECT &&
		   drda_frame_begun(&t->frame, &o) && o.point == DRDA_EXTDTA;
	if (!t->flows)
		return read_some(t, SIZE_MAX);
	t->flow_at = t->frame.body.len - o.data.len;
	return drda_hear_flow(t);
}

static enum status
hear_frame(struct drda_talk *t)
{
	struct span rest = buf_span(&t->frame.body);
	struct drda_object o;
	enum status st;

	if (t->frame.kind != DRDA_ANSWER && t->frame.kind != DRDA_OBJECT)
		return ST_MALFORMED;
	drda_form_take(&t->now, rest, t->out.utf8, NULL);
	while ((st = drda_next(&rest, &o)) == ST_OK) {
		st = drda_hear(t, &o);
		if (st != ST_OK)
			return st;
	}
	return st == ST_EOF ? ST_OK : st;
}

static void
end_frame(struct drda_talk *t)
{
	t->flows = false;
	t->under_way = t->frame.chained || t->frame.number != t->number;
}

/* ---- answers ---- */

bool
drda_answer_waits(const struct drda_talk *t)
{
	return t->under_way &&
	       (t->flows || t->large.len - t->large_at >= ENOUGH);
}

enum status
drda_answer_hear(struct drda_talk *t)
{
	enum status st = ST_OK;

	do {
		st = read_frame(t);
		if (st == ST_OK && !t->flows)
			st = hear_frame(t);
		if (st == ST_OK && !t->flows)
			end_frame(t);
	} while (st == ST_OK && t->under_way && !drda_answer_waits(t));
	if (st != ST_OK)
		return drda_broken(t, st);
	return t->under_way ? ST_OK : t->st;
}

enum status
drda_answer_piece(struct drda_talk *t, struct span *piece)
{
	struct buf *body = &t->frame.body;
	enum status st = ST_OK;

	*piece = span_of(NULL, 0);
	if (!t->flows)
		return ST_OK;
	if (t->flow_at == body->len) {
		body->len = t->flow_at =
		    0; /* not wiped: what comes covers it */
		st = read_some(t, PIECE);
	}
	if (st != ST_OK)
		return drda_broken(t, st);
	*piece = span_skip(buf_span(body), t->flow_at);
	t->flow_at = body->len;
	if (piece->len == 0)
		end_frame(t);
	return ST_OK;
}

enum status
drda_answer_pass(struct drda_talk *t)
{
	struct span piece;
	enum status st = ST_OK;

	while (st == ST_OK && t->under_way && !t->dead) {
		buf_clear(&t->rows);
		buf_clear(&t->large);
		t->rows_at = t->large_at = 0;
		if (t->flows)
			st = drda_answer_piece(t, &piece);
		else
			(void)!drda_answer_hear(t);
	}
	return t->dead ? ST_CLOSED : st;
}
