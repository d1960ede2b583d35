#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "proxy-agent/sql/drda_impl.h"
#include "proxy-agent/sql/drda_late.h"
#include "proxy-agent/sql/drda_text.h"

/* ---- a connection: what the server says, so much at a time ---- */

static struct {
	struct span left;
	size_t each;
} line;

enum status
stream_open(const struct stream_to *to, struct stream **out, struct buf *why)
{
	(void)to;
	(void)out;
	(void)why;
	return ST_IO;
}

void
stream_close(struct stream *s)
{
	(void)s;
}

void
stream_signed_in(struct stream *s)
{
	(void)s;
}

enum status
stream_write(struct stream *s, struct span bytes)
{
	(void)s;
	(void)bytes;
	return ST_OK;
}

enum status
stream_read(struct stream *s, void *dst, size_t n, size_t *got)
{
	(void)s;
	n = n > line.each ? line.each : n;
	n = n > line.left.len ? line.left.len : n;
	if (n == 0)
		return ST_EOF;
	memcpy(dst, line.left.ptr, n);
	line.left = span_skip(line.left, n);
	*got = n;
	return ST_OK;
}

const char *
stream_trouble(struct stream *s, enum status st)
{
	(void)s;
	(void)st;
	return "it was cut off";
}

bool
stream_private(const struct stream *s)
{
	(void)s;
	return true;
}

/* ---- an answer: a row of two large objects, and those ---- */

#define PAIR  "\xd8\x3d\xde\x00" /* U+1F600 */
#define SMILE "\xf0\x9f\x98\x80"
#define TEXT  ((size_t)3 << 20) /* bytes of UTF-16 */

static struct drda_talk talk;
static struct drda_out out;
static struct drda_row row;
static struct drda_late late;

/* With the byte of a column that may be NULL, and one letter cut off. */
static void
say_text(size_t bytes)
{
	size_t at = drda_begin(&out, DRDA_EXTDTA);

	drda_put(&out, span_of("", 1));
	drda_put(&out, span_of("\0x", 2));
	for (size_t i = 0; i + 4 <= bytes; i += 4)
		drda_put(&out, span_of(PAIR, 4));
	drda_put(&out, span_of(PAIR, 2));
	drda_end(&out, at);
	drda_dss(&out, DRDA_OBJECT);
}

static void
say_rows(void)
{
	static const uint8_t rows[] = {0xff, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};

	drda_bytes(&out, DRDA_QRYDTA, span_of(rows, sizeof(rows)));
	drda_dss(&out, DRDA_OBJECT);
}

static void
say_bytes(const char *bytes)
{
	size_t at = drda_begin(&out, DRDA_EXTDTA);

	drda_put(&out, span_of("", 1));
	drda_put(&out, span_str(bytes));
	drda_end(&out, at);
	drda_dss(&out, DRDA_OBJECT);
}

static void
begin(size_t each)
{
	static const struct drda_column columns[] = {
	    {.type = 0xcc, .nullable = true, .length = 4, .ccsid = DRDA_UTF16},
	    {.type = 0xc8, .nullable = true, .length = 4},
	};

	talk = (struct drda_talk){.under_way = true};
	drda_out_init(&out);
	drda_out_init(&talk.out);
	drda_frame_init(&talk.frame);
	buf_init(&talk.rows, 65536);
	buf_init(&talk.large, (size_t)8 << 20);
	talk.columns.at = calloc(2, sizeof(columns[0]));
	assert_non_null(talk.columns.at);
	memcpy(talk.columns.at, columns, sizeof(columns));
	talk.columns.count = 2;
	assert_int_equal(drda_row_init(&row, 2), ST_OK);
	drda_late_init(&late);
	line.each = each;
}

static void
end(void)
{
	drda_out_fini(&out);
	drda_out_fini(&talk.out);
	drda_frame_fini(&talk.frame);
	buf_fini(&talk.rows);
	buf_fini(&talk.large);
	drda_columns_fini(&talk.columns);
	drda_row_fini(&row);
	drda_late_fini(&late);
}

/* The row that is there, of which both are to come. */
static void
take_row(void)
{
	struct span rows, large;

	line.left = buf_span(&out.bytes);
	assert_int_equal(drda_answer_hear(&talk), ST_OK);
	assert_true(drda_answer_waits(&talk));
	rows = buf_span(&talk.rows);
	large = buf_span(&talk.large);
	row.flows = true;
	assert_int_equal(drda_row_take(&row, &talk.columns, &rows, &large),
			 ST_OK);
	assert_int_equal(drda_row_cell(&row, 0).len, SQL_TO_COME);
	assert_int_equal(drda_row_cell(&row, 1).len, SQL_TO_COME);
	talk.rows_at = talk.rows.len - rows.len;
	talk.large_at = talk.large.len - large.len;
	drda_late_begin(&late, &row, 2);
}

static bool
is_smiles(struct span s, size_t from)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] != (uint8_t)SMILE[(from + i) % 4])
			return false;
	return true;
}

static void
text_has_whole_letters_wherever_its_bytes_are_cut(void **state)
{
	static const size_t each[] = {65536, 9999, 1001};
	static const char half[] = "\xef\xbf\xbd";

	(void)state;
	for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++) {
		struct span p;
		size_t got = 0, whole = 1 + TEXT;

		begin(each[i]);
		say_rows();
		say_text(TEXT);
		say_bytes("some bytes");
		take_row();
		do {
			assert_int_equal(
			    drda_late_piece(&late, &talk, &row, 0, &p), ST_OK);
			if (got == 0) {
				assert_int_equal(p.ptr[0], 'x');
				p = span_skip(p, 1);
				got++;
			}
			if (p.len > 0 && got + p.len > whole)
				assert_memory_equal(p.ptr, half, 3);
			else
				assert_true(is_smiles(p, got - 1));
			got += p.len;
		} while (p.len > 0);
		assert_int_equal(got, whole + 3);
		assert_true(talk.frame.body.room <= (size_t)4 << 20);
		assert_int_equal(drda_late_piece(&late, &talk, &row, 1, &p),
				 ST_OK);
		assert_true(span_eq(p, span_str("some bytes")));
		assert_int_equal(drda_late_piece(&late, &talk, &row, 1, &p),
				 ST_OK);
		assert_int_equal(p.len, 0);
		assert_false(talk.under_way);
		end();
	}
}

/* The second one may be asked for alone, or none of them. */
static void
what_is_not_wanted_is_passed_over(void **state)
{
	struct span p;

	(void)state;
	for (unsigned wanted = 0; wanted < 2; wanted++) {
		begin(65536);
		say_rows();
		say_text(TEXT);
		say_bytes("some bytes");
		take_row();
		if (wanted == 1) {
			assert_int_equal(
			    drda_late_piece(&late, &talk, &row, 1, &p), ST_OK);
			assert_true(span_eq(p, span_str("some bytes")));
		}
		assert_int_equal(drda_late_pass(&late, &talk, &row), ST_OK);
		assert_false(talk.under_way);
		assert_int_equal(line.left.len, 0);
		end();
	}
}

static void
the_next_request_passes_over_an_answer(void **state)
{
	(void)state;
	begin(65536);
	for (unsigned i = 0; i < 3; i++) {
		say_rows();
		say_text(TEXT);
		say_bytes("some bytes");
	}
	take_row();
	assert_int_equal(drda_answer_pass(&talk), ST_OK);
	assert_false(talk.under_way);
	assert_int_equal(line.left.len, 0);
	end();
}

static void
one_that_is_cut_off_is_no_end(void **state)
{
	struct span p = span_of("", 1);
	enum status st = ST_OK;

	(void)state;
	begin(65536);
	say_rows();
	say_text(TEXT);
	say_bytes("some bytes");
	out.bytes.len -= TEXT / 2;
	take_row();
	while (st == ST_OK && p.len > 0)
		st = drda_late_piece(&late, &talk, &row, 0, &p);
	assert_int_equal(st, ST_CLOSED);
	assert_true(talk.dead);
	assert_int_equal(drda_late_piece(&late, &talk, &row, 1, &p), ST_CLOSED);
	end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text_has_whole_letters_wherever_its_bytes_are_cut),
	    cmocka_unit_test(what_is_not_wanted_is_passed_over),
	    cmocka_unit_test(the_next_request_passes_over_an_answer),
	    cmocka_unit_test(one_that_is_cut_off_is_no_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
