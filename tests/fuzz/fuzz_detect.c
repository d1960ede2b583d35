#include <stdlib.h>
#include <string.h>

#include "base/utf.h"
#include "detect/decide/excerpt.h"
#include "detect/decide/mask.h"
#include "detect/work.h"

/*
 * Any bytes as text: matches lie inside and in order, are the same on every
 * level of SIMD and however the text is cut, and show nothing clear.
 */
struct seen {
	uint64_t hash; /* of all that was sent */
	size_t count;
	uint64_t shift; /* where the window begins */
	uint64_t last_end;
	size_t from, to, len;
	struct detect_scratch *scratch;
};

static void
add(struct seen *s, const void *p, size_t n)
{
	const uint8_t *b = p;

	for (size_t i = 0; i < n; i++)
		s->hash = (s->hash ^ b[i]) * UINT64_C(0x100000001b3);
}

static void
check_shown(const struct match *m, struct span context)
{
	if (m->masked.len == 0 || m->masked.len > MASK_ROOM ||
	    !utf_valid(m->masked))
		abort();
	if (context.len == 0 || context.len > EXCERPT_MAX ||
	    !utf_valid(context) ||
	    memchr(context.ptr, '\n', context.len) != NULL)
		abort();
	/* a card number as such may not be shown */
	if (strncmp(m->type, "card_", 5) == 0 &&
	    memmem(context.ptr, context.len, m->value.ptr, m->value.len) !=
		NULL)
		abort();
}

static void
sink(void *arg, const struct match *m)
{
	struct seen *s = arg;
	struct span context = detect_context(s->scratch);
	uint64_t at = m->offset + s->shift;

	if (m->length == 0 || m->offset < s->from || m->offset >= s->to ||
	    m->offset + m->length > s->len || at < s->last_end)
		abort();
	if (m->confidence < DETECT_MIN_CONFIDENCE || m->confidence > 100)
		abort();
	check_shown(m, context);
	s->last_end = at + m->length;
	s->count++;
	add(s, &at, sizeof(at));
	add(s, &m->length, sizeof(m->length));
	add(s, &m->confidence, 1);
	add(s, &m->reasons, sizeof(m->reasons));
	add(s, m->type, strlen(m->type));
	add(s, m->masked.ptr, m->masked.len);
	add(s, context.ptr, context.len);
	add(s, m->value.ptr, m->value.len);
}

static void
look(const struct detector *d, struct detect_scratch *s, struct span text,
     size_t from, size_t to, struct seen *out)
{
	size_t lo = from < DETECT_LEAD ? 0 : from - DETECT_LEAD;
	size_t hi = text.len - to < DETECT_TAIL ? text.len : to + DETECT_TAIL;
	uint8_t *copy = malloc(hi - lo + (hi == lo));

	if (copy == NULL)
		abort();
	if (hi > lo)
		memcpy(copy, text.ptr + lo, hi - lo);
	out->scratch = s;
	out->shift = lo;
	out->from = from - lo;
	out->to = to - lo;
	out->len = hi - lo;
	detect_text(d, s, span_of(copy, hi - lo), from - lo, to - lo, sink,
		    out);
	free(copy);
}

static struct detector *detector;
static struct detect_scratch *scratch;
static enum tile_level best;

/* Here, where the time that compiling takes is no input's. */
int
LLVMFuzzerInitialize(int *argc, /* NOLINT: libFuzzer's own */
		     char ***argv)
{
	static const struct span all = {(const uint8_t *)"*", 1};
	struct detect_options o = {.types = &all, .type_count = 1};
	struct buf why;

	(void)argc;
	(void)argv;
	buf_init(&why, 4096);
	if (detector_open(&o, &detector, &why) != ST_OK ||
	    detect_scratch_open(detector, &scratch) != ST_OK)
		abort();
	buf_fini(&why);
	best = detector->level;
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct detect_scratch *s = scratch;
	struct detector *d = detector;
	struct seen whole = {.hash = 1}, cut = {.hash = 1};
	struct span text;
	size_t at;

	if (size < 2)
		return 0;
	/* the first two bytes say where to cut and which level to compare */
	text = span_of(data + 2, size - 2);
	at = text.len * data[0] / 256;
	d->level = best;
	detect_table(s, text);
	look(d, s, text, 0, text.len, &whole);
	/* what is known of a table may not depend on it */
	d->level = (enum tile_level)(data[1] % ((unsigned)best + 1));
	detect_table(s, text);
	look(d, s, text, 0, at, &cut);
	look(d, s, text, at, text.len, &cut);
	if (whole.count != cut.count || whole.hash != cut.hash)
		abort();
	return 0;
}
