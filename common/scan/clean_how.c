#include "scan/clean_how.h"

#include <fcntl.h>
#include <fts.h>
#include <limits.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "detect/catalogue/catalogue.h"

#define FILE_CAP (16u << 20) /* bytes of a file of data types */

typedef crypto_generichash_state hash_state;

/* With its length, so that no two lists of words are the same bytes. */
static void
add(hash_state *h, struct span s)
{
	uint64_t len = s.len;

	crypto_generichash_update(h, (const uint8_t *)&len, sizeof(len));
	crypto_generichash_update(h, s.ptr, s.len);
}

static void
add_number(hash_state *h, uint64_t n)
{
	crypto_generichash_update(h, (const uint8_t *)&n, sizeof(n));
}

/* One build from another of the same number. */
static void
add_program(hash_state *h)
{
	struct stat sb = {0};

	add(h, span_str(TRAWL_VERSION));
	if (stat("/proc/self/exe", &sb) != 0)
		sb = (struct stat){0};
	add_number(h, sb.st_ino);
	add_number(h, (uint64_t)sb.st_size);
	add_number(h, (uint64_t)sb.st_mtim.tv_sec);
	add_number(h, (uint64_t)sb.st_mtim.tv_nsec);
}

static enum status
add_file(hash_state *h, const char *path)
{
	uint8_t block[16 * 1024];
	uint64_t sum = 0;
	ssize_t n = 1;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return ST_NOTFOUND;
	add(h, span_str(path));
	while (n > 0 && sum < FILE_CAP) {
		n = read(fd, block, sizeof(block));
		if (n > 0) {
			crypto_generichash_update(h, block, (uint64_t)n);
			sum += (uint64_t)n;
		}
	}
	add_number(h, sum);
	close(fd);
	return n < 0 ? ST_IO : ST_OK;
}

static int
by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* A file, or all files of a folder. */
static enum status
add_tree(hash_state *h, const char *path)
{
	char name[PATH_MAX];
	char *const roots[] = {name, NULL};
	enum status st = ST_OK;
	FTSENT *e;
	FTS *tree;

	if (strlen(path) >= sizeof(name))
		return ST_LIMIT;
	memcpy(name, path, strlen(path) + 1);
	tree = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, by_name);
	if (tree == NULL)
		return ST_NOMEM;
	while (st == ST_OK && (e = fts_read(tree)) != NULL) {
		if (e->fts_info == FTS_F)
			st = add_file(h, e->fts_path);
		else if (e->fts_info == FTS_ERR || e->fts_info == FTS_NS)
			st = ST_NOTFOUND;
	}
	fts_close(tree);
	return st;
}

static enum status
add_catalogue(hash_state *h, const struct scan_options *o)
{
	char dir[PATH_MAX];
	struct buf why;
	enum status st = ST_OK;

	if (o->catalogue != NULL)
		return add_tree(h, o->catalogue);
	buf_init(&why, PATH_MAX + 256);
	st = catalogue_folder(dir, sizeof(dir), &why);
	buf_fini(&why);
	return st == ST_OK ? add_tree(h, dir) : st;
}

static void
add_order(hash_state *h, const struct scan_order *o)
{
	add_number(h, o->path_count);
	for (size_t i = 0; i < o->path_count; i++)
		add(h, o->paths[i]);
	add_number(h, o->type_count);
	for (size_t i = 0; i < o->type_count; i++)
		add(h, o->types[i]);
	add_number(h, o->min_confidence);
	add(h, o->limits);
	add(h, o->ocr);
}

enum status
clean_how(const struct scan_order *o, const struct scan_options *options,
	  uint8_t out[CLEAN_HOW])
{
	hash_state h;
	enum status st;

	if (crypto_generichash_init(&h, NULL, 0, CLEAN_HOW) != 0)
		return ST_NOMEM;
	add_program(&h);
	add_order(&h, o);
	add_number(&h, options->matches_max);
	if (options->remote != NULL)
		add(&h, options->remote->options.bytes);
	st = add_catalogue(&h, options);
	for (size_t i = 0; st == ST_OK && i < options->rule_count; i++)
		st = add_tree(&h, options->rules[i]);
	if (st == ST_OK && options->allow != NULL)
		st = add_tree(&h, options->allow);
	if (crypto_generichash_final(&h, out, CLEAN_HOW) != 0)
		return ST_NOMEM;
	return st;
}
