#ifndef DETECT_WORDS_WORDS_H
#define DETECT_WORDS_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/span.h"
#include "base/status.h"
#include "detect/words/border.h"

/*
 * words: the words and phrases that the types of a catalogue know.
 *
 * Whole words only, without case: text is cut at every byte that is no letter
 * and before a large letter that a small one stands before or two behind
 * ("cardNumber", "usSSNNumber"), between a letter of ASCII and a character of a
 * script without spaces, and behind a sign ("n°"). Phrases of up to three words
 * are one entry. Words of these scripts are found within a run of characters.
 */
#define WORDS_MAX    32768 /* words and phrases of one catalogue */
#define WORDS_PHRASE 3     /* words of a phrase */
#define WORDS_GAP    2     /* bytes between two of them, at most */
/* The id of an entry that is only the beginning of a phrase. */
#define WORDS_NO_ID UINT16_MAX
/* First byte of Chinese, Japanese and Korean characters, and all from there. */
#define WORDS_IDEOGRAPH 0xe3

struct word_table {
	/*
	 * Open addressing. A word's key is its hash; a phrase's is made of the
	 * key of what is before its last word, and that word's.
	 */
	uint64_t *key; /* 0: free */
	uint16_t *id;
	size_t slots;    /* a power of two */
	size_t count;    /* entries */
	size_t ids;      /* given out; ids are below this */
	bool ideographs; /* some word is of them */
	bool kept;       /* see words_keep() */
	/* a bit for the key of each word that any entry has */
	uint64_t known[65536 / 64];
	/* of each id: what words_head says of its first word, and of the second
	 * of a phrase, else 0 */
	struct words_heads {
		uint64_t first, second;
	} * heads;
	size_t heads_room;
};

NODISCARD enum status words_init(struct word_table *t);
void words_fini(struct word_table *t);

/* No more are added: what has grown moves to the arena, which owns it then. */
NODISCARD enum status words_keep(struct word_table *t, struct arena *a);

/* The id of a phrase, made when it is new. ST_MALFORMED: no letter in it. */
NODISCARD enum status words_add(struct word_table *t, struct span phrase,
				uint16_t *id);

/*
 * The phrase with a capital where it begins, or everywhere, for letters
 * beyond ASCII that the table does not take for the same: "телефон" and
 * "Телефон" are two entries. Its bytes; 0 when there is none such.
 */
size_t words_capitals(struct span phrase, bool all, uint8_t *out, size_t room);

/* The capital of a letter of two bytes in UTF-8; the same when it has none. */
unsigned words_capital(unsigned c);

/* ---- for who reads text ---------------------------------------------------
 */

static inline uint64_t
words_mix(uint64_t h)
{
	h *= UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 29;
}

/*
 * Up to eight bytes; a capital and its small letter give the same. Of `room`
 * bytes that can be read eight are taken at once: lengths of words are
 * anybody's guess.
 */
static inline uint64_t
words_load(const uint8_t *p, size_t n, size_t room)
{
	uint64_t v = 0;

	if (room < 8) {
		for (size_t i = 0; i < n; i++)
			v |= (uint64_t)p[i] << (i * 8);
	} else {
		memcpy(&v, p, 8);
		v &= n < 8 ? (UINT64_C(1) << n * 8) - 1 : UINT64_MAX;
	}
	return v | UINT64_C(0x2020202020202020);
}

/* Its length and its first eight bytes. */
static inline uint64_t
words_head(const uint8_t *p, size_t n, size_t room)
{
	return words_mix(words_load(p, n, room) + n);
}

/* The head, its last eight bytes, and the middle. */
static inline uint64_t
words_key(const uint8_t *p, size_t n, size_t room)
{
	uint64_t h = words_head(p, n, room);

	if (n > 8)
		h = words_mix(h ^ words_load(p + n - 8, 8, 8));
	for (size_t i = 8; i + 8 < n; i += 8)
		h = words_mix(h ^ words_load(p + i, 8, 8));
	return h | 1;
}

static inline uint64_t
words_phrase(uint64_t head, uint64_t word)
{
	return words_mix(head ^ words_mix(word)) | 1;
}

/* Whether any entry has this word in it: most are told apart here. */
static inline bool
words_known(const struct word_table *t, uint64_t key)
{
	unsigned bit = (unsigned)(key >> 48);

	return (t->known[bit / 64] >> (bit % 64) & 1) != 0;
}

/* False: there is none of this key. */
bool words_entry(const struct word_table *t, uint64_t key, uint16_t *id);

static inline bool
words_small(struct span text, size_t i)
{
	return i < text.len && text.ptr[i] >= 'a' && text.ptr[i] <= 'z';
}

static inline bool
words_large(struct span text, size_t i)
{
	return i < text.len && text.ptr[i] >= 'A' && text.ptr[i] <= 'Z';
}

/* A word ends and another begins at i > 0, though both are letters there. */
static inline bool
words_hump(struct span text, size_t i)
{
	if (words_large(text, i) &&
	    (words_small(text, i - 1) ||
	     (words_large(text, i - 1) && words_small(text, i + 1) &&
	      words_small(text, i + 2))))
		return true;
	return i < text.len && border_at(text, i);
}

#endif
