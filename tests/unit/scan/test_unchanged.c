#include "run.h"

#include "base/str.h"

/*
 * A source of made-up objects: what is in them and which version that is stands
 * in a table of the test, which its forked reader sees as it was at the start.
 */
struct made {
	const char *path, *version, *text;
};

static struct made made[8];

struct source {
	size_t at, sent;
};

static enum status
made_open(const struct source_target *t, struct source **out)
{
	(void)t;
	*out = calloc(1, sizeof(**out));
	return *out == NULL ? ST_NOMEM : ST_OK;
}

static enum status
made_next(struct source *s, struct source_item *item)
{
	if (made[s->at].path == NULL)
		return ST_EOF;
	*item = (struct source_item){.path = span_str(made[s->at].path),
				     .size = strlen(made[s->at].text),
				     .version = span_str(made[s->at].version)};
	s->at++;
	s->sent = 0;
	return ST_OK;
}

static enum status
made_read(struct source *s, void *dst, size_t n, size_t *got)
{
	const struct made *m = &made[s->at - 1];
	size_t rest = strlen(m->text) - s->sent;

	*got = rest < n ? rest : n;
	memcpy(dst, m->text + s->sent, *got);
	s->sent += *got;
	return ST_OK;
}

static enum status
made_cursor(const struct source *s, struct buf *to)
{
	return buf_addf(to, "%zu", s->at);
}

static void
made_close(struct source *s)
{
	free(s);
}

static const struct source_ops made_source = {
    .scheme = "",
    .open = made_open,
    .next = made_next,
    .read = made_read,
    .cursor = made_cursor,
    .close = made_close,
};
static const struct source_ops *const made_sources[] = {&made_source, NULL};

struct setup {
	struct tree tree;
	const char *type; /* NULL: Visa cards */
	bool all;         /* do not skip */
};

static int
begin(void **state)
{
	static struct setup s;
	char folder[70];

	s = (struct setup){.tree = tree_make()};
	memset(made, 0, sizeof(made));
	snprintf(folder, sizeof(folder), "%.60s/cache", s.tree.path);
	snprintf(s.tree.cache, sizeof(s.tree.cache), "%s/patterns", folder);
	*state = &s;
	return mkdir(folder, 0700);
}

static int
end(void **state)
{
	struct setup *s = *state;

	return file_remove_tree(s->tree.path) != ST_OK;
}

/* The words of all findings, and how many objects were not read again. */
static void
expect_scan(const struct setup *s, size_t findings, uint64_t unchanged)
{
	const struct scan_options o = {.sources = made_sources,
				       .cache = s->tree.cache};
	const struct scan_order order = {
	    .paths = {span_str("/made")},
	    .path_count = 1,
	    .types = {span_str(s->type == NULL ? "card_visa" : s->type)},
	    .type_count = 1,
	    .jobs = 1,
	    .skip_unchanged = !s->all};
	struct run r;
	const struct scan_sink sink = {.arg = &r,
				       .finding = run_finding,
				       .object = run_object,
				       .cursor = run_cursor};
	struct buf why;

	run_init(&r);
	buf_init(&why, 4096);
	assert_int_equal(scan_open(&order, &o, &sink, &r.scan, &why), ST_OK);
	buf_fini(&why);
	run_to_end(&r);
	assert_int_equal(r.findings, findings);
	assert_int_equal(r.sum.unchanged, unchanged);
	run_fini(&r);
}

static void
what_held_nothing_and_did_not_change_is_not_read_again(void **state)
{
	const struct setup *s = *state;

	made[0] = (struct made){"/made/a", "1", "nothing here\n"};
	made[1] = (struct made){"/made/b", "1", CARD};
	made[2] = (struct made){"/made/c", "1", "nor here\n"};
	expect_scan(s, 1, 0);
	expect_scan(s, 1, 2);
	expect_scan(s, 1, 2);
}

static void
a_new_version_is_read(void **state)
{
	const struct setup *s = *state;

	made[0] = (struct made){"/made/a", "1", "nothing here\n"};
	made[1] = (struct made){"/made/b", "1", "nothing\n"};
	expect_scan(s, 0, 0);
	made[0] = (struct made){"/made/a", "2", CARD};
	expect_scan(s, 1, 1);
	made[0] = (struct made){"/made/a", "1", CARD}; /* its old name, too */
	expect_scan(s, 1, 1);
}

static void
an_object_without_a_version_is_always_read(void **state)
{
	const struct setup *s = *state;

	made[0] = (struct made){"/made/a", "", "nothing here\n"};
	expect_scan(s, 0, 0);
	made[0].text = CARD;
	expect_scan(s, 1, 0);
}

static void
other_types_are_another_scan(void **state)
{
	struct setup *s = *state;

	made[0] =
	    (struct made){"/made/a", "1", "card 5555 5555 5555 4444 end\n"};
	expect_scan(s, 0, 0);
	s->type = "card_mastercard";
	expect_scan(s, 1, 0);
}

static void
who_does_not_ask_for_it_reads_all(void **state)
{
	struct setup *s = *state;

	made[0] = (struct made){"/made/a", "1", "nothing here\n"};
	expect_scan(s, 0, 0);
	s->all = true;
	made[0].text = CARD; /* a change that its version does not tell */
	expect_scan(s, 1, 0);
}

int
main(void)
{
#define MADE(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
	    MADE(what_held_nothing_and_did_not_change_is_not_read_again),
	    MADE(a_new_version_is_read),
	    MADE(an_object_without_a_version_is_always_read),
	    MADE(other_types_are_another_scan),
	    MADE(who_does_not_ask_for_it_reads_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
