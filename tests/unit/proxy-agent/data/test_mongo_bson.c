#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "base/codec.h"
#include "base/str.h"
#include "model/fields.h"
#include "proxy-agent/data/mongo_bson.h"

/* {_id: 42, name: "Anna", more: {cards: ["x", 7]}, n: null, born: date 0} */
static const uint8_t anna[] = "\x55\0\0\0"
			      "\x10_id\0\x2a\0\0\0"
			      "\2name\0\5\0\0\0Anna\0"
			      "\3more\0\x21\0\0\0"
			      "\4cards\0\x15\0\0\0"
			      "\0020\0\2\0\0\0x\0"
			      "\0201\0\7\0\0\0"
			      "\0"
			      "\0"
			      "\x0an\0"
			      "\x09"
			      "born\0\0\0\0\0\0\0\0\0";

static struct span
document(void)
{
	return span_of(anna, sizeof(anna));
}

static void
fields_have_the_way_to_them(void **state)
{
	struct buf got, want;

	(void)state;
	buf_init(&got, 4096);
	buf_init(&want, 4096);
	assert_int_equal(sizeof(anna), codec_get32(anna));
	assert_int_equal(mongo_bson_put(&got, document()), ST_OK);
	assert_int_equal(fields_record(&want, span_str("42")), ST_OK);
	assert_int_equal(fields_put(&want, span_str("_id"), 0, span_str("42")),
			 ST_OK);
	assert_int_equal(
	    fields_put(&want, span_str("name"), 0, span_str("Anna")), ST_OK);
	assert_int_equal(
	    fields_put(&want, span_str("more.cards[0]"), 0, span_str("x")),
	    ST_OK);
	assert_int_equal(
	    fields_put(&want, span_str("more.cards[1]"), 0, span_str("7")),
	    ST_OK);
	assert_int_equal(fields_put(&want, span_str("born"), 0,
				    span_str("1970-01-01 00:00:00")),
			 ST_OK);
	assert_int_equal(got.len, want.len);
	assert_memory_equal(got.data, want.data, want.len);
	buf_fini(&got);
	buf_fini(&want);
}

static enum mongo_wish
ask(void *arg, struct span way)
{
	static const struct {
		const char *way;
		enum mongo_wish wish;
	} rows[] = {
	    {"more", MONGO_ENTER},
	    {"more.cards", MONGO_TAKE}, /* no number of a list is asked for */
	    {"born", MONGO_TAKE},
	    {"_id", MONGO_ENTER},
	};

	assert_null(arg);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (str_is(way, rows[i].way))
			return rows[i].wish;
	assert_true(str_is(way, "name") || str_is(way, "n"));
	return MONGO_PASS;
}

static void
fields_that_are_not_wanted_are_left_out(void **state)
{
	struct buf got, want;

	(void)state;
	buf_init(&got, 4096);
	buf_init(&want, 4096);
	assert_int_equal(mongo_bson_put_some(&got, document(), ask, NULL),
			 ST_OK);
	assert_int_equal(fields_record(&want, span_str("42")), ST_OK);
	assert_int_equal(
	    fields_put(&want, span_str("more.cards[0]"), 0, span_str("x")),
	    ST_OK);
	assert_int_equal(
	    fields_put(&want, span_str("more.cards[1]"), 0, span_str("7")),
	    ST_OK);
	assert_int_equal(fields_put(&want, span_str("born"), 0,
				    span_str("1970-01-01 00:00:00")),
			 ST_OK);
	assert_int_equal(got.len, want.len);
	assert_memory_equal(got.data, want.data, want.len);
	buf_fini(&got);
	buf_fini(&want);
}

static void
a_document_that_is_cut_is_none(void **state)
{
	struct buf got;

	(void)state;
	buf_init(&got, 4096);
	for (size_t n = 0; n < sizeof(anna); n++)
		assert_int_equal(mongo_bson_put(&got, span_of(anna, n)),
				 ST_MALFORMED);
	assert_int_equal(got.len, 0);
	buf_fini(&got);
}

static void
an_id_of_the_server_is_said_as_people_write_it(void **state)
{
	static const uint8_t doc[] = "\x16\0\0\0"
				     "\7_id\0\x64\xb1\xf0\xa2\xc3\xd4\xe5\xf6"
				     "\x01\x23\x45\x67";
	struct buf key;

	(void)state;
	buf_init(&key, 64);
	assert_int_equal(mongo_bson_key(&key, span_of(doc, sizeof(doc))),
			 ST_OK);
	assert_string_equal((const char *)key.data,
			    "ObjectId(64b1f0a2c3d4e5f601234567)");
	buf_fini(&key);
}

static void
one_field_is_found_at_the_top_only(void **state)
{
	struct span s;

	(void)state;
	assert_int_equal(mongo_bson_bytes(document(), "name", &s), ST_OK);
	assert_true(str_is(s, "Anna"));
	assert_int_equal(mongo_bson_bytes(document(), "cards", &s),
			 ST_NOTFOUND);
	assert_int_equal(mongo_bson_bytes(document(), "_id", &s), ST_NOTFOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(fields_have_the_way_to_them),
	    cmocka_unit_test(fields_that_are_not_wanted_are_left_out),
	    cmocka_unit_test(a_document_that_is_cut_is_none),
	    cmocka_unit_test(an_id_of_the_server_is_said_as_people_write_it),
	    cmocka_unit_test(one_field_is_found_at_the_top_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
