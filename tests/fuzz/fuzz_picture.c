#include "tests/fuzz/extract_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In memory and by offset the same is found. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 5)
		return -1;
	if (fuzz_way(data, size, 0) != fuzz_way(data, size, 1))
		abort();
	fuzz_way(data, size, 2);
	return 0;
}
