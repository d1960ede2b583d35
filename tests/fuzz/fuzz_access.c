#include "tests/fuzz/extract_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The same comes out of a database of Access in memory and by offset. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char magic[] = "\0\1\0\0Standard ";
	uint64_t bytes;

	if (size < 256 || size > 1u << 17 ||
	    memcmp(data, magic, sizeof(magic) - 1) != 0)
		return -1;
	bytes = fuzz_way(data, size, 0);
	if (fuzz_way(data, size, 1) != bytes)
		abort();
	return 0;
}
