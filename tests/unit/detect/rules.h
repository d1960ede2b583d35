#ifndef UNIT_DETECT_RULES_H
#define UNIT_DETECT_RULES_H

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit/detect/finds.h"

/* rules: a folder of made-up files, for what people bring themselves. */
struct rules {
	char dir[64];
	char path[160]; /* of the file that was made last */
};

static inline void
rules_make(struct rules *r)
{
	snprintf(r->dir, sizeof(r->dir), "/tmp/trawl-own-XXXXXX");
	assert_non_null(mkdtemp(r->dir));
}

/* name: "a.yaml" or "group/a.yaml" */
static inline void
rules_put(struct rules *r, const char *name, const char *text)
{
	char *slash;
	FILE *out;

	snprintf(r->path, sizeof(r->path), "%s/%s", r->dir, name);
	slash = strrchr(r->path, '/');
	*slash = 0;
	if (access(r->path, F_OK) != 0)
		assert_int_equal(mkdir(r->path, 0700), 0);
	*slash = '/';
	out = fopen(r->path, "w");
	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

static inline int
rules_drop(const char *path, const struct stat *sb, int flag, struct FTW *f)
{
	(void)sb;
	(void)flag;
	(void)f;
	return remove(path);
}

static inline void
rules_remove(const struct rules *r)
{
	assert_int_equal(nftw(r->dir, rules_drop, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* A type that finds "badge 123-456", and nothing without the word. */
#define RULE_BADGE                                                             \
	"id: badge\nname: Badge\ncategory: other\ncountries: [\"*\"]\n"        \
	"risk: low\nsource: \"house rules\"\ntoken: id\n"                      \
	"forms:\n  - shapes: [\"3-3\"]\n    separators: \"-\"\n"               \
	"    score: 20\n"                                                      \
	"words:\n  for: [\"badge\"]\n  for_lists: [words/card.txt]\n"          \
	"mask: {style: each, last: 2}\n"                                       \
	"examples:\n  match: ['badge 123-456']\n"                              \
	"  no_match: ['123-456']\n"

#endif
