#include <string.h>

#include "base/str.h"
#include "model/fields.h"
#include "proxy-agent/data/redis_value.h"
#include "source/pairs.h"
#include "tests/unit/proxy-agent/data/redis_script.h"

/* One connection for both: answers are played in the order of a reader. */
static void
read_value(const char *says, enum redis_type type, struct buf *to)
{
	struct script s;
	struct redis *r = redis_that_says(&s, says);
	struct redis_value v;
	struct redis_word w;
	uint8_t piece[7];
	size_t got = 1;

	redis_value_init(&v);
	assert_int_equal(redis_value_begin(&v, type, span_str("key"), r, r),
			 ST_OK);
	while (got > 0) {
		assert_int_equal(
		    redis_value_read(&v, piece, sizeof(piece), &got), ST_OK);
		assert_int_equal(buf_add(to, piece, got), ST_OK);
	}
	assert_int_equal(redis_value_leave(&v), ST_OK);
	assert_int_equal(redis_next(r, &w), ST_OK); /* nothing is left over */
	assert_true(str_is(w.text, "END"));
	redis_value_fini(&v);
	redis_close(r);
	script_end(&s);
}

static void
put(struct buf *to, const char *name, uint8_t flags, const char *value)
{
	assert_int_equal(fields_put(to, span_str(name), flags, span_str(value)),
			 ST_OK);
}

static void
compare(const char *says, enum redis_type type, struct buf *want)
{
	struct buf got;

	buf_init(&got, (size_t)1 << 20);
	read_value(says, type, &got);
	assert_int_equal(got.len, want->len);
	assert_memory_equal(got.data, want->data, want->len);
	buf_fini(&got);
	buf_fini(want);
}

static void
begin(struct buf *want)
{
	buf_init(want, 4096);
	assert_int_equal(fields_begin(want), ST_OK);
}

static void
end(struct buf *want, uint64_t read, uint64_t counted)
{
	assert_int_equal(fields_end(want, read, counted), ST_OK);
}

static void
a_string_is_its_bytes(void **state)
{
	struct buf want;

	(void)state;
	buf_init(&want, 64);
	assert_int_equal(buf_add_str(&want, "hello\r\nthere"), ST_OK);
	compare(":12\r\n$12\r\nhello\r\nthere\r\n+END\r\n", REDIS_STRING,
		&want);
}

static void
a_hash_has_names_over_several_pages(void **state)
{
	struct buf want;

	(void)state;
	begin(&want);
	put(&want, "name", 0, "Anna");
	put(&want, "card", 0, "42");
	put(&want, "late", 0, "");
	end(&want, 3, 3);
	compare(":3\r\n*2\r\n$2\r\n17\r\n*4\r\n$4\r\nname\r\n$4\r\nAnna\r\n"
		"$4\r\ncard\r\n$2\r\n42\r\n"
		"*2\r\n$1\r\n5\r\n*0\r\n"
		"*2\r\n$1\r\n0\r\n*2\r\n$4\r\nlate\r\n$0\r\n\r\n+END\r\n",
		REDIS_HASH, &want);
}

static void
members_without_names_have_numbers(void **state)
{
	struct buf want;

	(void)state;
	begin(&want);
	put(&want, "[0]", FIELDS_LABEL, "a");
	put(&want, "[1]", FIELDS_LABEL, "b");
	end(&want, 2, 2);
	compare(":2\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n+END\r\n", REDIS_ARRAY,
		&want);
	begin(&want);
	put(&want, "member 1", FIELDS_LABEL, "a");
	put(&want, "score 1", FIELDS_LABEL, "7");
	end(&want, 1, 1);
	compare(":1\r\n*2\r\n$1\r\n0\r\n*2\r\n$1\r\na\r\n$1\r\n7\r\n+END\r\n",
		REDIS_ZSET, &want);
}

static void
an_entry_of_a_stream_has_its_id(void **state)
{
	struct buf want;

	(void)state;
	begin(&want);
	assert_int_equal(fields_record(&want, span_str("5-0")), ST_OK);
	put(&want, "card", 0, "42");
	assert_int_equal(fields_record(&want, span_str("5-1")), ST_OK);
	put(&want, "x", 0, "y");
	end(&want, 2, 2);
	compare(":2\r\n*1\r\n*2\r\n$3\r\n5-0\r\n*2\r\n$4\r\ncard\r\n$2\r\n42"
		"\r\n*1\r\n*2\r\n$3\r\n5-1\r\n*2\r\n$1\r\nx\r\n$1\r\ny\r\n"
		"+END\r\n",
		REDIS_STREAM, &want);
}

static void
fewer_members_than_counted_are_told(void **state)
{
	struct buf want;

	(void)state;
	begin(&want);
	put(&want, "member 1", FIELDS_LABEL, "a");
	end(&want, 1, 4);
	compare(":4\r\n*2\r\n$1\r\n0\r\n*1\r\n$1\r\na\r\n+END\r\n", REDIS_SET,
		&want);
}

static void
what_was_not_read_of_a_value_is_passed_over(void **state)
{
	struct script s;
	struct redis *r = redis_that_says(
	    &s, ":3\r\n*2\r\n$1\r\n0\r\n*4\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n"
		"$1\r\nd\r\n:9\r\n$9\r\nsome text\r\n+END\r\n");
	struct redis_value v;
	struct redis_word w;

	(void)state;
	redis_value_init(&v);
	assert_int_equal(redis_value_begin(&v, REDIS_HASH, span_str("a"), r, r),
			 ST_OK);
	assert_int_equal(redis_value_leave(&v), ST_OK);
	assert_int_equal(
	    redis_value_begin(&v, REDIS_STRING, span_str("b"), r, r), ST_OK);
	assert_int_equal(v.length, 9);
	assert_int_equal(redis_value_leave(&v), ST_OK);
	assert_int_equal(redis_next(r, &w), ST_OK);
	assert_true(str_is(w.text, "END"));
	redis_value_fini(&v);
	redis_close(r);
	script_end(&s);
}

static void
a_key_that_became_another_type_is_gone(void **state)
{
	struct script s;
	struct redis *r =
	    redis_that_says(&s, "-WRONGTYPE no\r\n-WRONGTYPE no\r\n"
				"-NOPERM no\r\n-NOPERM no\r\n+END\r\n");
	struct redis_value v;
	struct redis_word w;

	(void)state;
	redis_value_init(&v);
	assert_int_equal(redis_value_begin(&v, REDIS_HASH, span_str("a"), r, r),
			 ST_NOTFOUND);
	assert_int_equal(redis_value_leave(&v), ST_OK);
	assert_int_equal(redis_value_begin(&v, REDIS_HASH, span_str("a"), r, r),
			 ST_DENIED);
	assert_int_equal(redis_value_leave(&v), ST_OK);
	assert_int_equal(redis_next(r, &w), ST_OK);
	assert_true(str_is(w.text, "END"));
	redis_value_fini(&v);
	redis_close(r);
	script_end(&s);
}

static void
types_are_known_by_their_words(void **state)
{
	static const struct {
		const char *word;
		enum redis_type want;
	} cases[] = {
	    {"string", REDIS_STRING}, {"list", REDIS_ARRAY},
	    {"zset", REDIS_ZSET},     {"stream", REDIS_STREAM},
	    {"none", REDIS_GONE},     {"ReJSON-RL", REDIS_OTHER},
	    {"", REDIS_OTHER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(redis_type_of(span_str(cases[i].word)),
				 cases[i].want);
}

static void
behind_an_id_is_the_next_one(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 64);
	assert_int_equal(redis_id_behind(span_str("1700-9"), &b), ST_OK);
	assert_true(str_is(buf_span(&b), "1700-10"));
	assert_int_equal(redis_id_behind(span_str("1700"), &b), ST_MALFORMED);
	assert_int_equal(redis_id_behind(span_str("1-x"), &b), ST_MALFORMED);
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_string_is_its_bytes),
	    cmocka_unit_test(a_hash_has_names_over_several_pages),
	    cmocka_unit_test(members_without_names_have_numbers),
	    cmocka_unit_test(an_entry_of_a_stream_has_its_id),
	    cmocka_unit_test(fewer_members_than_counted_are_told),
	    cmocka_unit_test(what_was_not_read_of_a_value_is_passed_over),
	    cmocka_unit_test(a_key_that_became_another_type_is_gone),
	    cmocka_unit_test(types_are_known_by_their_words),
	    cmocka_unit_test(behind_an_id_is_the_next_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
