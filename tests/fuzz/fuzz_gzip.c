#include "tests/fuzz/extract_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A stream unpacks to the same bytes whatever the way in. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t out;

	if (size < 10 || memcmp(data, "\x1f\x8b\x08", 3) != 0)
		return -1;
	out = fuzz_way(data, size, 0);
	if (out != fuzz_way(data, size, 1) || out != fuzz_way(data, size, 2))
		abort();
	return 0;
}
