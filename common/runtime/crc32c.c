#include "runtime/crc32c.h"

#include <string.h>

/* Half a byte a step: 64 bytes of table serve what the disk can write. */
static const uint32_t nibbles[16] = {
    0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3,
    0x61c69362, 0x7198540d, 0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
    0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75};

uint32_t
crc32c_portable(uint32_t crc, const void *src, size_t n)
{
	const uint8_t *p = src;

	crc = ~crc;
	for (size_t i = 0; i < n; i++) {
		crc ^= p[i];
		crc = crc >> 4 ^ nibbles[crc & 15];
		crc = crc >> 4 ^ nibbles[crc & 15];
	}
	return ~crc;
}

#ifdef __x86_64__
__attribute__((target("sse4.2"))) static uint32_t
by_instruction(uint32_t crc, const uint8_t *p, size_t n)
{
	uint64_t wide = ~crc;
	uint32_t narrow;

	for (; n >= 8; n -= 8, p += 8) {
		uint64_t eight;

		memcpy(&eight, p, 8);
		wide = __builtin_ia32_crc32di(wide, eight);
	}
	narrow = (uint32_t)wide;
	for (; n > 0; n--, p++)
		narrow = __builtin_ia32_crc32qi(narrow, *p);
	return ~narrow;
}

uint32_t
crc32c(uint32_t crc, const void *src, size_t n)
{
	if (__builtin_cpu_supports("sse4.2"))
		return by_instruction(crc, src, n);
	return crc32c_portable(crc, src, n);
}
#else
uint32_t
crc32c(uint32_t crc, const void *src, size_t n)
{
	return crc32c_portable(crc, src, n);
}
#endif
