#ifndef TESTS_UNIT_WIRE_DESK_H
#define TESTS_UNIT_WIRE_DESK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"
#include "model/session.h"

/*
 * desk: for tests of the codecs. Each message goes to protobuf and back, and
 * must then pack to the same bytes as before (model/session.h).
 */
struct desk {
	struct arena arena;
	struct buf wire, want, got;
};

static inline int
desk_make(void **state)
{
	static struct desk d;

	arena_init(&d.arena, 1024 * 1024);
	buf_init(&d.wire, 1024 * 1024);
	buf_init(&d.want, 1024 * 1024);
	buf_init(&d.got, 1024 * 1024);
	*state = &d;
	return 0;
}

static inline int
desk_free(void **state)
{
	struct desk *d = *state;

	arena_fini(&d->arena);
	buf_fini(&d->wire);
	buf_fini(&d->want);
	buf_fini(&d->got);
	return 0;
}

#define ROUND(d, type, encode, decode, m)                                      \
	do {                                                                   \
		struct type back, again;                                       \
                                                                               \
		buf_clear(&(d)->wire);                                         \
		buf_clear(&(d)->want);                                         \
		buf_clear(&(d)->got);                                          \
		assert_int_equal(encode((m), &(d)->wire), ST_OK);              \
		assert_int_equal(                                              \
		    decode(buf_span(&(d)->wire), &(d)->arena, &back), ST_OK);  \
		assert_int_equal(type##_pack((m), &(d)->want), ST_OK);         \
		assert_int_equal(type##_pack(&back, &(d)->got), ST_OK);        \
		assert_int_equal((d)->want.len, (d)->got.len);                 \
		assert_memory_equal((d)->want.data, (d)->got.data,             \
				    (d)->want.len);                            \
		assert_int_equal(type##_unpack(buf_span(&(d)->got), &again),   \
				 ST_OK);                                       \
		for (size_t n = 0; n < (d)->got.len; n++)                      \
			assert_int_not_equal(                                  \
			    type##_unpack(span_of((d)->got.data, n), &again),  \
			    ST_OK);                                            \
	} while (0)

static inline struct host_facts
host(void)
{
	return (struct host_facts){
	    .name = span_str("pay-db-01"),
	    .os = span_str("Debian GNU/Linux 12 (bookworm)"),
	    .kernel = span_str("6.1.0-18-amd64"),
	    .arch = span_str("x86_64"),
	    .cpus = 8,
	    .memory = UINT64_MAX,
	    .addresses = {span_str("192.0.2.7"), span_str("2001:db8::7")},
	    .address_count = 2,
	};
}

#define AT_DESK(f) cmocka_unit_test_setup_teardown(f, desk_make, desk_free)

#endif
