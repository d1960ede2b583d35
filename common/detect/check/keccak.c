#include "detect/check/keccak.h"

#include <string.h>

#define RATE  136 /* bytes taken at a time */
#define WORDS 25

static uint64_t
turn(uint64_t v, unsigned n)
{
	return n == 0 ? v : v << n | v >> (64 - n);
}

/* Theta: each column takes the parity of its two neighbours. */
static void
theta(uint64_t s[WORDS])
{
	uint64_t c[5];

	for (unsigned x = 0; x < 5; x++)
		c[x] = s[x] ^ s[x + 5] ^ s[x + 10] ^ s[x + 15] ^ s[x + 20];
	for (unsigned i = 0; i < WORDS; i++)
		s[i] ^= c[(i + 4) % 5] ^ turn(c[(i + 1) % 5], 1);
}

/* Rho and pi: words turn and change places. */
static void
rho_pi(uint64_t s[WORDS])
{
	static const uint8_t turns[] = {1,  3,  6,  10, 15, 21, 28, 36,
					45, 55, 2,  14, 27, 41, 56, 8,
					25, 43, 62, 18, 39, 61, 20, 44};
	static const uint8_t places[] = {10, 7,  11, 17, 18, 3,  5,  16,
					 8,  21, 24, 4,  15, 23, 19, 13,
					 12, 2,  20, 14, 22, 9,  6,  1};
	uint64_t moving = s[1];

	for (unsigned i = 0; i < sizeof(turns); i++) {
		uint64_t next = s[places[i]];

		s[places[i]] = turn(moving, turns[i]);
		moving = next;
	}
}

static void
chi(uint64_t s[WORDS])
{
	for (unsigned y = 0; y < WORDS; y += 5) {
		uint64_t a = s[y], b = s[y + 1];

		s[y] ^= ~b & s[y + 2];
		s[y + 1] ^= ~s[y + 2] & s[y + 3];
		s[y + 2] ^= ~s[y + 3] & s[y + 4];
		s[y + 3] ^= ~s[y + 4] & a;
		s[y + 4] ^= ~a & b;
	}
}

static void
permute(uint64_t s[WORDS])
{
	static const uint64_t rounds[] = {
	    0x0000000000000001, 0x0000000000008082, 0x800000000000808a,
	    0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
	    0x8000000080008081, 0x8000000000008009, 0x000000000000008a,
	    0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
	    0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
	    0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
	    0x000000000000800a, 0x800000008000000a, 0x8000000080008081,
	    0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
	};

	for (unsigned i = 0; i < sizeof(rounds) / sizeof(rounds[0]); i++) {
		theta(s);
		rho_pi(s);
		chi(s);
		s[0] ^= rounds[i];
	}
}

/* Byte i of the state, whose words are little endian. */
static void
mix(uint64_t s[WORDS], size_t i, uint8_t b)
{
	s[i / 8] ^= (uint64_t)b << i % 8 * 8;
}

void
keccak_256(struct span in, uint8_t out[KECCAK_256])
{
	uint64_t s[WORDS] = {0};
	size_t at = 0;

	for (size_t i = 0; i < in.len; i++) {
		mix(s, at++, in.ptr[i]);
		if (at < RATE)
			continue;
		permute(s);
		at = 0;
	}
	mix(s, at, 0x01);
	mix(s, RATE - 1, 0x80);
	permute(s);
	for (size_t i = 0; i < KECCAK_256; i++)
		out[i] = (uint8_t)(s[i / 8] >> i % 8 * 8);
}
