#include "detect/check/bip39.h"

#include <string.h>

#include <sodium.h>

#include "model/match.h"

#define WORDS     2048
#define WORD_BITS 11
#define WORD_MAX  8 /* letters of a word of the English list */
#define SEED_MAX  24
#define BYTES     ((SEED_MAX * WORD_BITS + 7) / 8)

struct bip39 {
	struct check_texts list; /* in the order of their numbers */
};

static const struct check_param bip39_params[] = {
    {"list", CHECK_FILE, offsetof(struct bip39, list), true, 0, 0, NULL},
    {.name = NULL},
};

/* As strcmp, of spans. */
static int
order(struct span a, struct span b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int side = n == 0 ? 0 : memcmp(a.ptr, b.ptr, n);

	if (side != 0 || a.len == b.len)
		return side;
	return a.len < b.len ? -1 : 1;
}

/* The number of a word, WORDS when there is none. */
static size_t
number(const struct bip39 *p, struct span word)
{
	size_t low = 0, high = WORDS;

	while (low < high) {
		size_t mid = (low + high) / 2;
		int side = order(word, p->list.v[mid]);

		if (side == 0)
			return mid;
		if (side < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return WORDS;
}

/* The next word of *v in small letters, its length; 0: none, or too long. */
static size_t
next_word(struct span *v, uint8_t out[WORD_MAX])
{
	size_t n = 0, i = 0;

	while (i < v->len && (uint8_t)((v->ptr[i] | 32) - 'a') >= 26)
		i++;
	for (; i < v->len && (uint8_t)((v->ptr[i] | 32) - 'a') < 26; i++) {
		if (n == WORD_MAX)
			return 0;
		out[n++] = v->ptr[i] | 32;
	}
	*v = span_skip(*v, i);
	return n;
}

/* Puts the eleven bits of a word behind those of `count` others. */
static void
put(uint8_t *bits, size_t count, size_t word)
{
	for (size_t i = 0; i < WORD_BITS; i++) {
		size_t at = count * WORD_BITS + i;

		if (word >> (WORD_BITS - 1 - i) & 1)
			bits[at / 8] |= (uint8_t)(0x80 >> at % 8);
	}
}

/* A thirty-third of the bits is the beginning of the hash of the others. */
static bool
checksum_ok(const uint8_t *bits, size_t words)
{
	uint8_t hash[crypto_hash_sha256_BYTES];
	size_t check = words / 3, bytes = words * WORD_BITS / 33 * 4;
	uint8_t mask = (uint8_t)(0xff << (8 - check));

	crypto_hash_sha256(hash, bits, bytes);
	return ((hash[0] ^ bits[bytes]) & mask) == 0;
}

static bool
bip39(struct span v, const struct check *c)
{
	const struct bip39 *p = c->params;
	uint8_t bits[BYTES] = {0}, word[WORD_MAX];
	size_t count = 0, n, at;

	while ((n = next_word(&v, word)) > 0) {
		at = number(p, span_of(word, n));
		if (at == WORDS || count == SEED_MAX)
			return false;
		put(bits, count++, at);
	}
	if (count < 12 || count % 3 != 0)
		return false;
	for (size_t i = 0; i < v.len; i++) /* a word too long ended it */
		if ((uint8_t)((v.ptr[i] | 32) - 'a') < 26)
			return false;
	return checksum_ok(bits, count);
}

static bool
bip39_prepare(struct arena *a, struct check *c, void *params,
	      struct check_wrong *why)
{
	const struct bip39 *p = params;
	bool good = p->list.n == WORDS;

	(void)a;
	(void)c;
	for (size_t i = 1; good && i < WORDS; i++)
		good = order(p->list.v[i - 1], p->list.v[i]) < 0;
	if (!good)
		*why = (struct check_wrong){
		    "list", "must be the 2048 words of BIP-39 in their order"};
	return good;
}

const struct check_op check_bip39_ops[] = {
    {"bip39", bip39, REASON(REASON_CHECKSUM), bip39_params,
     sizeof(struct bip39), NULL, bip39_prepare},
    {.name = NULL},
};
