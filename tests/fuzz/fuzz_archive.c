#include "tests/fuzz/extract_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Archives and compressed streams of libraries. In memory and by offset the
 * same comes out, and as a stream what could be said of one. Of what is
 * damaged, where the reading as bytes begins follows the blocks that the
 * library was given.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool whole, also;
	uint64_t n = fuzz_noted(data, size, 0, &whole);

	if ((n != fuzz_noted(data, size, 1, &also) && whole) || whole != also)
		abort();
	fuzz_way(data, size, 2);
	return 0;
}
