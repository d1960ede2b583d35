#include "tests/fuzz/extract_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Archives and compressed streams of libraries. In memory and by offset the
 * same text and as many notes come out, of what is damaged, too; as a stream
 * what can be said of one.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz whole = fuzz_told(data, size, 0);
	struct fuzz parts = fuzz_told(data, size, 1);

	if (whole.output != parts.output || whole.sum != parts.sum ||
	    whole.notes != parts.notes)
		abort();
	fuzz_told(data, size, 2);
	return 0;
}
