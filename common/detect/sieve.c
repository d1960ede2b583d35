#include "detect/sieve.h"

#include <string.h>

#include "detect/sieve_impl.h"

#define NESTED_MAX 16
#define COPIES_MAX 64 /* more repeats say nothing more */

/*
 * What every match of a part of an expression has of one class of bytes: runs
 * at its beginning, at its end and anywhere that are no shorter than this. All:
 * it is made of nothing else, and the three are its least length.
 */
struct run {
	bool all;
	unsigned head, tail, best;
};

/* What every match has, whatever else is in it. */
struct wants {
	struct run word, dotted;
	bool dashes, scheme;
};

/* An expression being read; failed: it holds what is not understood. */
struct reader {
	const char *p;
	unsigned depth;
	bool failed;
};

static const struct run no_run = {.all = true};

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
alnum(char c)
{
	return digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

static bool
word_byte(char c)
{
	return alnum(c) || c == '_' || c == '+' || c == '/' || c == '-';
}

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static unsigned
most(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

/* ---- a part, and another behind it, or instead of it, or many of it ------ */

static struct run
run_then(struct run a, struct run b)
{
	return (struct run){
	    .all = a.all && b.all,
	    .head = a.all ? a.head + b.head : a.head,
	    .tail = b.all ? b.tail + a.tail : b.tail,
	    .best = most(most(a.best, b.best), a.tail + b.head),
	};
}

static struct run
run_or(struct run a, struct run b)
{
	return (struct run){
	    .all = a.all && b.all,
	    .head = least(a.head, b.head),
	    .tail = least(a.tail, b.tail),
	    .best = least(a.best, b.best),
	};
}

static struct run
run_times(struct run a, unsigned n)
{
	unsigned copies = least(n, COPIES_MAX);

	if (n == 0)
		return (struct run){.all = a.all};
	if (a.all)
		a.head = a.tail = a.best = least(a.best, COPIES_MAX) * copies;
	return a;
}

static struct wants
one_byte(bool word, bool dotted)
{
	return (struct wants){
	    .word = {word, word, word, word},
	    .dotted = {dotted, dotted, dotted, dotted},
	};
}

static struct wants
nothing(void)
{
	return (struct wants){.word = no_run, .dotted = no_run};
}

static struct wants
wants_then(const struct wants *a, const struct wants *b)
{
	return (struct wants){
	    .word = run_then(a->word, b->word),
	    .dotted = run_then(a->dotted, b->dotted),
	    .dashes = a->dashes || b->dashes,
	    .scheme = a->scheme || b->scheme,
	};
}

static struct wants
wants_or(const struct wants *a, const struct wants *b)
{
	return (struct wants){
	    .word = run_or(a->word, b->word),
	    .dotted = run_or(a->dotted, b->dotted),
	    .dashes = a->dashes && b->dashes,
	    .scheme = a->scheme && b->scheme,
	};
}

/* ---- reading an expression ----------------------------------------------- */

static struct wants
fail(struct reader *r)
{
	r->failed = true;
	return nothing();
}

/* A byte behind a backslash, in a set or not; *c is 0 when it is no byte. */
static struct wants
read_escape(struct reader *r, char *c)
{
	char e = *r->p;

	*c = 0;
	if (e == 0)
		return fail(r);
	r->p++;
	if (!alnum(e)) {
		*c = e;
		return one_byte(word_byte(e), word_byte(e) || e == '.');
	}
	if (e == 'd' || e == 'w')
		return one_byte(true, true);
	if (e == 's' || e == 'S' || e == 'D' || e == 'W' || e == 'n' ||
	    e == 'r' || e == 't')
		return one_byte(false, false);
	return fail(r);
}

/* One member of a set, or the range that begins with it. */
static struct wants
read_member(struct reader *r)
{
	char from = *r->p++, to;
	struct wants one;

	if (from == '\\') {
		one = read_escape(r, &from);
		/* the end of a range is never a class */
		return *r->p == '-' && r->p[1] != ']' ? fail(r) : one;
	}
	if (from == '[' || (from & 0x80) != 0)
		return fail(r); /* [:alpha:] and its like */
	if (*r->p != '-' || r->p[1] == ']')
		return one_byte(word_byte(from),
				word_byte(from) || from == '.');
	to = r->p[1];
	r->p += 2;
	if (to == '\\' || to == '[' || to == 0)
		return fail(r);
	/* both ends among the digits, the small or the large letters */
	return (digit(from) && digit(to)) ||
		       (alnum(from) && alnum(to) && !digit(from) &&
			!digit(to) && (from & 32) == (to & 32))
		   ? one_byte(true, true)
		   : one_byte(false, false);
}

static struct wants
read_set(struct reader *r)
{
	struct wants all = one_byte(true, true), one;
	bool others = *r->p == '^';

	r->p += others;
	if (*r->p == ']')
		return fail(r);
	while (*r->p != ']' && !r->failed) {
		if (*r->p == 0)
			return fail(r);
		one = read_member(r);
		all = wants_or(&all, &one);
	}
	if (r->failed)
		return nothing();
	r->p++;
	return others ? one_byte(false, false) : all;
}

static struct wants read_choice(struct reader *r);

static struct wants
read_group(struct reader *r)
{
	struct wants w;

	if (r->p[0] == '?') {
		if (r->p[1] != ':')
			return fail(r);
		r->p += 2;
	}
	if (r->depth == NESTED_MAX)
		return fail(r);
	r->depth++;
	w = read_choice(r);
	r->depth--;
	if (r->failed || *r->p != ')')
		return fail(r);
	r->p++;
	return w;
}

/* One byte, set or group; *c is the byte when it is a certain one, else 0. */
static struct wants
read_atom(struct reader *r, char *c)
{
	char at = *r->p++;

	*c = 0;
	switch (at) {
	case '(':
		return read_group(r);
	case '[':
		return read_set(r);
	case '.':
		return one_byte(false, false);
	case '\\':
		if (*r->p == 'b') {
			r->p++;
			return nothing();
		}
		return read_escape(r, c);
	case '^':
	case '$':
		return nothing();
	case '*':
	case '+':
	case '?':
	case '{':
		return fail(r);
	default:
		*c = at;
		return one_byte(word_byte(at), word_byte(at));
	}
}

/* The least number of times of what was read; 1 when it says nothing. */
static unsigned
read_times(struct reader *r, bool *said)
{
	unsigned n = 0;

	*said = true;
	switch (*r->p) {
	case '?':
	case '*':
		r->p++;
		break;
	case '+':
		r->p++;
		n = 1;
		break;
	case '{':
		r->p++;
		if (!digit(*r->p))
			(void)fail(r);
		while (digit(*r->p) && n <= COPIES_MAX)
			n = n * 10 + (unsigned)(*r->p++ - '0');
		while (digit(*r->p) || *r->p == ',')
			r->p++;
		if (*r->p++ != '}')
			(void)fail(r);
		break;
	default:
		*said = false;
		return 1;
	}
	if (!r->failed && *r->p == '?')
		r->p++;
	return n;
}

/* The bytes last read, as far as they are certain. */
struct literal {
	char last[5];
	size_t n;
};

static void
note_literal(struct literal *l, char c, struct wants *w)
{
	if (c == 0) {
		l->n = 0;
		return;
	}
	if (l->n == sizeof(l->last)) {
		memmove(l->last, l->last + 1, sizeof(l->last) - 1);
		l->n--;
	}
	l->last[l->n++] = c;
	if (l->n >= 4 && memcmp(l->last + l->n - 4, "----", 4) == 0)
		w->dashes = true;
	if (l->n >= 2 && memcmp(l->last + l->n - 2, ":/", 2) == 0)
		w->scheme = true;
}

static struct wants
read_sequence(struct reader *r)
{
	struct wants w = nothing(), part;
	struct literal l = {.n = 0};
	unsigned times;
	bool said;
	char c;

	while (!r->failed && *r->p != 0 && *r->p != '|' && *r->p != ')') {
		part = read_atom(r, &c);
		if (r->failed)
			break;
		times = read_times(r, &said);
		part.word = run_times(part.word, times);
		part.dotted = run_times(part.dotted, times);
		part.dashes &= times > 0;
		part.scheme &= times > 0;
		w = wants_then(&w, &part);
		if (said)
			c = 0;
		note_literal(&l, c, &w);
	}
	return w;
}

static struct wants
read_choice(struct reader *r)
{
	struct wants w = read_sequence(r), other;

	while (!r->failed && *r->p == '|') {
		r->p++;
		other = read_sequence(r);
		w = wants_or(&w, &other);
	}
	return w;
}

void
sieve_init(struct sieve *s, enum tile_level level)
{
	*s = (struct sieve){.level = level};
	s->open = level != TILE_AVX2 && level != TILE_AVX512;
}

void
sieve_add(struct sieve *s, const char *expression)
{
	struct reader r = {.p = expression};
	struct wants w = read_choice(&r);

	if (r.failed || *r.p != 0 ||
	    (w.word.best < SIEVE_WORD && w.dotted.best < SIEVE_DOTTED &&
	     !w.dashes && !w.scheme))
		s->open = true;
}

bool
sieve_passes(const struct sieve *s, struct span text)
{
	if (s->open)
		return true;
#if defined(__x86_64__)
	return s->level == TILE_AVX512 ? sieve_avx512(text) : sieve_avx2(text);
#else
	return true;
#endif
}
