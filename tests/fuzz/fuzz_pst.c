#include "tests/fuzz/extract_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The same comes out of an Outlook store in memory and by offset. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t bytes;

	if (size < 564 || size > 1u << 17 || memcmp(data, "!BDN", 4) != 0)
		return -1;
	bytes = fuzz_way(data, size, 0);
	if (fuzz_way(data, size, 1) != bytes)
		abort();
	return 0;
}
