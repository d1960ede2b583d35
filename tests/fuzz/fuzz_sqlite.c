#include "tests/fuzz/extract_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
is_sqlite(const uint8_t *data, size_t size)
{
	static const char *const magics[] = {"SQLite format 3", "\x37\x7f\x06",
					     "\xd9\xd5\x05\xf9\x20\xa1\x63"};

	for (size_t i = 0; i < 3; i++)
		if (size > 100 &&
		    memcmp(data, magics[i], strlen(magics[i])) == 0)
			return 1;
	return 0;
}

/* The same comes out of a database, or its log, whatever the way in. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t bytes;

	if (!is_sqlite(data, size))
		return -1;
	bytes = fuzz_way(data, size, 0);
	if (fuzz_way(data, size, 1) != bytes)
		abort();
	if (fuzz_way(data, size, 2) != bytes)
		abort();
	return 0;
}
