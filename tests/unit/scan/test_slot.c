#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/mman.h>
#include <unistd.h>

#include "scan/slot.h"

static void
readers_cannot_make_their_mapping_writable(void **state)
{
	struct slots s;

	(void)state;
	assert_int_equal(slots_open(2, &s), ST_OK);
	assert_int_not_equal(
	    mprotect(s.base, SLOT_SIZE, PROT_READ | PROT_WRITE), 0);
	assert_int_not_equal(ftruncate(s.fd, 0), 0);
	slots_close(&s);
}

static void
what_the_writer_writes_is_seen(void **state)
{
	struct slots s, w;

	(void)state;
	assert_int_equal(slots_open(2, &s), ST_OK);
	w = s;
	w.fd = dup(s.fd);
	w.base = mmap(NULL, 2 * SLOT_SIZE + SLOTS_TAIL, PROT_READ, MAP_SHARED,
		      w.fd, 0);
	assert_true(w.base != MAP_FAILED);
	assert_int_equal(slots_writable(&w), ST_OK);
	slot_write(&w, 1)->count = 3;
	assert_int_equal(slot_check(&s, 1)->count, 3);
	atomic_fetch_add(slots_signs(&w), 7);
	assert_int_equal(atomic_load(slots_signs(&s)), 7);
	slots_close(&w);
	slots_close(&s);
}

static void
heads_that_point_outside_are_refused(void **state)
{
	struct slots s;
	struct slot_head *h;

	(void)state;
	assert_int_equal(slots_open(1, &s), ST_OK);
	assert_int_equal(slots_writable(&s), ST_OK);
	h = slot_write(&s, 0);
	assert_null(slot_check(&s, 1));
	h->count = 1;
	assert_non_null(slot_check(&s, 0));
	h->items[0].data = SLOT_SIZE;
	h->items[0].data_len = 1;
	assert_null(slot_check(&s, 0));
	h->items[0].data = UINT32_MAX;
	assert_null(slot_check(&s, 0));
	h->items[0] = (struct slot_item){.fd = 1};
	assert_null(slot_check(&s, 0));
	h->items[0] = (struct slot_item){0};
	h->count = SLOT_ITEMS + 1;
	assert_null(slot_check(&s, 0));
	slots_close(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(readers_cannot_make_their_mapping_writable),
	    cmocka_unit_test(what_the_writer_writes_is_seen),
	    cmocka_unit_test(heads_that_point_outside_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
