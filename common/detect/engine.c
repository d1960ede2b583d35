#include "detect/engine.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <hs/hs.h>

#include "base/codec.h"
#include "base/must.h"
#include "detect/shelf.h"
#include "detect/sieve.h"

/*
 * The cache file: 8 bytes of magic, then little-endian u64: key (rules,
 * library, processor), length and checksum of what follows, then the database
 * as Hyperscan serialises it.
 */
#define CACHE_MAGIC "TRAWLHS1"
#define CACHE_HEAD  32
#define CACHE_MAX   ((size_t)256 * 1024 * 1024)

struct engine {
	hs_database_t *db;   /* NULL when there is no rule */
	hs_scratch_t *proto; /* cloned for each scratch */
	struct sieve sieve;  /* spares it what cannot match */
};

struct engine_scratch {
	hs_scratch_t *hs; /* NULL when there is no rule */
};

struct rule_lists {
	const char **text;
	unsigned *flags, *ids;
};

static void
lists_free(struct rule_lists *l)
{
	free(l->text);
	free(l->flags);
	free(l->ids);
}

static unsigned
flags_of(const struct engine_rule *r)
{
	return (r->start ? HS_FLAG_SOM_LEFTMOST : 0U) |
	       (r->caseless ? HS_FLAG_CASELESS : 0U);
}

static enum status
lists_make(const struct engine_rule *rules, size_t count, struct rule_lists *l)
{
	l->text = calloc(count, sizeof(*l->text));
	l->flags = calloc(count, sizeof(*l->flags));
	l->ids = calloc(count, sizeof(*l->ids));
	if (l->text == NULL || l->flags == NULL || l->ids == NULL) {
		lists_free(l);
		return ST_NOMEM;
	}
	for (size_t i = 0; i < count; i++) {
		l->text[i] = rules[i].text;
		l->flags[i] = flags_of(&rules[i]);
		l->ids[i] = (unsigned)i;
	}
	return ST_OK;
}

static enum status
refuse(struct buf *why, const char *name, const char *what)
{
	enum status st =
	    buf_addf(why, "type '%s': field 'pattern' %s", name, what);

	return st == ST_OK ? ST_MALFORMED : st;
}

/* Each rule must be of bounded width and want at least four bytes. */
static enum status
check_rule(const struct engine_rule *r, struct buf *why)
{
	hs_expr_info_t *info = NULL;
	hs_compile_error_t *error = NULL;
	enum status st = ST_OK;

	if (hs_expression_info(r->text, flags_of(r), &info, &error) !=
	    HS_SUCCESS) {
		st = refuse(why, r->name,
			    error == NULL ? "is refused" : error->message);
		hs_free_compile_error(error);
		return st;
	}
	if (info->max_width > ENGINE_WIDTH)
		st = refuse(why, r->name,
			    "may reach over more than 256 bytes; bound its "
			    "repeats and use 'more' for what follows");
	else if (info->min_width < 4)
		st = refuse(why, r->name, "matches fewer than four bytes");
	free(info);
	return st;
}

static enum status
compile(const struct engine_rule *rules, size_t count, hs_database_t **db,
	struct buf *why)
{
	struct rule_lists l = {0};
	hs_compile_error_t *error = NULL;
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < count; i++)
		st = check_rule(&rules[i], why);
	if (st == ST_OK)
		st = lists_make(rules, count, &l);
	if (st != ST_OK)
		return st;
	if (hs_compile_multi(l.text, l.flags, l.ids, (unsigned)count,
			     HS_MODE_BLOCK, NULL, db, &error) != HS_SUCCESS) {
		int at = error == NULL ? -1 : error->expression;

		st = refuse(why,
			    at >= 0 && (size_t)at < count ? rules[at].name
							  : "of all files",
			    error == NULL ? "is refused" : error->message);
		hs_free_compile_error(error);
	}
	lists_free(&l);
	return st;
}

static uint64_t
fnv(uint64_t h, const void *p, size_t n)
{
	const uint8_t *b = p;

	for (size_t i = 0; i < n; i++)
		h = (h ^ b[i]) * UINT64_C(0x100000001b3);
	return h;
}

/* Eight bytes at a time: a megabyte of database in well below 1 ms. */
static uint64_t
checksum(const uint8_t *p, size_t n)
{
	uint64_t h = n, v;

	for (; n >= 8; n -= 8, p += 8) {
		memcpy(&v, p, 8);
		h = (h ^ v) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 29;
	}
	return fnv(h, p, n);
}

static uint64_t
cache_key(const struct engine_rule *rules, size_t count)
{
	const char *version = hs_version();
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	hs_platform_info_t cpu;

	memset(&cpu, 0, sizeof(cpu));
	if (hs_populate_platform(&cpu) == HS_SUCCESS)
		h = fnv(h, &cpu, sizeof(cpu));
	h = fnv(h, version, strlen(version) + 1);
	for (size_t i = 0; i < count; i++) {
		unsigned flags = flags_of(&rules[i]);

		h = fnv(h, rules[i].text, strlen(rules[i].text) + 1);
		h = fnv(h, &flags, sizeof(flags));
	}
	return h;
}

/* A plain file that is ours (or root's) and that nobody else may write. */
static bool
trusted(int fd, size_t *size)
{
	struct stat sb;

	if (fstat(fd, &sb) != 0 || !S_ISREG(sb.st_mode) ||
	    (sb.st_mode & (S_IWGRP | S_IWOTH)) != 0 ||
	    (sb.st_uid != geteuid() && sb.st_uid != 0) ||
	    sb.st_size < CACHE_HEAD || (uint64_t)sb.st_size > CACHE_MAX)
		return false;
	*size = (size_t)sb.st_size;
	return true;
}

static bool
read_all(int fd, uint8_t *p, size_t n)
{
	size_t got = 0;

	while (got < n) {
		ssize_t r = read(fd, p + got, n - got);

		if (r <= 0)
			return false;
		got += (size_t)r;
	}
	return true;
}

static hs_database_t *
cache_decode(const uint8_t *p, size_t n, uint64_t key)
{
	const uint8_t *body = p + CACHE_HEAD;
	size_t len = n - CACHE_HEAD;
	hs_database_t *db = NULL;

	if (memcmp(p, CACHE_MAGIC, 8) != 0 || codec_get64(p + 8) != key ||
	    codec_get64(p + 16) != len ||
	    codec_get64(p + 24) != checksum(body, len))
		return NULL;
	if (hs_deserialize_database((const char *)body, len, &db) != HS_SUCCESS)
		return NULL;
	return db;
}

static hs_database_t *
cache_load(const char *path, uint64_t key)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	hs_database_t *db = NULL;
	uint8_t *p = NULL;
	size_t n = 0;

	if (fd < 0)
		return NULL;
	if (trusted(fd, &n))
		p = malloc(n);
	if (p != NULL && read_all(fd, p, n))
		db = cache_decode(p, n, key);
	free(p);
	close(fd);
	return db;
}

static bool
write_all(int fd, const uint8_t *p, size_t n)
{
	while (n > 0) {
		ssize_t w = write(fd, p, n);

		if (w <= 0)
			return false;
		p += w;
		n -= (size_t)w;
	}
	return true;
}

/* Beside the file, then renamed over it: a reader sees the old or the new. */
static void
cache_write(const char *path, const uint8_t *head, const char *body, size_t n)
{
	char *name = NULL;
	bool ok;
	int fd;

	if (asprintf(&name, "%s.XXXXXX", path) < 0)
		return;
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0) {
		ok = write_all(fd, head, CACHE_HEAD) &&
		     write_all(fd, (const uint8_t *)body, n);
		ok &= close(fd) == 0;
		if (!ok || rename(name, path) != 0)
			(void)unlink(name);
	}
	free(name);
}

static void
cache_save(const char *path, uint64_t key, const hs_database_t *db)
{
	uint8_t head[CACHE_HEAD] = CACHE_MAGIC;
	char *body = NULL;
	size_t n = 0;

	if (hs_serialize_database(db, &body, &n) != HS_SUCCESS)
		return;
	codec_put64(head + 8, key);
	codec_put64(head + 16, n);
	codec_put64(head + 24, checksum((const uint8_t *)body, n));
	cache_write(path, head, body, n);
	free(body);
}

static enum status
load_or_compile(struct engine *e, const struct engine_rule *rules, size_t count,
		const char *cache, struct buf *why)
{
	uint64_t key = cache == NULL ? 0 : cache_key(rules, count);
	char name[PATH_MAX];
	bool keep = cache != NULL &&
		    shelf_name(cache, key, name, sizeof(name)) == ST_OK;
	enum status st;

	if (keep)
		e->db = cache_load(name, key);
	if (e->db != NULL) {
		shelf_touch(name);
		return ST_OK;
	}
	st = compile(rules, count, &e->db, why);
	if (st == ST_OK && keep) {
		cache_save(name, key, e->db);
		shelf_tidy(cache);
	}
	return st;
}

enum status
engine_open(const struct engine_rule *rules, size_t count, const char *cache,
	    struct engine **out, struct buf *why)
{
	struct engine *e = calloc(1, sizeof(*e));
	enum status st = ST_OK;

	if (e == NULL)
		return ST_NOMEM;
	sieve_init(&e->sieve, tile_level_best());
	for (size_t i = 0; i < count; i++)
		sieve_add(&e->sieve, rules[i].text);
	if (count > 0)
		st = load_or_compile(e, rules, count, cache, why);
	if (st == ST_OK && e->db != NULL &&
	    hs_alloc_scratch(e->db, &e->proto) != HS_SUCCESS)
		st = ST_NOMEM;
	if (st == ST_OK)
		*out = e;
	else
		engine_close(e);
	return st;
}

void
engine_close(struct engine *e)
{
	if (e == NULL)
		return;
	hs_free_scratch(e->proto);
	hs_free_database(e->db);
	free(e);
}

enum status
engine_scratch_open(const struct engine *e, struct engine_scratch **out)
{
	struct engine_scratch *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return ST_NOMEM;
	if (e->proto != NULL &&
	    hs_clone_scratch(e->proto, &s->hs) != HS_SUCCESS) {
		free(s);
		return ST_NOMEM;
	}
	*out = s;
	return ST_OK;
}

void
engine_scratch_close(struct engine_scratch *s)
{
	if (s == NULL)
		return;
	hs_free_scratch(s->hs);
	free(s);
}

struct caller {
	engine_hit *hit;
	void *arg;
};

static int
on_match(unsigned id, unsigned long long from, unsigned long long to,
	 unsigned flags, void *arg)
{
	const struct caller *c = arg;

	(void)flags;
	return c->hit(c->arg, id, (size_t)from, (size_t)to) ? 0 : 1;
}

bool
engine_scan(const struct engine *e, struct engine_scratch *s, struct span text,
	    engine_hit *hit, void *arg)
{
	struct caller c = {hit, arg};
	hs_error_t err;

	must(text.len <= UINT32_MAX);
	if (e->db == NULL || text.len == 0 || !sieve_passes(&e->sieve, text))
		return true;
	err = hs_scan(e->db, (const char *)text.ptr, (unsigned)text.len, 0,
		      s->hs, on_match, &c);
	must(err == HS_SUCCESS || err == HS_SCAN_TERMINATED);
	return err == HS_SUCCESS;
}
