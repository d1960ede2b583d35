#include "detect/words/nearby.h"

#include <string.h>

#include "detect/tile/tile.h"

#define PIECE 64 /* bytes read at a time */
/* Ideographs of a word, and bytes of one. */
#define IDEOGRAPHS_MIN 2
#define IDEOGRAPHS_MAX 8
#define IDEOGRAPH      3

/* A letter of ASCII, or a byte of a character beyond. */
static inline bool
letter(uint8_t c)
{
	return (uint8_t)((c | 32) - 'a') < 26 || c >= 0x80;
}

static inline bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* Bits of the first n bytes, n <= 64. */
static uint64_t
low_bits(size_t n)
{
	return n >= 64 ? UINT64_MAX : (UINT64_C(1) << n) - 1;
}

/* ---- the stream -----------------------------------------------------------
 */

void
nearby_begin(struct word_stream *w, enum tile_level level)
{
	w->level = level;
	w->from = w->to = 0;
	w->count = 0;
	w->key[0] = w->key[1] = 0;
}

static void
keep(struct word_stream *w, uint16_t id, size_t start, size_t end)
{
	size_t half = NEARBY_HITS / 2, i;

	if (w->count == NEARBY_HITS) {
		w->from = w->hits[half - 1].end;
		memmove(w->hits, w->hits + half, half * sizeof(w->hits[0]));
		w->count = half;
	}
	for (i = w->count++; i > 0 && w->hits[i - 1].end > end; i--)
		w->hits[i] = w->hits[i - 1];
	w->hits[i] = (struct word_hit){(uint32_t)start, (uint32_t)end, id};
}

/* Two or three letters with digits on them are a piece of a code: "cc71". */
static bool
piece_of_code(struct span text, size_t start, size_t end)
{
	if (end - start > 3)
		return false;
	return (start > 0 && digit(text.ptr[start - 1])) ||
	       (end < text.len && digit(text.ptr[end]));
}

/* A word by itself and at the end of what has begun. */
static void
look_up(const struct word_table *t, struct word_stream *w, uint64_t word,
	size_t start, size_t end)
{
	uint16_t id;

	for (unsigned k = WORDS_PHRASE; k-- > 0;) {
		uint64_t key = word;
		size_t begin = start;

		if (k > 0 && w->key[k - 1] == 0) {
			w->key[k] = 0;
			continue;
		}
		if (k > 0) {
			key = words_phrase(w->key[k - 1], word);
			begin = w->start[k - 1];
		}
		w->start[k] = begin;
		w->key[k] = words_entry(t, key, &id) ? key : 0;
		if (w->key[k] != 0 && id != WORDS_NO_ID)
			keep(w, id, begin, end);
	}
}

static void
read_word(const struct word_table *t, struct word_stream *w, struct span text,
	  size_t start, size_t end)
{
	uint64_t key =
	    words_key(text.ptr + start, end - start, text.len - start);

	if (!words_known(t, key)) {
		w->key[0] = w->key[1] = 0;
		return;
	}
	if (start - w->last_end > WORDS_GAP)
		w->key[0] = w->key[1] = 0;
	w->last_end = end;
	if (!piece_of_code(text, start, end))
		look_up(t, w, key, start, end);
}

/* Words that begin with the ideograph at i. */
static void
read_ideographs(const struct word_table *t, struct word_stream *w,
		struct span text, size_t i)
{
	size_t n = IDEOGRAPH;
	uint16_t id;

	for (unsigned k = 2; k <= IDEOGRAPHS_MAX; k++) {
		uint64_t key;

		if (i + n + IDEOGRAPH > text.len ||
		    text.ptr[i + n] < WORDS_IDEOGRAPH)
			return;
		n += IDEOGRAPH;
		key = words_key(text.ptr + i, n, text.len - i);
		if (words_known(t, key) && words_entry(t, key, &id) &&
		    id != WORDS_NO_ID)
			keep(w, id, i, i + n);
	}
}

/* A word goes over i. */
static bool
cut(struct span text, size_t i)
{
	return i > 0 && i < text.len && letter(text.ptr[i - 1]) &&
	       letter(text.ptr[i]) && !words_hump(text, i);
}

/* Where scripts meet in what m tells of text[from, ...). */
static uint64_t
borders(struct span text, size_t from, const struct tile_words *m)
{
	uint64_t ascii = m->small | m->upper, high = m->letters & ~ascii;

	if (high == 0 && (from == 0 || text.ptr[from - 1] < 0x80))
		return 0;
	return border_masks(text, from, ascii, high);
}

/* The words of text[from, to) that m tells; to - from <= PIECE. */
static void
read_piece(const struct word_table *t, struct word_stream *w, struct span text,
	   size_t from, const struct tile_words *m, uint64_t meet)
{
	/* a word begins behind no letter, and where it has a hump */
	uint64_t starts =
	    m->letters &
	    (~(m->letters << 1) | meet |
	     (m->upper & (m->small << 1 |
			  (m->upper << 1 & m->small >> 1 & m->small >> 2))));

	if (cut(text, from))
		starts &= ~UINT64_C(1);
	while (starts != 0) {
		unsigned b = (unsigned)__builtin_ctzll(starts);
		uint64_t stop;

		starts &= starts - 1;
		stop = (~m->letters | starts) & ~((UINT64_C(2) << b) - 1);
		read_word(t, w, text, from + b,
			  from + (stop == 0 ? PIECE
					    : (unsigned)__builtin_ctzll(stop)));
	}
}

static void
read_script(const struct word_table *t, struct word_stream *w, struct span text,
	    size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (text.ptr[i] >= WORDS_IDEOGRAPH)
			read_ideographs(t, w, text, i);
}

/* Letters of one run at i > 0 and before: scripts do not meet there. */
static bool
joined(struct span text, size_t i)
{
	return letter(text.ptr[i]) && letter(text.ptr[i - 1]) &&
	       !border_at(text, i);
}

static size_t
letters_end(struct span text, size_t i)
{
	if (i < text.len && letter(text.ptr[i]))
		i++;
	else
		return i;
	while (i < text.len && joined(text, i))
		i++;
	return i;
}

/* How much of a piece is up to where its last run of letters begins. */
static size_t
up_to_run(const struct tile_words *m, uint64_t meet)
{
	uint64_t begins = ~m->letters << 1 | meet;

	return begins == 0 ? 0 : 63 - (unsigned)__builtin_clzll(begins);
}

/*
 * One piece more, up to where no word goes over its end; letters that fill it
 * are passed with all of their script that follow them.
 */
static void
read_next(const struct word_table *t, struct word_stream *w, struct span text)
{
	size_t from = w->to, left = text.len - from;
	size_t n = left < PIECE ? left : PIECE;
	struct tile_words m;
	uint64_t meet;

	tile_words(w->level, span_of(text.ptr + from, n), left, &m);
	meet = borders(text, from, &m);
	w->to = from + n;
	if (n < left && joined(text, from + n)) {
		n = up_to_run(&m, meet);
		m.letters &= low_bits(n);
		w->to = n > 0 ? from + n : letters_end(text, from);
	}
	read_piece(t, w, text, from, &m, meet);
	/* beyond ASCII, or letters that were passed */
	if (t->ideographs &&
	    ((m.letters & ~(m.small | m.upper)) != 0 || n == 0))
		read_script(t, w, text, from, w->to);
}

static size_t
letters_start(struct span text, size_t i)
{
	size_t low = i < PIECE ? 0 : i - PIECE;

	while (i > low && i < text.len && joined(text, i))
		i--;
	return i;
}

/* All words that begin at `from` or behind it, but none that it cuts. */
static void
read_anew(const struct word_table *t, struct word_stream *w, struct span text,
	  size_t from)
{
	struct tile_words m;

	nearby_begin(w, w->level);
	w->from = from;
	w->to = letters_end(text, from);
	if (w->to - letters_start(text, from) <= PIECE) {
		tile_words(w->level, span_of(text.ptr + from, w->to - from),
			   text.len - from, &m);
		read_piece(t, w, text, from, &m, borders(text, from, &m));
	}
	if (t->ideographs)
		read_script(t, w, text, from, w->to);
}

/* ---- seen from a stretch --------------------------------------------------
 */

/* Where words lie, seen from the stretch. */
struct sight {
	size_t low;   /* words before this are too far */
	size_t line;  /* words before this are above */
	size_t close; /* words from here on are close */
	size_t key, key_end;
	/* behind it: the end of the stretch, what is too far for a word to
	 * begin, and for it to end */
	size_t end, high, stop;
};

static bool
blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '"' || c == '\'' || c == '`';
}

/* "key: [value]", "**key:** value", "(key) = (value)" */
static bool
wraps(uint8_t c)
{
	return blank(c) || c == '[' || c == '(' || c == '*';
}

/* Where the key ends that t[i] is behind: "Card #:", "SIN (CA):", "*key*:" */
static size_t
key_end(struct span t, size_t low, size_t i)
{
	while (i > low) {
		uint8_t c = t.ptr[i - 1];

		if (c == ')')
			while (i > low + 1 && t.ptr[i - 1] != '(')
				i--;
		else if (!blank(c) && c != '#' && c != '*')
			break;
		i--;
	}
	return i;
}

/*
 * The key of "key": "value", key=value, <key>value: [s->key, s->key_end).
 * Empty when the stretch is no value. w is of the bytes from text[base] on.
 */
static void
find_key(struct span text, size_t start, size_t base,
	 const struct tile_words *w, struct sight *s)
{
	size_t i = start, low = s->line;
	uint64_t others;

	while (i > low && wraps(text.ptr[i - 1]))
		i--;
	if (i > low + 1 && text.ptr[i - 1] == '>' && text.ptr[i - 2] == '=')
		i--;
	if (i == low || (text.ptr[i - 1] != ':' && text.ptr[i - 1] != '=' &&
			 text.ptr[i - 1] != '>'))
		return;
	i = key_end(text, low, i - 1);
	s->key_end = i;
	others = ~(w->letters | w->joins) & low_bits(i - base);
	s->key =
	    others == 0 ? base : base + 64 - (unsigned)__builtin_clzll(others);
	if (s->key < low)
		s->key = low;
}

static void
look_around(enum tile_level level, struct span text, size_t start, size_t end,
	    struct sight *s)
{
	size_t n = start < NEARBY_BEFORE ? start : NEARBY_BEFORE;
	size_t base = start - n;
	struct tile_words w;

	tile_words(level, span_of(text.ptr + base, n), text.len - base, &w);
	s->low = s->line = base;
	if (w.lines != 0)
		s->line = base + 64 - (unsigned)__builtin_clzll(w.lines);
	s->close = start < NEARBY_CLOSE ? 0 : start - NEARBY_CLOSE;
	if (s->close < s->line)
		s->close = s->line;
	s->key = 1;
	s->key_end = 0;
	find_key(text, start, base, &w, s);
	s->end = end;
	n = text.len - end < NEARBY_ENDS ? text.len - end : NEARBY_ENDS;
	tile_words(level, span_of(text.ptr + end, n), text.len - end, &w);
	s->stop = end + n;
	if (w.lines != 0)
		s->stop = end + (unsigned)__builtin_ctzll(w.lines);
	s->high = s->stop < end + NEARBY_AFTER ? s->stop : end + NEARBY_AFTER;
}

/*
 * Nothing but blanks, ends of lines and a colon between text[from, to): what
 * ends at `from` is the title of what begins at `to`, a line or two below.
 */
static bool
heads(struct span text, size_t from, size_t to)
{
	while (from < to && (blank(text.ptr[from]) || text.ptr[from] == ':' ||
			     text.ptr[from] == '\r' || text.ptr[from] == '\n'))
		from++;
	return from == to;
}

/* Letters and blanks up to a question mark: "the NHS number please?" */
#define ASKED_MOST 16
/* "ola: ", "<ola> ", in the line of who answers */
#define SPEAKER_MOST 24

/*
 * "What is your PESEL?" and, in the next line, "ola: 4405...": the word is
 * what is asked for.
 */
static bool
answers(struct span text, size_t from, size_t to)
{
	size_t i = from;

	while (i < to && i - from < ASKED_MOST &&
	       (letter(text.ptr[i]) || blank(text.ptr[i])))
		i++;
	if (i == to || text.ptr[i] != '?')
		return false;
	do
		i++;
	while (i < to && (blank(text.ptr[i]) || text.ptr[i] == '\r'));
	if (i == to || text.ptr[i] != '\n' || to - i > SPEAKER_MOST + 1)
		return false;
	while (to > i && blank(text.ptr[to - 1]))
		to--;
	if (text.ptr[to - 1] != ':' && text.ptr[to - 1] != '>' && to - 1 > i)
		return false;
	return memchr(text.ptr + i + 1, '\n', to - i - 1) == NULL;
}

static bool
of_name(uint8_t c)
{
	return (uint8_t)((c | 32) - 'a') < 26 || digit(c) || c == '_' ||
	       c == '-';
}

#define NAME_REST 24 /* of a key behind its word: phone|NumberOfWork */

/* The word is of a key to which what follows is given: phone="..., "phone": */
static bool
names_next(struct span text, size_t end)
{
	size_t stop = text.len - end < NAME_REST ? text.len : end + NAME_REST;

	while (end < stop && of_name(text.ptr[end]))
		end++;
	while (end < stop && (text.ptr[end] == '"' || text.ptr[end] == '\'' ||
			      text.ptr[end] == ']' || text.ptr[end] == ' '))
		end++;
	return end < stop && (text.ptr[end] == ':' || text.ptr[end] == '=');
}

/* WORD_ bits of a word, 0 when it is too far or within the stretch. */
static uint8_t
place_of(const struct word_hit *h, struct span text, size_t start,
	 const struct sight *s)
{
	uint8_t place = WORD_NEAR;

	if (h->start >= s->end && names_next(text, h->end))
		return 0;
	if (h->start >= s->end && h->end <= s->high)
		return WORD_NEAR | WORD_CLOSE;
	if (h->start >= s->end)
		return h->start < s->high && h->end <= s->stop ? WORD_NEAR : 0;
	if (h->start < s->low || h->end > start)
		return 0;
	if (h->start < s->line)
		return heads(text, h->end, start) ||
			       answers(text, h->end, start)
			   ? WORD_NEAR
			   : WORD_ABOVE;
	if (h->start >= s->close)
		place |= WORD_CLOSE;
	if (h->start >= s->key && h->end <= s->key_end)
		place |= WORD_KEY;
	return place;
}

static void
take(const struct word_stream *w, struct span text, size_t first, size_t start,
     const struct sight *s, struct nearby *out)
{
	for (size_t i = first; i < w->count; i++) {
		const struct word_hit *h = &w->hits[i];
		uint8_t place = place_of(h, text, start, s);

		if (place == 0 || out->count == NEARBY_WORDS)
			continue;
		out->id[out->count] = h->id;
		out->far[out->count] = out->near[out->count] = 0;
		if (h->end <= start) {
			out->far[out->count] = (uint8_t)(start - h->start);
			out->near[out->count] = (uint8_t)(start - h->end);
		}
		out->place[out->count++] = place;
	}
}

void
nearby_find(const struct word_table *t, struct word_stream *w, struct span text,
	    size_t start, size_t end, struct nearby *out)
{
	size_t low = start < NEARBY_BEFORE ? 0 : start - NEARBY_BEFORE;
	size_t high =
	    text.len - end < NEARBY_ENDS ? text.len : end + NEARBY_ENDS;
	size_t first;
	struct sight s;

	out->count = 0;
	if (low < w->from || low > w->to)
		read_anew(t, w, text, low);
	while (w->to < high)
		read_next(t, w, text);
	first = w->count;
	/* a phrase ends behind words that it holds: seen by its end */
	while (first > 0 && w->hits[first - 1].end > low)
		first--;
	if (first == w->count)
		return;
	look_around(w->level, text, start, end, &s);
	take(w, text, first, start, &s, out);
}

void
nearby_of_head(const struct word_table *t, enum tile_level level,
	       struct span head, struct nearby *out)
{
	struct word_stream w;
	struct sight s = {.key_end = head.len, .end = head.len};

	nearby_begin(&w, level);
	w.last_end = 0;
	if (head.len > PIECE)
		head.len = PIECE;
	while (w.to < head.len)
		read_next(t, &w, head);
	take(&w, head, 0, head.len, &s, out);
}

static bool
has(const uint64_t *set, uint16_t id)
{
	return set != NULL && (set[id / 64] >> (id % 64) & 1) != 0;
}

unsigned
nearby_besides(const struct nearby *n, const uint64_t *set, const uint64_t *but)
{
	unsigned places = 0;

	if (set == NULL)
		return 0;
	for (size_t i = 0; i < n->count; i++)
		if (has(set, n->id[i]) && !has(but, n->id[i]))
			places |= n->place[i];
	return places;
}

unsigned
nearby_in(const struct nearby *n, const uint64_t *set)
{
	return nearby_besides(n, set, NULL);
}

/* The key, or the head of the column, is a word of the set. */
static bool
keyed(const struct nearby *n, const uint64_t *speak)
{
	for (size_t k = 0; k < n->count && speak != NULL; k++)
		if ((n->place[k] & WORD_KEY) != 0 && has(speak, n->id[k]))
			return true;
	return false;
}

bool
nearby_titled(const struct nearby *n, size_t i, const uint64_t *speak)
{
	if (n->far[i] > 0 || (n->place[i] & WORD_KEY) != 0 || speak == NULL)
		return false;
	for (size_t k = 0; k < n->count; k++)
		if (n->far[k] > 0 && n->near[k] <= NEARBY_TITLE &&
		    (n->place[k] & WORD_NEAR) != 0 && has(speak, n->id[k]))
			return true;
	return false;
}

bool
nearby_outspoken(const struct nearby *n, size_t i, const uint64_t *speak)
{
	if (n->far[i] == 0 && (n->place[i] & WORD_KEY) == 0)
		return keyed(n, speak);
	for (size_t k = i + 1; k < n->count && speak != NULL; k++)
		if (n->far[k] > 0 && n->far[k] <= n->near[i] &&
		    (n->place[k] & (WORD_KEY | WORD_CLOSE)) != 0 &&
		    has(speak, n->id[k]))
			return true;
	return false;
}

unsigned
nearby_against(const struct nearby *n, const uint64_t *against,
	       const uint64_t *speak, bool titles)
{
	unsigned places = 0;

	if (against == NULL)
		return 0;
	for (size_t i = 0; i < n->count; i++)
		if (has(against, n->id[i]) && !nearby_outspoken(n, i, speak) &&
		    !(titles && nearby_titled(n, i, speak)))
			places |= n->place[i];
	return places;
}
