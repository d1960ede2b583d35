#include "extract/made.h"
#include "tests/fuzz/extract_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ASKED 32 /* offsets of each window */

struct asked {
	struct fuzz fuzz;
	uint64_t sum; /* of all places */
};

static void
add(struct asked *a, struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		a->sum = (a->sum ^ s.ptr[i]) * UINT64_C(0x100000001b3);
}

static enum status
window(void *arg, const struct extract_window *w)
{
	struct asked *a = arg;
	size_t step = w->text.len / ASKED + 1;
	char dst[EXTRACT_PLACE_MAX];

	for (size_t k = 0; k < 2 && w->where != NULL; k++)
		for (size_t i = w->from; i < w->to; i += step) {
			uint64_t offset, origin = extract_origin(w, i);
			struct span s = extract_place(w, i, dst, &offset);

			if (s.len > EXTRACT_PLACE_MAX)
				abort();
			/* of made text it counts from where its place begins */
			if (origin < MADE_ORIGIN
				? offset != origin
				: offset > origin - MADE_ORIGIN)
				abort();
			add(a, s);
		}
	return ST_OK;
}

static void
note(void *arg, const struct extract_note *n)
{
	(void)arg;
	(void)n;
}

static uint64_t
places(const uint8_t *data, size_t size, int way)
{
	struct asked a = {.fuzz = {.data = data, .size = size}, .sum = 1};
	const struct extract_sink sink = {&a, window, note, NULL};
	struct extract_options options;
	struct extract_result r;

	extract_options_default(&options);
	options.budget.depth = 1; /* texts, and nothing in them */
	fuzz_object(&options, &a.fuzz, way, &sink, &r);
	return a.sum;
}

/* Places in a text do not depend on the way it comes in. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t sum;

	if (size == 0 || size > 4096)
		return -1;
	if (fuzz_way(data, size, 0) != fuzz_way(data, size, 1))
		abort();
	sum = places(data, size, 0);
	if (places(data, size, 1) != sum)
		abort();
	if (places(data, size, 2) != sum)
		abort();
	return 0;
}
