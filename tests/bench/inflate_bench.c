/*
 * inflate_bench FILE...: unpacks every deflated member of zips and every gzip
 * by ISA-L, as the extractors do, and does nothing else with it. What a scan of
 * the same files is compared with; prints the bytes that came out.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <isa-l/igzip_lib.h>

#define WINDOW (1024 * 1024) /* as much as the extractors ask for at once */

static uint8_t out[WINDOW];

static uint32_t
number(const uint8_t *p, unsigned n)
{
	uint32_t v = 0;

	while (n-- > 0)
		v = v << 8 | p[n];
	return v;
}

/* One stream; the bytes of it that were used. */
static size_t
unpack(uint8_t *p, size_t len, uint32_t kind, uint64_t *total)
{
	static struct inflate_state state;

	isal_inflate_init(&state);
	state.crc_flag = kind;
	state.next_in = p;
	state.avail_in = len < UINT32_MAX ? (uint32_t)len : UINT32_MAX;
	do {
		state.next_out = out;
		state.avail_out = sizeof(out);
		if (isal_inflate(&state) != ISAL_DECOMP_OK)
			break;
		*total += sizeof(out) - state.avail_out;
	} while (state.block_state != ISAL_BLOCK_FINISH &&
		 state.avail_out < sizeof(out));
	return len - state.avail_in;
}

static void
unpack_zip(uint8_t *p, size_t len, uint64_t *total)
{
	static const uint8_t local[] = {'P', 'K', 3, 4};
	size_t at = 0;

	while (len - at >= 30 && memcmp(p + at, local, 4) == 0) {
		size_t size = number(p + at + 18, 4), method;
		size_t head =
		    30 + number(p + at + 26, 2) + number(p + at + 28, 2);

		method = number(p + at + 8, 2);
		if (head > len - at || size > len - at - head)
			return;
		if (method == 8)
			unpack(p + at + head, size, ISAL_DEFLATE, total);
		at += head + size;
	}
}

static void
unpack_file(const char *name, uint64_t *total)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	struct stat st;
	uint8_t *p;
	size_t len;

	if (fd < 0 || fstat(fd, &st) != 0 || st.st_size < 30) {
		if (fd >= 0)
			close(fd);
		return;
	}
	len = (size_t)st.st_size;
	/* the library takes no const; it does not write there */
	p = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (p == MAP_FAILED)
		return;
	if (p[0] == 0x1f && p[1] == 0x8b)
		unpack(p, len, ISAL_GZIP, total);
	else
		unpack_zip(p, len, total);
	munmap(p, len);
}

int
main(int argc, char **argv)
{
	uint64_t total = 0;

	for (int i = 1; i < argc; i++)
		unpack_file(argv[i], &total);
	printf("%llu bytes\n", (unsigned long long)total);
	return 0;
}
