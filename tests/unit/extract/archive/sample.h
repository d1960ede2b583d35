#ifndef UNIT_EXTRACT_ARCHIVE_SAMPLE_H
#define UNIT_EXTRACT_ARCHIVE_SAMPLE_H

#include <stdio.h>

#include "tests/unit/extract/collect.h"

/*
 * sample: files that the tools of others made; most hold a.txt with CARD, some
 * b.txt with PLAIN, too. They are the seeds of the fuzz targets.
 */
#define ARROW " \xe2\x86\x92 "
#define CARD  "name: A\ncard: 4111 1111 1111 1111\n"
#define PLAIN "plain text\n"

#define SAMPLE_MAX (1u << 20)

static inline struct span
sample(const char *name)
{
	uint8_t *p = malloc(SAMPLE_MAX);
	char path[256];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "tests/fuzz/seeds/%s", name);
	f = fopen(path, "re");
	if (f == NULL)
		fail_msg("%s is not there", path);
	assert_non_null(p);
	n = fread(p, 1, SAMPLE_MAX, f);
	fclose(f);
	return span_of(p, n);
}

/* Words stand somewhere in the text of a place. */
static inline void
assert_has(const struct collect *c, const char *place, const char *words)
{
	struct span s = collect_text(c, place);

	if (s.ptr == NULL || memmem(s.ptr, s.len, words, strlen(words)) == NULL)
		fail_msg("\"%s\" does not stand at \"%s\"", words, place);
}

#endif
