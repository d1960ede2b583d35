#include "unit/scan/role.h"

#include <stdio.h>
#include <stdlib.h>

#include "model/record.h"

#define CARD "card 4111 1111 1111 1111 end\n"

static struct detector *detector;

static int
load(void **state)
{
	static const struct span type = {(const uint8_t *)"card_visa", 9};
	const struct detect_options o = {.types = &type, .type_count = 1};
	struct buf why;
	enum status st;

	(void)state;
	buf_init(&why, 4096);
	st = detector_open(&o, &detector, &why);
	buf_fini(&why);
	return st != ST_OK;
}

static int
unload(void **state)
{
	(void)state;
	detector_close(detector);
	return 0;
}

static void
misbehave(const struct extract_input *in)
{
	if (in->bytes.len == 5 && memcmp(in->bytes.ptr, "CRASH", 5) == 0)
		_exit(42);
}

static void
start(struct role *r, struct worker_spec w)
{
	struct extract_options options;

	if (!role_fork(r, &w.fd))
		return;
	extract_options_default(&options);
	w.slots = &r->slots;
	w.status = r->status;
	w.detector = detector;
	if (extractor_alone(&options, &w.extractor) != ST_OK)
		_exit(43);
	w.before_object = misbehave;
	worker_main(&w);
}

/* All results of one job as lines: item, then what was said of it. */
static void
read_segments(struct span s, char *to, size_t room)
{
	struct talk_segment seg;
	struct record rec;
	size_t used;

	while (s.len > 0) {
		struct span body;

		assert_true(s.len >= sizeof(seg));
		memcpy(&seg, s.ptr, sizeof(seg));
		body = span_of(s.ptr + sizeof(seg), seg.len);
		s = span_skip(s, sizeof(seg) + seg.len);
		while (record_next(body, &rec, &used) == ST_OK) {
			size_t at = strlen(to);

			body = span_skip(body, used);
			if (rec.kind == RECORD_FINDING)
				snprintf(to + at, room - at,
					 "%u %.*s %llu+%u\n", seg.item,
					 (int)rec.finding.type.len,
					 (const char *)rec.finding.type.ptr,
					 (unsigned long long)rec.finding.offset,
					 rec.finding.length);
			else if (rec.kind == RECORD_NOTE)
				snprintf(to + at, room - at, "%u note %s\n",
					 seg.item, cover_name(rec.note.reason));
			else
				snprintf(to + at, room - at, "%u: %s %s\n",
					 seg.item,
					 coverage_name(rec.object.coverage),
					 cover_name(rec.object.reason));
		}
		assert_int_equal(body.len, 0);
	}
}

static void
expect(struct role *r, uint64_t seq, uint32_t done, const char *want)
{
	struct talk_result head = {0};
	struct pipe_message m;
	char got[4096] = "";

	while (head.done < done) {
		role_hear(r, TALK_RESULT, &m);
		assert_int_equal(m.tag, seq);
		assert_true(m.body.len >= sizeof(head));
		memcpy(&head, m.body.ptr, sizeof(head));
		read_segments(span_skip(m.body, sizeof(head)), got,
			      sizeof(got));
		assert_int_equal(head.complete, m.body.len - sizeof(head));
	}
	role_hear(r, TALK_DONE, &m);
	assert_int_equal(m.tag, seq);
	assert_string_equal(got, want);
}

static void
only_objects_of_which_there_is_something_to_say_have_results(void **state)
{
	const struct talk_work all = {.to = 4}, last = {.from = 3, .to = 4};
	struct slot_head *h;
	struct role r;

	(void)state;
	role_init(&r);
	h = role_slot(&r, 0);
	role_object(h, "nothing here");
	role_object(h, CARD CARD);
	role_object(h, "");
	role_object(h, CARD);
	start(&r, (struct worker_spec){.matches_max = 100});
	role_work(r.pipe, 5, &all, NULL, 0);
	expect(&r, 5, 4,
	       "1 card_visa 5+19\n1 card_visa 34+19\n1: full ok\n"
	       "3 card_visa 5+19\n3: full ok\n");
	/* the same slot once more, a part of it */
	role_work(r.pipe, 6, &last, NULL, 0);
	expect(&r, 6, 4, "3 card_visa 5+19\n3: full ok\n");
	assert_int_equal(r.status->seq, 6);
	assert_int_equal(r.status->item, 3);
	assert_int_equal(role_end(&r), 0);
	role_slot_done(h, 0);
	role_fini(&r);
}

static void
what_could_not_be_opened_is_left_out(void **state)
{
	const struct talk_work all = {.to = 2};
	struct slot_head *h;
	struct role r;

	(void)state;
	role_init(&r);
	h = role_slot(&r, 0);
	role_object(h, CARD)->reason = COVER_DENIED;
	role_object(h, CARD);
	start(&r, (struct worker_spec){.matches_max = 100});
	role_work(r.pipe, 1, &all, NULL, 0);
	expect(&r, 1, 2, "1 card_visa 5+19\n1: full ok\n");
	assert_int_equal(role_end(&r), 0);
	role_slot_done(h, 0);
	role_fini(&r);
}

static void
larger_objects_are_read_from_their_descriptors(void **state)
{
	struct talk_work job = {.to = 2, .first_fd = 0};
	struct slot_head *h;
	struct role r;
	int fd;

	(void)state;
	role_init(&r);
	fd = memfd_create("object", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, CARD, strlen(CARD), 100000), strlen(CARD));
	h = role_slot(&r, 0);
	role_object(h, CARD);
	role_object(h, "")->size = 100000 + strlen(CARD);
	h->items[1].fd = 1;
	h->fds = 1;
	start(&r, (struct worker_spec){.matches_max = 100});
	role_work(r.pipe, 1, &job, &fd, 1);
	expect(&r, 1, 2,
	       "0 card_visa 5+19\n0: full ok\n"
	       "1 card_visa 100005+19\n1: full ok\n");
	assert_int_equal(role_end(&r), 0);
	close(fd);
	role_slot_done(h, 0);
	role_fini(&r);
}

static void
an_object_with_too_many_matches_says_so(void **state)
{
	const struct talk_work all = {.to = 2};
	struct slot_head *h;
	struct role r;

	(void)state;
	role_init(&r);
	h = role_slot(&r, 0);
	role_object(h, CARD CARD CARD);
	role_object(h, CARD CARD);
	start(&r, (struct worker_spec){.matches_max = 2});
	role_work(r.pipe, 1, &all, NULL, 0);
	expect(&r, 1, 2,
	       "0 card_visa 5+19\n0 card_visa 34+19\n0 note matches\n0: "
	       "partial matches\n"
	       "1 card_visa 5+19\n1 card_visa 34+19\n1: full ok\n");
	assert_int_equal(role_end(&r), 0);
	role_slot_done(h, 0);
	role_fini(&r);
}

static void
its_page_names_the_object_that_ended_it(void **state)
{
	const struct talk_work all = {.slot = 1, .to = 3};
	struct slot_head *h;
	struct role r;
	struct pipe_message m;
	int status;

	(void)state;
	role_init(&r);
	h = role_slot(&r, 1);
	role_object(h, "fine");
	role_object(h, "CRASH");
	role_object(h, "never seen");
	start(&r, (struct worker_spec){.matches_max = 2});
	role_work(r.pipe, 9, &all, NULL, 0);
	assert_int_equal(pipe_receive(r.pipe, &m), ST_CLOSED);
	assert_int_equal(r.status->seq, 9);
	assert_int_equal(r.status->item, 1);
	status = role_end(&r);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 42);
	role_slot_done(h, 1);
	role_fini(&r);
}

static void
work_that_makes_no_sense_ends_it(void **state)
{
	static const struct talk_work cases[] = {
	    {.slot = ROLE_SLOTS}, /* there is none */
	    {.to = 2},            /* more items than there are */
	    {.slot = 1, .to = 1}, /* a descriptor that was not sent */
	};
	struct role r;
	int status;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct slot_head *h;

		role_init(&r);
		h = role_slot(&r, cases[i].slot % ROLE_SLOTS);
		role_object(h, "x");
		if (cases[i].slot == 1)
			h->items[0].fd = (uint16_t)(h->fds = 1);
		start(&r, (struct worker_spec){.matches_max = 2});
		role_work(r.pipe, 1, &cases[i], NULL, 0);
		assert_int_equal(waitpid(r.pid, &status, 0), r.pid);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 1);
		pipe_close(r.pipe);
		role_slot_done(h, cases[i].slot % ROLE_SLOTS);
		role_fini(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		only_objects_of_which_there_is_something_to_say_have_results),
	    cmocka_unit_test(what_could_not_be_opened_is_left_out),
	    cmocka_unit_test(larger_objects_are_read_from_their_descriptors),
	    cmocka_unit_test(an_object_with_too_many_matches_says_so),
	    cmocka_unit_test(its_page_names_the_object_that_ended_it),
	    cmocka_unit_test(work_that_makes_no_sense_ends_it),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
