#include "extract/mail/transfer.h"

#include <string.h>

void
transfer_init(struct transfer *t, struct lines *l, enum coding coding)
{
	*t = (struct transfer){.lines = l, .coder = {.coding = coding}};
}

void
transfer_charset(struct transfer *t, struct chars_page *page, bool mark)
{
	if (page == NULL || !chars_begin(page))
		return;
	t->page = page;
	if (mark)
		t->mark = span_str("\xef\xbb\xbf");
}

void
transfer_fini(struct transfer *t)
{
	if (t->page != NULL)
		chars_end(t->page);
	t->page = NULL;
}

/* A line of uuencode; its end, and that of yEnc, stand in lines, too. */
static void
uu_line(struct transfer *t)
{
	uint8_t line[128];
	size_t n;

	t->at = t->len = 0;
	while (t->len == 0 && !t->ended) {
		struct span s;

		t->ended = !lines_read(t->lines, line, sizeof(line), &n);
		s = span_of(line, n);
		if (t->ended || (n == 3 && memcmp(line, "end", 3) == 0))
			t->ended = true;
		else if (n > 1)
			t->len = coder_uu(s, t->few);
	}
}

/* A line about the file, not of it; "=yend" is the last. */
static bool
yenc_control(struct transfer *t)
{
	struct span s = t->in;

	if (t->coder.coding != CODING_YENC || s.len < 3 || s.ptr[0] != '=' ||
	    s.ptr[1] != 'y')
		return false;
	t->ended = s.ptr[2] == 'e';
	t->in.len = 0;
	return !t->ended;
}

/* The next lines, or a piece of one, into t->in. */
static void
next_lines(struct transfer *t)
{
	do
		t->in = t->coder.coding == CODING_YENC
			    ? lines_next(t->lines)
			    : lines_several(t->lines);
	while (yenc_control(t));
	if (t->in.len == 0 && !t->ended) {
		t->ended = true;
		t->at = 0;
		t->len = coder_end(&t->coder, t->few, &t->cut);
	}
}

static size_t
few(struct transfer *t, uint8_t *dst, size_t n)
{
	if (n > t->len - t->at)
		n = t->len - t->at;
	memcpy(dst, t->few + t->at, n);
	t->at += n;
	return n;
}

/* Decoded bytes; 0 at the end. */
static size_t
decoded(struct transfer *t, uint8_t *dst, size_t n)
{
	size_t have = 0, step;

	while (have == 0) {
		if (t->at < t->len)
			return few(t, dst, n);
		if (t->ended)
			return 0;
		if (t->coder.coding == CODING_UU) {
			uu_line(t);
			continue;
		}
		if (t->in.len == 0)
			next_lines(t);
		step = t->in.len < n - 2 ? t->in.len : n - 2;
		have = coder_put(&t->coder, span_of(t->in.ptr, step), dst);
		t->in = span_skip(t->in, step);
	}
	return have;
}

static size_t
converted(struct transfer *t, uint8_t *dst, size_t n)
{
	size_t have = 0;

	while (have == 0) {
		size_t got = 1;
		struct span s;

		if (t->held < sizeof(t->raw) / 2)
			got = decoded(t, t->raw + t->held,
				      sizeof(t->raw) - t->held);
		if (t->held < sizeof(t->raw) / 2)
			t->held += got;
		if (t->held == 0)
			break;
		s = span_of(t->raw, t->held);
		have = chars_put(t->page, &s, got == 0, dst, n);
		t->held = s.len;
		memmove(t->raw, s.ptr, s.len);
	}
	return have;
}

/* At least 16 bytes of room. */
static size_t
some(struct transfer *t, uint8_t *dst, size_t n)
{
	return t->page == NULL ? decoded(t, dst, n) : converted(t, dst, n);
}

enum status
transfer_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct transfer *t = arg;

	if (t->mark.len > 0) {
		*got = t->mark.len < n ? t->mark.len : n;
		memcpy(dst, t->mark.ptr, *got);
		t->mark = span_skip(t->mark, *got);
		return ST_OK;
	}
	if (n >= sizeof(t->out) && t->out_at == t->out_len) {
		*got = some(t, dst, n);
	} else {
		if (t->out_at == t->out_len) {
			t->out_at = 0;
			t->out_len = some(t, t->out, sizeof(t->out));
		}
		*got = t->out_len - t->out_at;
		*got = *got < n ? *got : n;
		memcpy(dst, t->out + t->out_at, *got);
		t->out_at += *got;
	}
	return *got == 0 ? t->lines->p->failed : ST_OK;
}
