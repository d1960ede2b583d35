#include "tests/fuzz/extract_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The same comes out of a message in memory, by offset and as a stream. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t bytes;

	if (size > 1u << 16)
		return -1;
	bytes = fuzz_way(data, size, 0);
	if (fuzz_way(data, size, 1) != bytes)
		abort();
	fuzz_way(data, size, 2);
	return 0;
}
