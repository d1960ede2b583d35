#include "tests/fuzz/extract_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The same comes out of a compound file in memory and by offset. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t magic[] = {0xd0, 0xcf, 0x11, 0xe0};
	uint64_t bytes;

	if (size < sizeof(magic) || size > 1u << 17 ||
	    memcmp(data, magic, sizeof(magic)) != 0)
		return -1;
	bytes = fuzz_way(data, size, 0);
	if (fuzz_way(data, size, 1) != bytes)
		abort();
	return 0;
}
