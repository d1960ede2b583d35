#include "detect/decide/payment.h"

#include <string.h>

#include "detect/work.h"

static bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
letter(uint8_t c)
{
	return (uint8_t)((c | 32) - 'a') < 26 || c >= 0x80;
}

static uint8_t
at(struct span t, size_t i)
{
	return i < t.len ? t.ptr[i] : 0;
}

/* ---- the date of expiry -------------------------------------------------- */

#define BLANKS_MOST 4 /* and signs between a number and its date */
#define YEAR_FIRST  18
#define YEAR_LAST   49

static unsigned
two(struct span t, size_t i)
{
	if (!digit(at(t, i)) || !digit(at(t, i + 1)))
		return 100;
	return (t.ptr[i] - '0') * 10U + t.ptr[i + 1] - '0';
}

/* "31" or "2031" at t[i], and no date that goes on. */
static bool
year(struct span t, size_t i)
{
	size_t n = two(t, i) == 20 && two(t, i + 2) < 100 ? 4 : 2;
	unsigned y = two(t, i + n - 2);

	return y >= YEAR_FIRST && y <= YEAR_LAST && !digit(at(t, i + n)) &&
	       at(t, i + n) != '/' && at(t, i + n) != '-';
}

bool
payment_expiry(struct span text, size_t end)
{
	size_t i = end;

	while (i < end + BLANKS_MOST && at(text, i) != 0 &&
	       strchr(" \t,;|\"'", text.ptr[i]) != NULL)
		i++;
	return i > end && two(text, i) - 1 < 12 && at(text, i + 2) == '/' &&
	       year(text, i + 3);
}

/* ---- words against it that are not said of it ---------------------------- */

#define WORDS_BETWEEN 2 /* that part a word from the number */
#define WORD_MOST     8 /* letters of those that are told */

/* The word at t[*i], or behind it, that ends before `to`; *i is its end. */
static struct span
word_from(struct span t, size_t *i, size_t to)
{
	size_t first;

	while (*i < to && !letter(t.ptr[*i]))
		(*i)++;
	first = *i;
	while (*i < to && letter(t.ptr[*i]))
		(*i)++;
	return span_of(t.ptr + first, *i - first);
}

/* Whether the words, each between blanks, have it. */
static bool
one_of(const char *words, struct span word)
{
	char padded[WORD_MOST + 3] = " ";

	if (word.len == 0 || word.len > WORD_MOST)
		return false;
	for (size_t i = 0; i < word.len; i++)
		padded[1 + i] = (char)(word.ptr[i] | 32);
	padded[1 + word.len] = ' ';
	return strstr(words, padded) != NULL;
}

/* "order to 4242...": what is paid with it, or for whom. */
#define TOWARD " to with using via "
/* "order number is 4242...": all of it names the number. */
#define NAMES                                                                  \
	" number numbers no nr num id ids code ref is was has the of a an my " \
	"your our "
/* "4242... for order 7": the sentence goes on to something else. */
#define GOES_ON " to for on by from at in with and "

static bool
parted(struct span t, size_t from, size_t to)
{
	struct span word = word_from(t, &from, to), last = word;
	size_t words = 0;

	for (; word.len > 0; word = word_from(t, &from, to)) {
		words += !one_of(NAMES, word);
		last = word;
	}
	return words >= WORDS_BETWEEN || one_of(TOWARD, last);
}

static bool
goes_on(struct span t, size_t end)
{
	size_t from = end;

	return at(t, end) == ' ' &&
	       one_of(GOES_ON, word_from(t, &from, t.len)) &&
	       letter(at(t, end + 1));
}

bool
payment_aside(const struct detect_scratch *s, const struct data_type *t,
	      size_t start, size_t end)
{
	const struct nearby *n = &s->nearby;
	const uint64_t *set = t->words_against;

	for (size_t i = 0; i < n->count; i++) {
		if ((set[n->id[i] / 64] >> (n->id[i] % 64) & 1) == 0 ||
		    (n->place[i] & (WORD_KEY | WORD_CLOSE)) == 0)
			continue;
		if ((n->place[i] & WORD_KEY) != 0)
			return false;
		if (n->far[i] > 0 ? !parted(s->text, start - n->near[i], start)
				  : !goes_on(s->text, end))
			return false;
	}
	return true;
}
