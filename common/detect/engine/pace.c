#include "detect/engine/pace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SAMPLE ((size_t)128 * 1024)
#define LINE   ((size_t)512)
#define ROUNDS 5

/* What takes as long as anything that is looked for must take. */
static const char literal[] = "zQ7vX[0-9]{4}";

struct pace {
	char *text; /* SAMPLE bytes */
	uint64_t literal_ns;
};

static uint64_t
next(uint64_t *rng)
{
	*rng ^= *rng << 13;
	*rng ^= *rng >> 7;
	*rng ^= *rng << 17;
	return *rng;
}

static const char *
word(uint64_t *rng)
{
	static const char *const words[] = {
	    "the",        "of",         "and",     "a",        "to",
	    "in",         "is",         "it",      "that",     "for",
	    "on",         "with",       "as",      "be",       "was",
	    "by",         "this",       "or",      "an",       "not",
	    "from",       "at",         "are",     "if",       "which",
	    "have",       "when",       "can",     "will",     "you",
	    "its",        "may",        "one",     "all",      "has",
	    "then",       "file",       "line",    "set",      "get",
	    "name",       "data",       "error",   "result",   "return",
	    "const",      "string",     "value",   "size",     "list",
	    "type",       "include",    "message", "buffer",   "default",
	    "server",     "option",     "used",    "only",     "before",
	    "after",      "first",      "other",   "number",   "read",
	    "write",      "time",       "module",  "function", "object",
	    "install",    "support",    "package", "version",  "change",
	    "test",       "value_type", "size_t",  "readAll",  "isEnabled",
	    "max_length", "request",    "user",    "session",  "connection",
	    "password",   "token",      "secret",  "key",      "access",
	    "api"};

	return words[next(rng) % (sizeof(words) / sizeof(words[0]))];
}

/* One line of one of the kinds of text; gives its length. */
static size_t
line(uint64_t *rng, char *to)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqr"
				  "stuvwxyz0123456789+/";
	const char *a = word(rng), *b = word(rng), *c = word(rng);
	unsigned long long n = next(rng) >> 4, m = next(rng) >> 4;
	int len = 0;

	switch (next(rng) % 6) {
	case 0:
		len = snprintf(to, LINE, "\t%s_%s = %s(\"%s\", %llu);\n", a, b,
			       c, word(rng), n % 1000);
		break;
	case 1:
		len = snprintf(to, LINE,
			       "2026-%02llu-%02llu 12:%02llu:07 INFO [%s-%llu] "
			       "id=%08llx /%s/%s/%llu %s\n",
			       1 + n % 12, 1 + m % 28, n % 60, a, m % 64,
			       n & 0xffffffff, b, c, m % 10000, word(rng));
		break;
	case 2:
		len = snprintf(to, LINE, "%llu,%llu.%02llu,EUR,%s,%s,%s\n",
			       n % 100000000, m % 10000, n % 100, a, b, c);
		break;
	case 3:
		len = snprintf(to, LINE, "%s: %016llx%016llx%08llx\n", a, n, m,
			       n & 0xffffffff);
		break;
	default:
		for (unsigned i = 0; i < 12; i++)
			len += snprintf(to + len, LINE - (size_t)len, "%s%c",
					word(rng), i == 11 ? '\n' : ' ');
	}
	for (unsigned i = 0; n % 40 == 0 && i < 64; i++)
		to[len++] = set[next(rng) % 64];
	return (size_t)len;
}

static void
fill(char *text)
{
	uint64_t rng = 20261122;
	char one[2 * LINE];
	size_t at = 0, n;

	while (at < SAMPLE) {
		n = line(&rng, one);
		if (n > SAMPLE - at)
			n = SAMPLE - at;
		memcpy(text + at, one, n);
		at += n;
	}
}

static uint64_t
cpu_ns(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) != 0)
		return 0;
	return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}

static int
ignore(unsigned id, unsigned long long from, unsigned long long to,
       unsigned flags, void *arg)
{
	(void)id;
	(void)from;
	(void)to;
	(void)flags;
	(void)arg;
	return 0;
}

/* The least of some rounds: what disturbs makes it only longer. 0: failed. */
static uint64_t
least_ns(const char *text, const hs_database_t *db)
{
	hs_scratch_t *scratch = NULL;
	uint64_t best = UINT64_MAX;

	if (hs_alloc_scratch(db, &scratch) != HS_SUCCESS)
		return 0;
	for (unsigned i = 0; i < ROUNDS; i++) {
		uint64_t from = cpu_ns(), took;

		if (hs_scan(db, text, SAMPLE, 0, scratch, ignore, NULL) !=
		    HS_SUCCESS)
			best = 0;
		took = cpu_ns() - from;
		best = took < best ? took : best;
	}
	hs_free_scratch(scratch);
	return best;
}

enum status
pace_open(struct pace **out)
{
	struct pace *p = calloc(1, sizeof(*p));
	hs_compile_error_t *error = NULL;
	hs_database_t *db = NULL;

	if (p == NULL)
		return ST_NOMEM;
	p->text = malloc(SAMPLE);
	if (p->text == NULL || hs_compile(literal, 0, HS_MODE_BLOCK, NULL, &db,
					  &error) != HS_SUCCESS) {
		hs_free_compile_error(error);
		pace_close(p);
		return ST_NOMEM;
	}
	fill(p->text);
	p->literal_ns = least_ns(p->text, db);
	hs_free_database(db);
	*out = p;
	return ST_OK;
}

void
pace_close(struct pace *p)
{
	if (p == NULL)
		return;
	free(p->text);
	free(p);
}

uint32_t
pace_of(const struct pace *p, const hs_database_t *db)
{
	uint64_t ns = least_ns(p->text, db);
	uint64_t times = p->literal_ns == 0 ? 1 : ns / p->literal_ns;

	if (ns == 0 || times > UINT32_MAX)
		return UINT32_MAX;
	return times < 1 ? 1 : (uint32_t)times;
}
