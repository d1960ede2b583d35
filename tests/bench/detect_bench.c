/*
 * detect_bench: MiB per CPU second of the detector on text in memory, on
 * generated inputs, at each level of SIMD; of all types, or of those that are
 * named. Ratios within one run are what counts: machines and their neighbours
 * differ. "tiny" is "log" cut into texts of their own, as small files are.
 *
 *   detect_bench [-t TYPE,...] [MiB of each input [one input, or a file's
 * path]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/str.h"
#include "detect/work.h"

#define MIB    ((size_t)1 << 20)
#define ROUNDS 3
#define TINY   500 /* bytes of a small text */
#define TYPES  256 /* at most, with -t */

static uint64_t
next(uint64_t *rng)
{
	*rng ^= *rng << 13;
	*rng ^= *rng >> 7;
	*rng ^= *rng << 17;
	return *rng;
}

static size_t
word(uint64_t *rng, char *to)
{
	size_t n = 2 + next(rng) % 9;

	for (size_t i = 0; i < n; i++)
		to[i] = (char)('a' + next(rng) % 26);
	return n;
}

static size_t
line_text(uint64_t *rng, char *to)
{
	size_t n = 0;

	for (unsigned i = 0; i < 12; i++) {
		n += word(rng, to + n);
		to[n++] = i == 11 ? '\n' : ' ';
	}
	return n;
}

static size_t
line_log(uint64_t *rng, char *to)
{
	int n = snprintf(
	    to, 120,
	    "2026-%02u-%02u %02u:%02u:%02u,%03u INFO [main-%u] id=%u"
	    " took %ums status=%u ",
	    (unsigned)(1 + next(rng) % 12), (unsigned)(1 + next(rng) % 28),
	    (unsigned)(next(rng) % 24), (unsigned)(next(rng) % 60),
	    (unsigned)(next(rng) % 60), (unsigned)(next(rng) % 1000),
	    (unsigned)(next(rng) % 64), (unsigned)(next(rng) >> 33),
	    (unsigned)(next(rng) % 4000), (unsigned)(200 + next(rng) % 300));

	return (size_t)n + line_text(rng, to + n);
}

static size_t
line_csv(uint64_t *rng, char *to)
{
	int n = snprintf(
	    to, 80, "%u,%u.%02u,EUR,2026-%02u-%02u,",
	    (unsigned)(next(rng) >> 34), (unsigned)(next(rng) % 99999),
	    (unsigned)(next(rng) % 100), (unsigned)(1 + next(rng) % 12),
	    (unsigned)(1 + next(rng) % 28));

	n += (int)word(rng, to + n);
	to[n++] = '\n';
	return (size_t)n;
}

static size_t
line_digits(uint64_t *rng, char *to)
{
	for (unsigned i = 0; i < 64; i++)
		to[i] = (char)('0' + next(rng) % 10);
	return 64;
}

static size_t
line_groups(uint64_t *rng, char *to)
{
	memset(to, ' ', 65);
	for (unsigned i = 0; i < 65; i++)
		if (i % 5 != 4)
			to[i] = (char)('0' + next(rng) % 10);
	return 65;
}

static size_t
line_at(uint64_t *rng, char *to)
{
	memset(to, '@', 64);
	*rng += 1;
	return 64;
}

static size_t
line_base64(uint64_t *rng, char *to)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqr"
				  "stuvwxyz0123456789+/";

	for (unsigned i = 0; i < 64; i++)
		to[i] = set[next(rng) % 64];
	return 64;
}

static const struct input {
	const char *name;
	size_t (*line)(uint64_t *rng, char *to);
	size_t each; /* bytes of a text; 0: all is one */
} inputs[] = {
    {"text", line_text, 0},     {"log", line_log, 0},
    {"tiny", line_log, TINY},   {"csv", line_csv, 0},
    {"digits", line_digits, 0}, {"groups", line_groups, 0},
    {"at signs", line_at, 0},   {"base64", line_base64, 0},
};

static void
count(void *arg, const struct match *m)
{
	(void)m;
	++*(size_t *)arg;
}

static double
cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static size_t
at_most(size_t n, size_t max)
{
	return n < max ? n : max;
}

/* In windows, or in texts of their own. */
static void
detect(const struct detector *d, struct detect_scratch *s, struct span text,
       size_t each, size_t *matches)
{
	detect_table(s, span_of(NULL, 0)); /* the text before is forgotten */
	for (size_t at = 0; each == 0 && at < text.len; at += MIB)
		detect_text(d, s, text, at, at_most(text.len, at + MIB), count,
			    matches);
	for (size_t at = 0; each > 0 && at < text.len; at += each) {
		struct span one =
		    span_of(text.ptr + at, at_most(text.len - at, each));

		detect_table(s, one);
		detect_text(d, s, one, 0, one.len, count, matches);
	}
}

/* The best of a few rounds: what disturbs makes it only slower. */
static double
rate(const struct detector *d, struct detect_scratch *s, struct span text,
     size_t each, size_t *matches)
{
	double best = 0;

	for (unsigned r = 0; r < ROUNDS; r++) {
		double from = cpu_seconds(), now;

		*matches = 0;
		detect(d, s, text, each, matches);
		now = (double)text.len / (double)MIB / (cpu_seconds() - from);
		best = now > best ? now : best;
	}
	return best;
}

static void
bench(struct detector *d, struct detect_scratch *s, const char *name,
      struct span text, size_t each)
{
	enum tile_level best = d->level;
	size_t matches = 0;

	printf("%-10s", name);
	for (unsigned l = 0; l <= (unsigned)best; l++) {
		d->level = (enum tile_level)l;
		printf("%10.0f", rate(d, s, text, each, &matches));
		fflush(stdout);
	}
	printf("%10zu\n", matches);
}

static int
run_file(struct detector *d, struct detect_scratch *s, size_t size,
	 const char *path)
{
	char *text = malloc(size);
	FILE *f = fopen(path, "rb");
	size_t n = f == NULL || text == NULL ? 0 : fread(text, 1, size, f);

	if (n > 0)
		bench(d, s, "file", span_of(text, n), 0);
	if (f != NULL)
		fclose(f);
	free(text);
	return n == 0;
}

static int
run(struct detector *d, struct detect_scratch *s, size_t size, const char *only)
{
	char *text = malloc(size + 4096);

	if (text == NULL)
		return 1;
	for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
		uint64_t rng = 20261121;
		size_t n = 0;

		if (only != NULL && strcmp(only, inputs[i].name) != 0)
			continue;
		while (n < size)
			n += inputs[i].line(&rng, text + n);
		bench(d, s, inputs[i].name, span_of(text, size),
		      inputs[i].each);
	}
	free(text);
	return 0;
}

/* The names of a list with commas, as `trawl scan --types` takes them. */
static size_t
read_types(const char *list, struct span *out)
{
	size_t n = 0;

	while (n < TYPES) {
		size_t len = strcspn(list, ",");

		if (len > 0)
			out[n++] = span_of(list, len);
		if (list[len] == '\0')
			break;
		list += len + 1;
	}
	return n;
}

static int
usage(void)
{
	fputs("usage: detect_bench [-t TYPE,...] [MiB of each [input]]\n",
	      stderr);
	return 2;
}

static int
open_and_run(const struct detect_options *o, size_t size, const char *only)
{
	struct detector *d = NULL;
	struct detect_scratch *s = NULL;
	struct buf why;

	buf_init(&why, 4096);
	if (detector_open(o, &d, &why) != ST_OK ||
	    detect_scratch_open(d, &s) != ST_OK) {
		fprintf(stderr, "%.*s\n", (int)why.len, (const char *)why.data);
		return 1;
	}
	printf("%-10s", "input");
	for (unsigned l = 0; l <= (unsigned)d->level; l++)
		printf("%10s", tile_level_name((enum tile_level)l));
	printf("   matches\n");
	if (only != NULL && only[0] == '/')
		return run_file(d, s, size, only);
	return run(d, s, size, only);
}

int
main(int argc, char **argv)
{
	struct span types[TYPES];
	struct detect_options o = {.types = types};
	uint64_t mib = 8;
	int c;

	while ((c = getopt(argc, argv, "t:")) != -1) {
		if (c != 't')
			return usage();
		o.type_count = read_types(optarg, types);
	}
	argv += optind;
	if (argv[0] == NULL)
		return open_and_run(&o, mib * MIB, NULL);
	if (str_to_u64(span_str(argv[0]), 1, 1024, &mib) != ST_OK)
		return usage();
	return open_and_run(&o, mib * MIB, argv[1]);
}
