#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "extract/job.h"
#include "extract/office/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * The first byte says how much of a document is looked at together. What is
 * told, and whether it was well-formed, is the same by such windows from
 * memory, by them from a stream, and at once; tags that are known by their
 * bytes are told as they were; every element that was opened is closed or the
 * document is not whole; names and values lie where they may be read.
 */
struct told {
	struct buf text;
	struct buf kept; /* of tags that may come again: length, text */
	size_t open;
	bool same;
};

struct source {
	const uint8_t *data;
	size_t left;
};

static enum status
source_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct source *s = arg;

	*got = n < s->left ? n : s->left;
	if (*got > 0)
		memcpy(dst, s->data, *got);
	s->data += *got;
	s->left -= *got;
	return ST_OK;
}

static void
put(struct told *t, const char *before, struct span s)
{
	if (buf_add_str(&t->text, before) != ST_OK ||
	    buf_add(&t->text, s.ptr, s.len) != ST_OK)
		abort();
}

static unsigned
on_open(void *arg, const struct xml_tag *tag)
{
	struct told *t = arg;
	size_t from = t->text.len, what = t->kept.len, n;

	put(t, "<", tag->name);
	for (size_t i = 0; i < tag->count; i++) {
		if (tag->attrs[i].name.len == 0 ||
		    tag->attrs[i].value.ptr == NULL)
			abort();
		put(t, " ", tag->attrs[i].name);
		put(t, "=", tag->attrs[i].value);
	}
	put(t, ">", span_of(NULL, 0));
	t->open++;
	if (!t->same)
		return (unsigned)t->open;
	n = t->text.len - from;
	if (buf_add(&t->kept, &n, sizeof(n)) != ST_OK ||
	    buf_add(&t->kept, t->text.data + from, n) != ST_OK)
		abort();
	return (unsigned)what | XML_SAME;
}

static void
on_same(void *arg, unsigned what)
{
	struct told *t = arg;
	size_t n;

	memcpy(&n, t->kept.data + what, sizeof(n));
	put(t, "", span_of(t->kept.data + what + sizeof(n), n));
	t->open++;
}

static void
on_close(void *arg, unsigned what)
{
	struct told *t = arg;

	if (t->open == 0 || (!t->same && what != t->open))
		abort();
	t->open--;
	put(t, "</>", span_of(NULL, 0));
}

static void
on_text(void *arg, struct span s)
{
	put(arg, "", s);
}

static void
on_other(void *arg, struct span s)
{
	put(arg, "{", s);
	put(arg, "}", span_of(NULL, 0));
}

static bool
run(struct extractor *x, const uint8_t *data, size_t size, size_t window,
    bool stream, struct told *t)
{
	static uint8_t buf[PART_BUF];
	const struct xml_walk walk = {.open = on_open,
				      .close = on_close,
				      .text = on_text,
				      .other = on_other,
				      .window = window,
				      .same = t->same ? on_same : NULL};
	struct source f = {data, size};
	struct part p = {
	    .arg = &f, .read = source_read, .size = UINT64_MAX, .buf = buf};
	bool whole;

	buf_init(&t->text, 64u << 20);
	buf_init(&t->kept, 64u << 20);
	if (!stream)
		part_memory(&p, span_of(data, size));
	if (xml_read(x, &p, &walk, t, &whole) != ST_OK)
		abort();
	if (whole && t->open != 0)
		abort();
	return whole;
}

static enum status
no_window(void *arg, const struct extract_window *w)
{
	(void)arg, (void)w;
	abort(); /* it makes no text of its own */
}

static void
some_note(void *arg, const struct extract_note *n)
{
	(void)arg;
	if (n->why == COVER_OK || n->why >= COVER__COUNT)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct extract_options options;
	const struct extract_sink sink = {NULL, no_window, some_note, NULL};
	struct extract_result result;
	struct told told[4] = {
	    {.open = 0}, {.open = 0}, {.same = true}, {.same = true}};
	static struct extractor *x; /* slow to make: one for all inputs */
	size_t window;
	bool whole;

	if (size < 1)
		return -1;
	window = (size_t)data[0] + 1;
	data++;
	size--;
	extract_options_default(&options);
	if (x == NULL && extractor_alone(&options, &x) != ST_OK)
		abort();
	extract_begin(x, &sink, &result);
	whole = run(x, data, size, 0, false, &told[0]);
	for (int i = 1; i < 4; i++)
		if (run(x, data, size, i < 3 ? window : 0, i == 2, &told[i]) !=
			whole ||
		    !span_eq(buf_span(&told[0].text), buf_span(&told[i].text)))
			abort();
	for (int i = 0; i < 4; i++) {
		buf_fini(&told[i].text);
		buf_fini(&told[i].kept);
	}
	return 0;
}
