#include "unit/scan/role.h"
#include "unit/scan/run.h"

#include "scan/reader.h"

/* What a reader, or the census, is to walk. */
struct trip {
	struct role role;
	struct scan_order order;
	uint64_t seq;
	uint32_t root;
	struct span cursor;
};

static void
trip_init(struct trip *t, const char *const *paths, size_t n)
{
	*t = (struct trip){.order.path_count = n};
	for (size_t i = 0; i < n; i++)
		t->order.paths[i] = span_str(paths[i]);
	role_init(&t->role);
}

static void
depart(struct trip *t, bool census)
{
	struct reader_spec spec = {.order = &t->order,
				   .sources = agent_sources,
				   .slots = &t->role.slots,
				   .seq = t->seq,
				   .root = t->root,
				   .cursor = t->cursor};

	if (!role_fork(&t->role, &spec.fd))
		return;
	if (census)
		census_main(&spec);
	reader_main(&spec);
}

static void
give_slot(struct trip *t, size_t slot)
{
	assert_int_equal(
	    pipe_say(t->role.pipe, TALK_SLOT, slot, span_of(NULL, 0)), ST_OK);
}

/* The next batch, of that number; m keeps its descriptors. */
static const struct slot_head *
batch(struct trip *t, uint64_t seq, struct pipe_message *m)
{
	struct talk_batch b;
	const struct slot_head *h;

	role_hear(&t->role, TALK_BATCH, m);
	assert_int_equal(m->tag, seq);
	assert_int_equal(m->body.len, sizeof(b));
	memcpy(&b, m->body.ptr, sizeof(b));
	h = slot_check(&t->role.slots, b.slot);
	assert_non_null(h);
	assert_int_equal(h->fds, m->fd_count);
	return h;
}

static void
arrive(struct trip *t)
{
	struct pipe_message m;

	role_hear(&t->role, TALK_WALKED, &m);
	assert_int_equal(role_end(&t->role), 0);
	role_fini(&t->role);
}

static bool
ends_with(struct span s, const char *end)
{
	size_t n = strlen(end);

	return s.len >= n && memcmp(s.ptr + s.len - n, end, n) == 0;
}

/* Its memory is warm, and that of the others need not be there at all. */
static void
the_slot_that_came_last_is_filled_first(void **state)
{
	struct tree tree = tree_make();
	const char *const paths[] = {tree.path};
	struct pipe_message m;
	struct talk_batch b;
	struct trip t;

	(void)state;
	tree_text(&tree, "a", "words");
	trip_init(&t, paths, 1);
	depart(&t, false);
	assert_int_equal(kill(t.role.pid, SIGSTOP), 0);
	for (size_t i = 0; i < 2; i++)
		give_slot(&t, i);
	assert_int_equal(kill(t.role.pid, SIGCONT), 0);
	role_hear(&t.role, TALK_BATCH, &m);
	memcpy(&b, m.body.ptr, sizeof(b));
	assert_int_equal(b.slot, 1);
	arrive(&t);
	tree_free(&tree);
}

static void
small_files_lie_in_the_slot_large_ones_travel_as_descriptors(void **state)
{
	struct tree tree = tree_make();
	const char *const paths[] = {tree.path};
	char *large = calloc(1, SLOT_SMALL + 1), read[4];
	const struct slot_head *h;
	struct pipe_message m;
	struct trip t;

	(void)state;
	assert_non_null(large);
	memcpy(large, "edge", 4);
	tree_text(&tree, "a", "words");
	tree_text(&tree, "b", "");
	tree_file(&tree, "c", span_of(large, SLOT_SMALL));
	tree_file(&tree, "d", span_of(large, SLOT_SMALL + 1));
	trip_init(&t, paths, 1);
	depart(&t, false);
	give_slot(&t, 1);
	h = batch(&t, 0, &m);
	assert_int_equal(h->count, 4);
	assert_int_equal(h->bytes, 5 + 2 * SLOT_SMALL + 1);
	assert_true(ends_with(slot_path(h, 0), "/a"));
	assert_int_equal(h->items[0].data_len, 5);
	assert_memory_equal(slot_span(h, h->items[0].data, 5).ptr, "words", 5);
	assert_int_equal(h->items[1].data_len, 0);
	assert_int_equal(h->items[1].fd, 0);
	assert_int_equal(h->items[2].data_len, SLOT_SMALL);
	assert_int_equal(h->items[2].fd, 0);
	assert_int_equal(h->items[3].fd, 1);
	assert_int_equal(h->items[3].size, SLOT_SMALL + 1);
	assert_int_equal(pread(m.fds[0], read, 4, 0), 4);
	assert_memory_equal(read, "edge", 4);
	pipe_drop_fds(&m);
	arrive(&t);
	free(large);
	tree_free(&tree);
}

static void
what_cannot_be_read_is_named(void **state)
{
	const char *const paths[] = {"/nonexistent/trawl", "nowhere://host/a"};
	const struct slot_head *h;
	struct pipe_message m;
	struct trip t;

	(void)state;
	trip_init(&t, paths, 2);
	depart(&t, false);
	give_slot(&t, 0);
	h = batch(&t, 0, &m);
	assert_int_equal(h->count, 1);
	assert_int_equal(h->items[0].reason, COVER_VANISHED);
	assert_int_equal(h->root, 1);
	give_slot(&t, 1);
	h = batch(&t, 1, &m);
	assert_int_equal(h->count, 1);
	assert_int_equal(h->items[0].reason, COVER_UNSUPPORTED);
	assert_int_equal(h->root, 2);
	arrive(&t);
}

static void
a_successor_goes_on_behind_the_cursor_of_a_batch(void **state)
{
	struct tree tree = tree_make();
	const char *const paths[] = {tree.path};
	const struct slot_head *h;
	struct pipe_message m;
	char name[16], cursor[256];
	struct trip t, rest;

	(void)state;
	for (unsigned i = 0; i < SLOT_ITEMS + 7; i++) {
		snprintf(name, sizeof(name), "f%04u", i);
		tree_text(&tree, name, name);
	}
	trip_init(&t, paths, 1);
	depart(&t, false);
	give_slot(&t, 0);
	h = batch(&t, 0, &m);
	assert_int_equal(h->count, SLOT_ITEMS);
	assert_true(h->cursor_len < sizeof(cursor));
	memcpy(cursor, slot_span(h, h->cursor, h->cursor_len).ptr,
	       h->cursor_len);
	trip_init(&rest, paths, 1);
	rest.cursor = span_of(cursor, h->cursor_len);
	rest.root = h->root;
	rest.seq = 41;
	kill(t.role.pid, SIGKILL);
	assert_true(WIFSIGNALED(role_end(&t.role)));
	role_fini(&t.role);

	depart(&rest, false);
	give_slot(&rest, 2);
	h = batch(&rest, 41, &m);
	assert_int_equal(h->count, 7);
	snprintf(name, sizeof(name), "/f%04u", SLOT_ITEMS);
	assert_true(ends_with(slot_path(h, 0), name));
	assert_int_equal(h->root, 1);
	arrive(&rest);
	tree_free(&tree);
}

static void
it_waits_for_a_free_slot(void **state)
{
	struct tree tree = tree_make();
	const char *const paths[] = {tree.path, tree.path};
	const struct slot_head *h;
	struct pipe_message m;
	struct trip t;

	(void)state;
	tree_text(&tree, "a", "first");
	trip_init(&t, paths, 2);
	depart(&t, false);
	give_slot(&t, 2);
	h = batch(&t, 0, &m);
	assert_ptr_equal(h, slot_check(&t.role.slots, 2));
	assert_int_equal(h->root, 1);
	/* the same slot, once it is given back */
	give_slot(&t, 2);
	h = batch(&t, 1, &m);
	assert_ptr_equal(h, slot_check(&t.role.slots, 2));
	assert_int_equal(h->root, 2);
	arrive(&t);
	tree_free(&tree);
}

static void
the_census_counts_objects_and_bytes_and_not_links(void **state)
{
	struct tree tree = tree_make();
	const char *const paths[] = {tree.path};
	struct talk_census sum = {0};
	struct pipe_message m;
	char link[128];
	struct trip t;

	(void)state;
	tree_text(&tree, "a", "12345");
	tree_folder(&tree, "sub");
	tree_text(&tree, "sub/b", "678");
	snprintf(link, sizeof(link), "%s/link", tree.path);
	assert_int_equal(symlink("a", link), 0);
	trip_init(&t, paths, 1);
	depart(&t, true);
	while (sum.exact == 0) {
		role_hear(&t.role, TALK_CENSUS, &m);
		assert_int_equal(m.body.len, sizeof(sum));
		memcpy(&sum, m.body.ptr, sizeof(sum));
	}
	assert_int_equal(sum.objects, 2);
	assert_int_equal(sum.bytes, 8);
	assert_int_equal(role_end(&t.role), 0);
	role_fini(&t.role);
	tree_free(&tree);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_slot_that_came_last_is_filled_first),
	    cmocka_unit_test(
		small_files_lie_in_the_slot_large_ones_travel_as_descriptors),
	    cmocka_unit_test(what_cannot_be_read_is_named),
	    cmocka_unit_test(a_successor_goes_on_behind_the_cursor_of_a_batch),
	    cmocka_unit_test(it_waits_for_a_free_slot),
	    cmocka_unit_test(the_census_counts_objects_and_bytes_and_not_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
