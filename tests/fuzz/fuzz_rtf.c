#include "tests/fuzz/extract_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The same comes out of rich text in memory, by offset and as a stream. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t bytes;

	if (size < 4 || memcmp(data, "{\\rt", 4) != 0)
		return -1;
	bytes = fuzz_way(data, size, 0);
	if (fuzz_way(data, size, 1) != bytes ||
	    fuzz_way(data, size, 2) != bytes)
		abort();
	return 0;
}
