#include "tests/fuzz/extract_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Archives and compressed streams of libraries. In memory and by offset the
 * same comes out, and as a stream what could be said of one.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (fuzz_way(data, size, 0) != fuzz_way(data, size, 1))
		abort();
	fuzz_way(data, size, 2);
	return 0;
}
