#include "detect/region/sieve.h"

#include <string.h>

#include "detect/region/sieve_impl.h"

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
	struct run narrow, wide;
	struct run literal; /* bytes that are certain */
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
narrow_byte(char c)
{
	return alnum(c) || c == '_' || c == '-';
}

static bool
wide_byte(char c)
{
	return narrow_byte(c) || c == '+' || c == '/';
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
one_byte(bool narrow, bool wide)
{
	return (struct wants){
	    .narrow = {narrow, narrow, narrow, narrow},
	    .wide = {wide, wide, wide, wide},
	};
}

static struct wants
nothing(void)
{
	return (struct wants){
	    .narrow = no_run, .wide = no_run, .literal = no_run};
}

static struct wants
wants_then(const struct wants *a, const struct wants *b)
{
	return (struct wants){
	    .narrow = run_then(a->narrow, b->narrow),
	    .wide = run_then(a->wide, b->wide),
	    .literal = run_then(a->literal, b->literal),
	};
}

static struct wants
wants_or(const struct wants *a, const struct wants *b)
{
	return (struct wants){
	    .narrow = run_or(a->narrow, b->narrow),
	    .wide = run_or(a->wide, b->wide),
	    .literal = run_or(a->literal, b->literal),
	};
}

/* ---- reading an expression ----------------------------------------------- */

static struct wants
fail(struct reader *r)
{
	r->failed = true;
	return nothing();
}

/* This byte and no other. */
static struct wants
certain(char c)
{
	struct wants w = one_byte(narrow_byte(c), wide_byte(c));

	w.literal = (struct run){true, 1, 1, 1};
	return w;
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
		return certain(e);
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
		return one_byte(narrow_byte(from), wide_byte(from));
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

/* One byte, set or group. */
static struct wants
read_atom(struct reader *r)
{
	char at = *r->p++, c;

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
		return read_escape(r, &c);
	case '^':
	case '$':
		return nothing();
	case '*':
	case '+':
	case '?':
	case '{':
		return fail(r);
	default:
		return certain(at);
	}
}

/* The least number of times of what was read; 1 when it says nothing. */
static unsigned
read_times(struct reader *r)
{
	unsigned n = 0;

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
		return 1;
	}
	if (!r->failed && *r->p == '?')
		r->p++;
	return n;
}

static struct wants
read_sequence(struct reader *r)
{
	struct wants w = nothing(), part;
	const char *at;
	unsigned times;

	while (!r->failed && *r->p != 0 && *r->p != '|' && *r->p != ')') {
		part = read_atom(r);
		if (r->failed)
			break;
		at = r->p;
		times = read_times(r);
		part.narrow = run_times(part.narrow, times);
		part.wide = run_times(part.wide, times);
		/* of what may repeat, the rest is not joined for certain */
		if (r->p != at)
			part.literal = (struct run){
			    .best = run_times(part.literal, times).best};
		w = wants_then(&w, &part);
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

bool
sieve_takes(const char *expression)
{
	struct reader r = {.p = expression};
	struct wants w = read_choice(&r);

	return !r.failed && *r.p == 0 &&
	       (w.narrow.best >= SIEVE_NARROW || w.wide.best >= SIEVE_WIDE);
}

unsigned
sieve_literal(const char *expression)
{
	struct reader r = {.p = expression};
	struct wants w = read_choice(&r);

	return r.failed || *r.p != 0 ? 0 : w.literal.best;
}

/* ---- reading text -------------------------------------------------------- */

bool
sieve_run(struct span text)
{
	size_t narrow = 0, wide = 0, narrow_digits = 0, wide_digits = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = (char)text.ptr[i];

		narrow = narrow_byte(c) ? narrow + 1 : 0;
		wide = wide_byte(c) ? wide + 1 : 0;
		narrow_digits =
		    narrow == 0 ? 0 : narrow_digits + (size_t)digit(c);
		wide_digits = wide == 0 ? 0 : wide_digits + (size_t)digit(c);
		if ((narrow >= SIEVE_NARROW && narrow_digits > 0) ||
		    (wide >= SIEVE_WIDE && wide_digits > 0))
			return true;
	}
	return false;
}

#if defined(__x86_64__)

/* A region that may still grow. */
struct region {
	size_t from, to; /* to: 0 when there is none */
	size_t margin, len;
	sieve_tell *tell;
	void *arg;
};

/* A run ends with the byte at `last`. */
static bool
take_end(struct region *r, size_t last)
{
	size_t from = last + 1 < SIEVE_WIDE + r->margin
			  ? 0
			  : last + 1 - SIEVE_WIDE - r->margin;
	size_t to =
	    r->len - last - 1 < r->margin ? r->len : last + 1 + r->margin;

	if (r->to >= from && r->to > 0) {
		r->to = to;
		return true;
	}
	if (r->to > 0 && !r->tell(r->arg, r->from, r->to))
		return false;
	r->from = from;
	r->to = to;
	return true;
}

/* All ends in a word of 64 bytes are as one: its first and its last. */
static bool
take_block(struct region *r, size_t at, const uint64_t ends[SIEVE_WORDS])
{
	for (size_t i = 0; i < SIEVE_WORDS; i++) {
		size_t word = at + i * 64;

		if (ends[i] == 0)
			continue;
		if (!take_end(r, word + (size_t)__builtin_ctzll(ends[i])) ||
		    !take_end(r, word + 63 - (size_t)__builtin_clzll(ends[i])))
			return false;
	}
	return true;
}

bool
sieve_regions(enum tile_level level, struct span text, size_t margin,
	      sieve_tell *tell, void *arg)
{
	struct region r = {
	    .margin = margin, .len = text.len, .tell = tell, .arg = arg};
	struct sieve_trail t;
	uint64_t ends[SIEVE_WORDS];

	if (level != TILE_AVX2 && level != TILE_AVX512)
		return text.len == 0 || tell(arg, 0, text.len);
	memset(&t, 0, sizeof(t));
	for (size_t at = 0; at < text.len; at += SIEVE_BLOCK) {
		bool any = level == TILE_AVX512
			       ? sieve_avx512(text, at, &t, ends)
			       : sieve_avx2(text, at, &t, ends);

		if (any && !take_block(&r, at, ends))
			return false;
	}
	return r.to == 0 || tell(arg, r.from, r.to);
}

#else

bool
sieve_regions(enum tile_level level, struct span text, size_t margin,
	      sieve_tell *tell, void *arg)
{
	(void)level;
	(void)margin;
	return text.len == 0 || tell(arg, 0, text.len);
}

#endif
