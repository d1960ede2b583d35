#include "tests/fuzz/extract_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Text is the same whatever the way in, as long as it is no container. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size >= 2 &&
	    (memcmp(data, "PK", 2) == 0 || memcmp(data, "\x1f\x8b", 2) == 0))
		return 0;
	if (fuzz_way(data, size, 0) != fuzz_way(data, size, 1) ||
	    fuzz_way(data, size, 0) != fuzz_way(data, size, 2))
		abort();
	return 0;
}
