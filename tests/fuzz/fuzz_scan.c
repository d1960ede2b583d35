#include <stdlib.h>
#include <string.h>

#include "extract/image/ocr_line.h"
#include "extract/job.h"
#include "extract/pdf/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define POINTS_MAX (1u << 20)
#define ROOM       (2u << 20)

static enum status
no_window(void *arg, const struct extract_window *w)
{
	(void)arg;
	(void)w;
	return ST_OK;
}

static void
no_note(void *arg, const struct extract_note *n)
{
	(void)arg;
	(void)n;
}

/* A fax is a file as long as its parts, with its bytes at their end. */
static void
fax(struct pdf_file *f, const struct pdf_image *m, struct span s)
{
	struct pdf_value none = {span_of(NULL, 0), NULL};
	struct buf to;

	buf_init(&to, s.len + 1024);
	if (pdf_image_fax(f, m, none, s, &to) != ST_OK || to.len < s.len ||
	    (s.len > 0 && memcmp(to.data + to.len - s.len, s.ptr, s.len) != 0))
		abort();
	buf_fini(&to);
}

/* Every point is made, and none beside them (the sanitizer sees to it). */
static void
picture(struct pdf_file *f, struct pdf_object *o)
{
	struct pdf_unpacked u;
	struct pdf_image m;
	struct buf to;
	uint8_t *gray;
	size_t n;

	if (!pdf_image_of(f, o, &m))
		return;
	n = (size_t)m.width * m.height;
	if (n == 0 || n > POINTS_MAX)
		return;
	buf_init(&to, ROOM);
	pdf_unpack(f, o, &to, &u);
	gray = malloc(n);
	if (gray == NULL)
		abort();
	pdf_image_gray(&m, buf_span(&to), gray);
	fax(f, &m, buf_span(&to));
	free(gray);
	buf_fini(&to);
}

static void
document(const uint8_t *data, size_t size)
{
	const struct extract_sink sink = {NULL, no_window, no_note, NULL};
	struct extract_options options;
	struct extract_result r;
	struct extractor *x;
	struct pdf_file f;

	extract_options_default(&options);
	options.budget.output = 32u << 20;
	options.budget.memory = 8u << 20;
	if (extractor_alone(&options, &x) != ST_OK)
		abort();
	extract_begin(x, &sink, &r);
	if (pdf_open(x, span_of(data, size), &f) != ST_OK)
		abort();
	for (uint32_t i = 0; i < f.count && i < 64; i++)
		if (f.objects[i].body.ptr != NULL)
			picture(&f, &f.objects[i]);
	pdf_close(&f);
	extractor_close(x);
}

/*
 * Words: a byte says how wide the gap before one is, another how long it is.
 * The line has every byte of them; what follows are numbers.
 */
static void
line(const uint8_t *data, size_t size)
{
	struct ocr_word w[OCR_WORDS_MAX];
	size_t n = 0, bytes = 0, at = 0;
	struct buf to;
	int x = 0;

	while (size - at >= 2 && n < OCR_WORDS_MAX) {
		size_t len = 1 + data[at + 1] % 8;

		x += data[at] % 64;
		at += 2;
		if (len > size - at)
			break;
		w[n++] = (struct ocr_word){
		    .text = span_of(data + at, len),
		    .left = x,
		    .right = x + 10 * (int)len,
		    .bottom = 20,
		};
		x += 10 * (int)len;
		at += len;
		bytes += len + 1;
	}
	buf_init(&to, ROOM);
	if (ocr_line(w, n, &to) != ST_OK || to.len < bytes ||
	    to.len > bytes + bytes + n)
		abort();
	for (size_t i = bytes; i < to.len; i++)
		if (to.data[i] != '\n' && to.data[i] != '-' &&
		    (to.data[i] < '0' || to.data[i] > '9'))
			abort();
	buf_fini(&to);
}

/* The points of pictures in a PDF, and words that were recognised. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size >= 5 && memcmp(data, "%PDF-", 5) == 0)
		document(data, size);
	else
		line(data, size);
	return 0;
}
