/*
 * What a server of DRDA sends becomes rows, or nothing that is told. However
 * its bytes are cut, the same frames are heard; objects lie within their frame;
 * cells lie within what came or what was made of it; a row that is not whole
 * takes nothing.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "proxy-agent/sql/drda_row.h"
#include "proxy-agent/sql/drda_wire.h"

struct answer {
	struct drda_form form;
	struct drda_columns columns;
	struct buf rows, large;
};

static void
expect(bool true_)
{
	if (!true_)
		abort();
}

static enum status
hear(struct drda_frame *f, struct span *bytes, size_t step)
{
	enum status st = ST_OK;
	size_t n;

	drda_frame_clear(f);
	while (st == ST_OK && (n = drda_frame_wants(f)) > 0) {
		if (f->step == DRDA_BODY && n > step)
			n = step;
		if (n > bytes->len)
			return ST_EOF;
		st = drda_frame_give(f, span_of(bytes->ptr, n));
		*bytes = span_skip(*bytes, n);
	}
	return st;
}

static bool
is_within(struct span part, struct span whole)
{
	return part.len == 0 || (whole.len > 0 && part.ptr >= whole.ptr &&
				 part.ptr + part.len <= whole.ptr + whole.len);
}

static void
take_object(struct answer *a, const struct drda_object *o)
{
	struct span rest = o->data;
	struct drda_card card;
	uint8_t len[4];

	codec_put32(len, (uint32_t)o->data.len);
	if (o->point == DRDA_SQLCARD) {
		if (drda_card_take(&rest, &a->form, &card) == ST_OK)
			expect(strlen(card.words) < sizeof(card.words) &&
			       is_within(rest, o->data));
		else
			expect(span_eq(rest, o->data));
	} else if (o->point == DRDA_QRYDSC) {
		if (drda_columns_take(&a->columns, o->data, &a->form) == ST_OK)
			expect(a->columns.count > 0 &&
			       a->columns.count <= DRDA_COLUMNS);
		else
			a->columns.count = 0;
	} else if (o->point == DRDA_QRYDTA && o->data.len > 0) {
		(void)!buf_add(&a->rows, o->data.ptr, o->data.len);
	} else if (o->point == DRDA_EXTDTA) {
		(void)!buf_add(&a->large, len, sizeof(len));
		if (o->data.len > 0)
			(void)!buf_add(&a->large, o->data.ptr, o->data.len);
	}
}

static void
take_rows(struct answer *a)
{
	struct span rows = buf_span(&a->rows), large = buf_span(&a->large);
	struct drda_row r;
	enum status st = ST_OK;

	if (a->columns.count == 0 ||
	    drda_row_init(&r, a->columns.count) != ST_OK)
		return;
	while (st == ST_OK) {
		struct span had = rows, had_large = large;

		st = drda_row_take(&r, &a->columns, &rows, &large);
		if (st != ST_OK) {
			expect(st == ST_EOF || st == ST_IO ||
			       span_eq(rows, had));
			expect(span_eq(large, had_large));
			break;
		}
		expect(rows.len < had.len);
		for (size_t i = 0; i < a->columns.count; i++) {
			struct span c = drda_row_cell(&r, i);

			expect(is_within(c, buf_span(&a->rows)) ||
			       is_within(c, buf_span(&a->large)) ||
			       is_within(c, buf_span(&r.bytes)));
		}
	}
	drda_row_fini(&r);
}

static void
check_frames(struct span bytes, struct answer *a)
{
	struct drda_frame whole, cut;
	struct span same = bytes;
	enum status st = ST_OK;

	drda_frame_init(&whole);
	drda_frame_init(&cut);
	while (st == ST_OK) {
		struct span body;
		struct drda_object o;

		st = hear(&whole, &bytes, SIZE_MAX);
		expect(hear(&cut, &same, 7) == st || st != ST_OK);
		if (st != ST_OK)
			break;
		expect(span_eq(buf_span(&whole.body), buf_span(&cut.body)));
		body = buf_span(&whole.body);
		drda_form_take(&a->form, body, true, NULL);
		while (drda_next(&body, &o) == ST_OK) {
			expect(is_within(o.data, buf_span(&whole.body)));
			take_object(a, &o);
		}
	}
	drda_frame_fini(&whole);
	drda_frame_fini(&cut);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct answer a = {
	    .form = {.supported = true, .sbc = 1208, .dbc = 1200, .mbc = 1208}};

	buf_init(&a.rows, (size_t)1 << 20);
	buf_init(&a.large, (size_t)1 << 20);
	check_frames(span_of(data, size), &a);
	take_rows(&a);
	drda_columns_fini(&a.columns);
	buf_fini(&a.rows);
	buf_fini(&a.large);
	return 0;
}
