#include "unit/scan/role.h"

#include <signal.h>
#include <stdlib.h>

#include "model/object.h"
#include "scan/reader.h"
#include "scan/ring.h"

/*
 * A made-up server: three objects, the one in the middle too large for a slot.
 * Its byte at offset i is i modulo 251; with `cut` it ends in trouble. With
 * `snap` that one is small enough, and trouble comes after SNAP bytes; with
 * `lost`, `gone` and `over` the connection is lost there, before its first byte
 * or before the object.
 */
#define LARGE (3u * SLOT_REMOTE + 17)
#define SNAP  3000u

struct source {
	unsigned at; /* objects given */
	size_t off;
	bool cut, snap;
	bool lost, gone, over;
};

static const char *const names[] = {"x://h/a", "x://h/b", "x://h/c"};

static enum status
fake_open(const struct source_target *t, struct source **out)
{
	struct source *s;

	if (source_option(t, "refuse").ptr != NULL) {
		if (buf_add_str(t->why, "made-up trouble") != ST_OK)
			return ST_NOMEM;
		return ST_DENIED;
	}
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return ST_NOMEM;
	s->cut = source_option(t, "cut").ptr != NULL;
	s->lost = source_option(t, "lost").ptr != NULL;
	s->gone = source_option(t, "gone").ptr != NULL;
	s->over = source_option(t, "over").ptr != NULL;
	s->snap = s->lost || source_option(t, "snap").ptr != NULL;
	s->at = t->cursor.len > 0 ? (unsigned)(t->cursor.ptr[0] - 'a' + 1) : 0;
	*out = s;
	return ST_OK;
}

static enum status
fake_next(struct source *s, struct source_item *item)
{
	if (s->at == 3)
		return ST_EOF;
	if (s->over && s->at == 1)
		return ST_AGAIN;
	*item = (struct source_item){.path = span_str(names[s->at])};
	item->size = s->at == 1 ? (s->snap ? 2 * SNAP : LARGE) : 5;
	item->trickle = true;
	s->at++;
	s->off = 0;
	return ST_OK;
}

static enum status
fake_read(struct source *s, void *dst, size_t n, size_t *got)
{
	const size_t size = s->at == 2 ? LARGE : 5;
	uint8_t *to = dst;

	if (s->cut && s->at == 2 && s->off > 2 * SLOT_REMOTE)
		return ST_IO;
	if (s->snap && s->at == 2 && s->off == SNAP)
		return s->lost ? ST_AGAIN : ST_IO;
	if (s->gone && s->at == 2)
		return ST_AGAIN;
	for (*got = 0; *got < n && *got < 1000 && s->off < size; (*got)++)
		to[*got] = (uint8_t)(s->off++ % 251);
	return ST_OK;
}

static enum status
fake_cursor(const struct source *s, struct buf *to)
{
	return buf_add_byte(to, (uint8_t)('a' + s->at - 1));
}

static void
fake_close(struct source *s)
{
	free(s);
}

static const struct source_ops fake = {
    .scheme = "x",
    .open = fake_open,
    .next = fake_next,
    .read = fake_read,
    .cursor = fake_cursor,
    .close = fake_close,
};
static const struct source_ops *const sources[] = {&fake, NULL};

struct trip {
	struct role role;
	struct scan_order order;
	uint8_t options[64];
};

static void
depart(struct trip *t, const char *option, const char *cursor)
{
	struct reader_spec spec = {
	    .order = &t->order,
	    .sources = sources,
	    .slots = &t->role.slots,
	    .cursor = span_str(cursor),
	    .remote = true,
	};
	struct pipe *pipe;
	size_t len = 0;

	*t = (struct trip){.order.path_count = 1};
	t->order.paths[0] = span_str("x://h/");
	assert_int_equal(pairs_add(t->options, sizeof(t->options), &len,
				   span_str(option), span_str("yes")),
			 ST_OK);
	spec.options.bytes = span_of(t->options, len);
	role_init(&t->role);
	if (role_fork(&t->role, &spec.fd)) {
		if (signal(SIGPIPE, SIG_IGN) == SIG_ERR ||
		    slots_writable(spec.slots) != ST_OK ||
		    pipe_open(spec.fd, TALK_CAP, &pipe) != ST_OK)
			_exit(1);
		reader_serve(&spec, pipe);
	}
	for (size_t i = 0; i < ROLE_SLOTS; i++)
		assert_int_equal(
		    pipe_say(t->role.pipe, TALK_SLOT, i, span_of(NULL, 0)),
		    ST_OK);
}

static const struct slot_head *
batch(struct trip *t, struct pipe_message *m)
{
	struct talk_batch b;
	const struct slot_head *h;

	role_hear(&t->role, TALK_BATCH, m);
	memcpy(&b, m->body.ptr, sizeof(b));
	h = slot_check(&t->role.slots, b.slot);
	assert_non_null(h);
	return h;
}

static void
arrive(struct trip *t)
{
	struct pipe_message m;

	role_hear(&t->role, TALK_WALKED, &m);
	assert_int_equal(m.tag, 1);
	assert_int_equal(role_end(&t->role), 0);
	role_fini(&t->role);
}

/* All bytes of a stream up to its end; they are what they should be. */
static size_t
drain(const struct slot_head *h, int fd, enum status end)
{
	static uint8_t some[50000];
	struct ring_in in = {.slot = h, .fd = fd};
	size_t off = 0, n = 1;
	enum status st = ST_OK;

	while (n > 0) {
		st = ring_read(&in, some, sizeof(some), &n);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(some[i], off++ % 251);
	}
	assert_int_equal(st, end);
	return off;
}

static void
a_large_object_comes_alone_and_its_bytes_behind_it(void **state)
{
	const struct slot_head *h;
	struct pipe_message m;
	struct trip t;

	(void)state;
	depart(&t, "none", "");
	h = batch(&t, &m);
	assert_int_equal(h->count, 1);
	assert_int_equal(h->items[0].data_len, 5);
	assert_int_equal(h->items[0].flags & SLOT_STREAM, 0);
	assert_int_equal(h->cursor_len, 1);
	assert_int_equal(*slot_span(h, h->cursor, 1).ptr, 'a');
	h = batch(&t, &m);
	assert_int_equal(h->count, 1);
	assert_int_equal(h->items[0].flags & SLOT_STREAM, SLOT_STREAM);
	assert_int_equal(m.fd_count, 1);
	assert_int_equal(*slot_span(h, h->cursor, 1).ptr, 'b');
	assert_int_equal(drain(h, m.fds[0], ST_OK), LARGE);
	assert_int_equal(h->stream, STREAM_WHOLE);
	pipe_drop_fds(&m);
	h = batch(&t, &m);
	assert_int_equal(h->count, 1);
	assert_true(span_eq(slot_path(h, 0), span_str(names[2])));
	arrive(&t);
}

static void
a_stream_travels_in_full_pieces_however_little_comes_at_a_time(void **state)
{
	struct pipe_message m;
	uint32_t n, pieces = 0;
	size_t all = 0;
	struct trip t;

	(void)state;
	depart(&t, "none", "a");
	batch(&t, &m);
	while (read(m.fds[0], &n, sizeof(n)) == sizeof(n)) {
		pieces++;
		all += n;
	}
	assert_int_equal(all, LARGE);
	/* what makes it large comes first, and the last is what is left */
	assert_int_equal(pieces, SLOT_REMOTE / RING_PIECE + 1 +
				     (2 * SLOT_REMOTE + 16) / RING_PIECE + 1);
	pipe_drop_fds(&m);
	batch(&t, &m);
	arrive(&t);
}

static void
a_stream_that_fails_is_told_apart_from_its_end(void **state)
{
	const struct slot_head *h;
	struct pipe_message m;
	struct trip t;

	(void)state;
	depart(&t, "cut", "a");
	h = batch(&t, &m);
	assert_true(drain(h, m.fds[0], ST_IO) < LARGE);
	assert_int_equal(h->stream, STREAM_CUT);
	pipe_drop_fds(&m);
	batch(&t, &m);
	arrive(&t);
}

static void
a_small_object_that_breaks_off_comes_as_far_as_it_came(void **state)
{
	const struct slot_head *h;
	struct pipe_message m;
	struct trip t;

	(void)state;
	depart(&t, "snap", "");
	h = batch(&t, &m);
	assert_int_equal(h->count, 1);
	assert_int_equal(*slot_span(h, h->cursor, 1).ptr, 'a');
	h = batch(&t, &m);
	assert_int_equal(h->count, 1);
	assert_int_equal(h->items[0].reason, COVER_OK);
	assert_int_equal(h->items[0].size, 2 * SNAP);
	assert_int_equal(h->items[0].flags, SLOT_STREAM);
	assert_int_equal(drain(h, m.fds[0], ST_IO), SNAP);
	assert_int_equal(h->stream, STREAM_CUT);
	pipe_drop_fds(&m);
	h = batch(&t, &m);
	assert_int_equal(h->count, 1);
	assert_int_equal(h->items[0].data_len, 5);
	assert_int_equal(h->items[0].flags, 0);
	arrive(&t);
}

/* All that is finished was handed over, and nothing says that it arrived. */
static void
die_behind(struct trip *t, char cursor, struct pipe_message *m)
{
	const struct slot_head *h = batch(t, m);

	assert_int_equal(h->count, 1);
	assert_int_equal(h->cursor_len, 1);
	assert_int_equal(*slot_span(h, h->cursor, 1).ptr, cursor);
}

static void
a_small_object_keeps_what_came_when_its_connection_is_lost(void **state)
{
	const struct slot_head *h;
	struct pipe_message m;
	struct trip t;

	(void)state;
	depart(&t, "lost", "");
	die_behind(&t, 'a', &m);
	h = batch(&t, &m);
	assert_int_equal(h->count, 1);
	assert_int_equal(h->items[0].flags, SLOT_STREAM);
	assert_int_equal(drain(h, m.fds[0], ST_IO), SNAP);
	assert_int_equal(h->stream, STREAM_OPEN); /* it may come once more */
	pipe_drop_fds(&m);
	assert_int_equal(WEXITSTATUS(role_end(&t.role)), 1);
	role_fini(&t.role);
}

static void
what_was_read_before_a_connection_is_lost_is_handed_over(void **state)
{
	static const char *const options[] = {"gone", "over"};
	struct pipe_message m;
	struct trip t;

	(void)state;
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		depart(&t, options[i], "");
		die_behind(&t, 'a', &m);
		assert_int_equal(WEXITSTATUS(role_end(&t.role)), 1);
		role_fini(&t.role);
	}
}

static void
a_worker_that_wants_no_more_does_not_stop_the_walk(void **state)
{
	struct pipe_message m;
	struct trip t;

	(void)state;
	depart(&t, "none", "a");
	batch(&t, &m);
	pipe_drop_fds(&m);
	batch(&t, &m);
	arrive(&t);
}

static void
a_target_that_cannot_be_opened_is_an_object_that_says_why(void **state)
{
	const struct slot_head *h;
	struct pipe_message m;
	struct trip t;

	(void)state;
	depart(&t, "refuse", "");
	h = batch(&t, &m);
	assert_int_equal(h->count, 1);
	assert_int_equal(h->items[0].reason, COVER_DENIED);
	assert_true(
	    span_eq(slot_span(h, h->items[0].detail, h->items[0].detail_len),
		    span_str("made-up trouble")));
	arrive(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_large_object_comes_alone_and_its_bytes_behind_it),
	    cmocka_unit_test(
		a_stream_travels_in_full_pieces_however_little_comes_at_a_time),
	    cmocka_unit_test(a_stream_that_fails_is_told_apart_from_its_end),
	    cmocka_unit_test(
		a_small_object_that_breaks_off_comes_as_far_as_it_came),
	    cmocka_unit_test(
		a_small_object_keeps_what_came_when_its_connection_is_lost),
	    cmocka_unit_test(
		what_was_read_before_a_connection_is_lost_is_handed_over),
	    cmocka_unit_test(
		a_worker_that_wants_no_more_does_not_stop_the_walk),
	    cmocka_unit_test(
		a_target_that_cannot_be_opened_is_an_object_that_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
