#include "unit/detect/finds.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "detect/cache/shelf.h"
#include "detect/engine/engine.h"

static const struct engine_rule rules[] = {
    {.name = "a", .text = "abc[0-9]{2}", .start = true},
    {.name = "b", .text = "secret", .caseless = true},
};

struct hits {
	size_t count, from[16], to[16], stop_after;
	unsigned rule[16];
};

static bool
take(void *arg, unsigned rule, size_t from, size_t to)
{
	struct hits *h = arg;

	assert_in_range(h->count, 0, 15);
	h->rule[h->count] = rule;
	h->from[h->count] = from;
	h->to[h->count++] = to;
	return h->count != h->stop_after;
}

#define ROOM ((size_t)256 * 1024 * 1024)

static struct arena memory; /* of all engines here */

static int
give_memory(void **state)
{
	(void)state;
	arena_init(&memory, ROOM);
	return 0;
}

static int
take_memory(void **state)
{
	(void)state;
	arena_fini(&memory);
	return 0;
}

static const struct engine_options bare = {.arena = &memory};

static struct engine *
open_rules(const struct engine_rule *r, size_t n, const char *cache)
{
	const struct engine_options o = {.arena = &memory, .cache = cache};
	struct engine *e = NULL;
	struct buf why;

	buf_init(&why, 4096);
	if (engine_open(r, n, &o, &e, &why) != ST_OK)
		fail_msg("%.*s", (int)why.len, (const char *)why.data);
	buf_fini(&why);
	return e;
}

static size_t
hits_in(const struct engine *e, const char *text, struct hits *h)
{
	struct engine_scratch *s = NULL;

	assert_int_equal(engine_scratch_open(e, NULL, &s), ST_OK);
	engine_scan(e, s, span_str(text), take, h);
	engine_scratch_close(s);
	return h->count;
}

static void
matches_are_told_with_rule_start_and_end(void **state)
{
	struct engine *e = open_rules(rules, 2, NULL);
	struct hits h = {0}, one = {.stop_after = 1};

	(void)state;
	assert_int_equal(hits_in(e, "xabc12 SECRET abc3", &h), 2);
	assert_int_equal(h.rule[0], 0);
	assert_int_equal(h.from[0], 1);
	assert_int_equal(h.to[0], 6);
	assert_int_equal(h.rule[1], 1);
	assert_int_equal(h.to[1], 13);
	assert_int_equal(hits_in(e, "secret secret", &one), 1);
}

static void
a_rule_behind_the_sieve_is_found_wherever_it_stands(void **state)
{
	static const struct engine_rule sieved[] = {
	    {.name = "c",
	     .text = "key_[a-z0-9]{20}",
	     .start = true,
	     .digits = true},
	    {.name = "d", .text = "abc[0-9]{2}", .start = true, .digits = true},
	};
	static const char key[] = "key_abcdefghijklm1234567";
	struct engine *e = open_rules(sieved, 2, NULL);
	char text[1201];

	(void)state;
	assert_true(engine_wants_run(e, 0));
	assert_false(engine_wants_run(e, 1)); /* too short for a run */
	for (size_t at = 0; at + sizeof(key) < sizeof(text); at += 7) {
		struct hits h = {0};

		memset(text, '.', sizeof(text) - 1);
		text[sizeof(text) - 1] = 0;
		memcpy(text + at, key, sizeof(key) - 1);
		assert_int_equal(hits_in(e, text, &h), 1);
		assert_int_equal(h.rule[0], 0);
		assert_int_equal(h.from[0], at);
		assert_int_equal(h.to[0], at + sizeof(key) - 1);
	}
}

static void
no_rule_is_a_rule_that_never_matches(void **state)
{
	struct engine *e = open_rules(rules, 0, NULL);
	struct hits h = {0};

	(void)state;
	assert_int_equal(hits_in(e, "abc12", &h), 0);
}

static void
a_rule_that_cannot_be_is_refused_by_name(void **state)
{
	static const struct {
		const char *text, *word;
	} cases[] = {
	    {"a(b", "parenthes"},
	    {"abcd.*", "256 bytes"},
	    {"abcd[a-z]{300}", "256 bytes"},
	    {"abc", "four bytes"},
	    {"a*", "256 bytes"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct engine_rule r = {.name = "my.rule",
					.text = cases[i].text};
		struct engine *e = NULL;
		struct buf why;
		char text[1024];

		buf_init(&why, 4096);
		assert_int_equal(engine_open(&r, 1, &bare, &e, &why),
				 ST_MALFORMED);
		finds_copy(text, sizeof(text), buf_span(&why));
		assert_non_null(strstr(text, "my.rule"));
		if (i > 0 && strstr(text, cases[i].word) == NULL &&
		    strstr(text, "empty") == NULL)
			fail_msg("%s: %s", cases[i].text, text);
		assert_null(e);
		buf_fini(&why);
	}
}

static void
a_rule_that_slows_all_is_refused_and_told_what_it_needs(void **state)
{
	static const char *const slow[] = {"[A-Za-z0-9]{32}", "[^ ]{20}",
					   "(?:abcd|[a-z])[a-z0-9]{30}"};
	static const char *const quick[] = {"acme_[A-Za-z0-9]{32}",
					    "acme[^\\n]{0,60}[0-9a-f]{32}"};

	(void)state;
	for (size_t i = 0; i < sizeof(slow) / sizeof(slow[0]); i++) {
		struct engine_rule r = {
		    .name = "my.rule", .text = slow[i], .own = true};
		struct engine *e = NULL;
		struct buf why;

		buf_init(&why, 4096);
		if (engine_open(&r, 1, &bare, &e, &why) != ST_MALFORMED)
			fail_msg("%s is taken", slow[i]);
		assert_non_null(memmem(why.data, why.len, "my.rule", 7));
		assert_non_null(memmem(why.data, why.len, "too slow", 8));
		assert_non_null(memmem(why.data, why.len, "keyword", 7));
		buf_fini(&why);
	}
	/* of the catalogue: tried before, and taken on any machine */
	for (size_t i = 0; i < sizeof(slow) / sizeof(slow[0]); i++) {
		struct engine_rule r = {.name = "its.rule", .text = slow[i]};
		struct engine *e = NULL;
		struct buf why;

		buf_init(&why, 4096);
		assert_int_equal(engine_open(&r, 1, &bare, &e, &why), ST_OK);
		buf_fini(&why);
	}
	for (size_t i = 0; i < sizeof(quick) / sizeof(quick[0]); i++) {
		struct engine_rule r = {
		    .name = "my.rule", .text = quick[i], .own = true};

		(void)open_rules(&r, 1, NULL);
	}
}

struct cache {
	char dir[64], base[96];
	char file[512]; /* what works() left: the one file there */
};

static void
cache_make(struct cache *c)
{
	snprintf(c->dir, sizeof(c->dir), "/tmp/trawl-eng-XXXXXX");
	assert_non_null(mkdtemp(c->dir));
	snprintf(c->base, sizeof(c->base), "%s/db", c->dir);
}

/* How many there are; c->file becomes the name of one of them. */
static size_t
cache_count(struct cache *c)
{
	DIR *d = opendir(c->dir);
	const struct dirent *e;
	size_t n = 0;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		/* nothing half-written is left behind */
		assert_int_equal(strlen(e->d_name), strlen("db-") + 16);
		snprintf(c->file, sizeof(c->file), "%s/%s", c->dir, e->d_name);
		n++;
	}
	closedir(d);
	return n;
}

static void
cache_remove(struct cache *c)
{
	while (cache_count(c) > 0)
		assert_int_equal(unlink(c->file), 0);
	assert_int_equal(rmdir(c->dir), 0);
}

/* As if all there is had last been used long ago. */
static void
cache_age(const struct cache *c)
{
	const struct timespec past[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
	DIR *d = opendir(c->dir);
	const struct dirent *e;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL)
		if (e->d_name[0] != '.')
			assert_int_equal(
			    utimensat(dirfd(d), e->d_name, past, 0), 0);
	closedir(d);
}

static ino_t
inode(const char *file)
{
	struct stat sb;

	return stat(file, &sb) == 0 ? sb.st_ino : 0;
}

static void
works(const struct cache *c)
{
	struct engine *e = open_rules(rules, 2, c->base);
	struct hits h = {0};

	assert_int_equal(hits_in(e, "abc12", &h), 1);
}

static void
a_cache_is_used_again_and_other_rules_have_their_own(void **state)
{
	struct cache c;
	ino_t first;

	(void)state;
	cache_make(&c);
	works(&c);
	assert_int_equal(cache_count(&c), 1);
	first = inode(c.file);
	(void)open_rules(rules, 1, c.base);
	assert_int_equal(cache_count(&c), 2);
	works(&c);
	assert_int_equal(cache_count(&c), 2);
	while (inode(c.file) != first) {
		assert_int_equal(unlink(c.file), 0);
		assert_true(cache_count(&c) > 0);
	}
	cache_remove(&c);
}

static void
only_a_few_caches_are_kept_and_the_one_in_use_is(void **state)
{
	char text[16];
	struct engine_rule r = {.name = "t", .text = text};
	struct cache c;
	ino_t first;

	(void)state;
	cache_make(&c);
	works(&c);
	assert_int_equal(cache_count(&c), 1);
	first = inode(c.file);
	for (unsigned i = 0; i < 2 * SHELF_KEPT; i++) {
		cache_age(&c);
		works(&c);
		snprintf(text, sizeof(text), "word%u", i);
		(void)open_rules(&r, 1, c.base);
	}
	assert_int_equal(cache_count(&c), SHELF_KEPT);
	while (inode(c.file) != first) {
		assert_int_equal(unlink(c.file), 0);
		assert_true(cache_count(&c) > 0);
	}
	cache_remove(&c);
}

static void
damage(const char *file, long at, size_t cut)
{
	struct stat sb;
	FILE *f;
	int b;

	assert_int_equal(stat(file, &sb), 0);
	if (cut > 0) {
		assert_int_equal(truncate(file, sb.st_size - (off_t)cut), 0);
		return;
	}
	f = fopen(file, "r+");
	assert_non_null(f);
	fseek(f, at < 0 ? (long)sb.st_size + at : at, SEEK_SET);
	b = fgetc(f);
	fseek(f, -1, SEEK_CUR);
	fputc(b ^ 0x40, f);
	fclose(f);
}

static void
a_damaged_cache_is_replaced_in_silence(void **state)
{
	static const struct {
		long at;
		size_t cut;
	} cases[] = {{0, 0},  {9, 0},  {17, 0}, {25, 0},
		     {40, 0}, {-1, 0}, {0, 1},  {0, 100}};
	struct cache c;

	(void)state;
	cache_make(&c);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		works(&c);
		assert_int_equal(cache_count(&c), 1);
		damage(c.file, cases[i].at, cases[i].cut);
		works(&c);
	}
	cache_remove(&c);
}

static void
a_cache_that_others_may_write_is_not_believed(void **state)
{
	struct cache c;
	ino_t first;

	(void)state;
	cache_make(&c);
	works(&c);
	assert_int_equal(cache_count(&c), 1);
	first = inode(c.file);
	assert_int_equal(chmod(c.file, 0666), 0);
	works(&c);
	assert_true(inode(c.file) != first);
	cache_remove(&c);
}

static void
a_cache_that_cannot_be_written_is_no_failure(void **state)
{
	struct cache c = {.base = "/nonexistent/folder/db"};

	(void)state;
	works(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(matches_are_told_with_rule_start_and_end),
	    cmocka_unit_test(
		a_rule_behind_the_sieve_is_found_wherever_it_stands),
	    cmocka_unit_test(no_rule_is_a_rule_that_never_matches),
	    cmocka_unit_test(a_rule_that_cannot_be_is_refused_by_name),
	    cmocka_unit_test(
		a_rule_that_slows_all_is_refused_and_told_what_it_needs),
	    cmocka_unit_test(
		a_cache_is_used_again_and_other_rules_have_their_own),
	    cmocka_unit_test(only_a_few_caches_are_kept_and_the_one_in_use_is),
	    cmocka_unit_test(a_damaged_cache_is_replaced_in_silence),
	    cmocka_unit_test(a_cache_that_others_may_write_is_not_believed),
	    cmocka_unit_test(a_cache_that_cannot_be_written_is_no_failure),
	};

	return cmocka_run_group_tests(tests, give_memory, take_memory);
}
