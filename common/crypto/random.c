#include "crypto/random.h"

#include <errno.h>
#include <sys/random.h>

#include "base/must.h"

void
random_bytes(void *dst, size_t n)
{
	uint8_t *at = dst;

	while (n > 0) {
		ssize_t got = getrandom(at, n, 0);

		if (got < 0 && errno == EINTR)
			continue;
		must(got > 0);
		at += got;
		n -= (size_t)got;
	}
}

uint64_t
random_id(void)
{
	uint64_t id = 0;

	while (id == 0) {
		random_bytes(&id, sizeof(id));
		id &= INT64_MAX;
	}
	return id;
}

uint64_t
random_below(uint64_t below)
{
	uint64_t n, rest;

	must(below > 0);
	rest = UINT64_MAX % below; /* the numbers above would favour some */
	do
		random_bytes(&n, sizeof(n));
	while (n >= UINT64_MAX - rest);
	return n % below;
}
