#include "tests/fuzz/extract_fuzz.h"

#include "base/buf.h"
#include "base/codec.h"
#include "extract/view.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Whatever the bytes, what is decoded of them keeps its origins in order and
 * inside the object (extract_fuzz.h); and text that is encoded by each of the
 * encodings comes out as it was.
 */
#define SIZE_MIN 24
#define SIZE_TOP 20000

static void
need(enum status st)
{
	if (st != ST_OK)
		abort();
}

static enum status
keep(void *arg, const struct extract_window *w)
{
	if (w->again)
		need(buf_add(arg, w->text.ptr + w->from, w->to - w->from));
	return ST_OK;
}

static void
no_note(void *arg, const struct extract_note *n)
{
	(void)arg;
	(void)n;
}

static void
percent(struct span s, struct buf *to)
{
	char hex[4];

	for (size_t i = 0; i < s.len; i++) {
		codec_hex(span_of(s.ptr + i, 1), hex);
		need(buf_add_byte(to, '%'));
		need(buf_add(to, hex, 2));
	}
}

static void
quoted(struct span s, struct buf *to)
{
	char hex[4];

	for (size_t i = 0; i < s.len; i++) {
		codec_hex(span_of(s.ptr + i, 1), hex);
		need(buf_add_byte(to, '='));
		need(buf_add(to, hex, 2));
		if (i % 24 == 23 && i + 1 < s.len)
			need(buf_add(to, "=\r\n", 3));
	}
}

static void
base64_lines(struct span s, struct buf *to)
{
	for (size_t i = 0; i < s.len; i += 57) {
		size_t n = s.len - i < 57 ? s.len - i : 57;

		need(codec_base64(CODEC_BASE64, span_of(s.ptr + i, n), to));
		need(buf_add(to, "\r\n", 2));
	}
}

/* Two bytes a character, behind more that are no text. */
static void
wide(struct span s, struct buf *to)
{
	for (size_t i = 0; i < 2 * s.len + 64; i++)
		need(buf_add_byte(to, 0xff));
	for (size_t i = 0; i < s.len; i++) {
		need(buf_add_byte(to, s.ptr[i]));
		need(buf_add_byte(to, 0));
	}
}

static void
comes_out(struct span text, void (*encode)(struct span s, struct buf *to))
{
	struct extract_options options;
	struct extract_input in;
	struct extract_result r;
	struct extractor *x;
	struct buf b, out;
	const struct extract_sink sink = {&out, keep, no_note, NULL};

	buf_init(&b, 1u << 20);
	buf_init(&out, 1u << 20);
	need(buf_add(&b, "it is: ", 7));
	encode(text, &b);
	in = (struct extract_input){.bytes = buf_span(&b), .size = b.len};
	extract_options_default(&options);
	need(extractor_alone(&options, &x));
	need(extract_object(x, &in, &sink, &r));
	if (out.len == 0 ||
	    memmem(out.data, out.len, text.ptr, text.len) == NULL)
		abort();
	extractor_close(x);
	buf_fini(&b);
	buf_fini(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t text[SIZE_TOP] = "number";
	size_t n = size < SIZE_TOP ? size : SIZE_TOP;

	(void)fuzz_way(data, size, 0);
	(void)fuzz_way(data, size, 1);
	for (size_t i = VIEW_RUN; i < n; i++)
		text[i] = (uint8_t)(' ' + data[i] % 95);
	if (n < SIZE_MIN)
		return 0;
	comes_out(span_of(text, n), percent);
	comes_out(span_of(text, n), quoted);
	comes_out(span_of(text, n), base64_lines);
	comes_out(span_of(text, n), wide);
	return 0;
}
