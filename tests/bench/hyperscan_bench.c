/*
 * hyperscan_bench: MiB per CPU second of Hyperscan by itself, all expressions
 * in one database in block mode, matches only counted, on the text of a file in
 * memory, in blocks of 64 KiB. The best of a few rounds.
 *
 *   hyperscan_bench FILE EXPRESSION...
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <hs/hs.h>

#define MIB    ((size_t)1 << 20)
#define BLOCK  ((size_t)64 * 1024)
#define MOST   (256 * MIB) /* of a file */
#define ROUNDS 3

struct scanner {
	hs_database_t *db;
	hs_scratch_t *scratch;
	size_t matches;
};

static int
count(unsigned id, unsigned long long from, unsigned long long to,
      unsigned flags, void *arg)
{
	struct scanner *s = arg;

	(void)id, (void)from, (void)to, (void)flags;
	s->matches++;
	return 0;
}

static double
cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
compile(struct scanner *s, const char *const *expressions, unsigned n)
{
	unsigned *ids = calloc(n, sizeof(*ids));
	hs_compile_error_t *why = NULL;
	int failed = ids == NULL ||
		     hs_compile_multi(expressions, NULL, ids, n, HS_MODE_BLOCK,
				      NULL, &s->db, &why) != HS_SUCCESS;

	if (why != NULL)
		fprintf(stderr, "%s\n", why->message);
	hs_free_compile_error(why);
	free(ids);
	return failed || hs_alloc_scratch(s->db, &s->scratch) != HS_SUCCESS;
}

/* Seconds that one pass takes. */
static double
pass(struct scanner *s, const char *text, size_t len)
{
	double from = cpu_seconds();

	s->matches = 0;
	for (size_t at = 0; at < len; at += BLOCK) {
		size_t n = len - at < BLOCK ? len - at : BLOCK;

		if (hs_scan(s->db, text + at, (unsigned)n, 0, s->scratch, count,
			    s) != HS_SUCCESS)
			return 0;
	}
	return cpu_seconds() - from;
}

static char *
read_text(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	char *text = malloc(MOST);

	*len = f == NULL || text == NULL ? 0 : fread(text, 1, MOST, f);
	if (f != NULL)
		fclose(f);
	return text;
}

int
main(int argc, char **argv)
{
	struct scanner s = {.db = NULL};
	double best = 0;
	size_t len;
	char *text;

	if (argc < 3) {
		fputs("usage: hyperscan_bench FILE EXPRESSION...\n", stderr);
		return 2;
	}
	text = read_text(argv[1], &len);
	if (len == 0 ||
	    compile(&s, (const char *const *)argv + 2, (unsigned)argc - 2) != 0)
		return 1;
	for (unsigned r = 0; r < ROUNDS; r++) {
		double took = pass(&s, text, len);

		if (took > 0 && (best == 0 || took < best))
			best = took;
	}
	printf("%.0f %zu\n", best == 0 ? 0 : (double)len / (double)MIB / best,
	       s.matches);
	hs_free_scratch(s.scratch);
	hs_free_database(s.db);
	free(text);
	return best == 0;
}
