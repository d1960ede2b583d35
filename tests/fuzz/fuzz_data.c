#include "tests/fuzz/extract_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* dBase, Avro, hives, rows of databases, named fields: the same comes out in
 * memory and by offset. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t bytes;

	if (size < 8)
		return -1;
	bytes = fuzz_way(data, size, 0);
	if (fuzz_way(data, size, 1) != bytes)
		abort();
	fuzz_way(data, size, 2);
	return 0;
}
