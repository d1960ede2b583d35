#include "wire/codec_host.h"

#include <string.h>

#include "tests/unit/wire/desk.h"

static void
host_facts_are_filled_and_taken_the_same(void **state)
{
	struct host_facts m = host(), back = {0};
	Trawl__HostFacts p;
	ProtobufCBinaryData addresses[HOST_ADDRESSES_MAX];

	(void)state;
	host_fill(&m, &p, addresses);
	assert_true(host_take(&p, &back));
	assert_true(span_eq(back.name, m.name) && span_eq(back.os, m.os) &&
		    span_eq(back.kernel, m.kernel) &&
		    span_eq(back.arch, m.arch));
	assert_int_equal(back.cpus, m.cpus);
	assert_int_equal(back.memory, m.memory);
	assert_int_equal(back.address_count, m.address_count);
	for (size_t i = 0; i < m.address_count; i++)
		assert_true(span_eq(back.addresses[i], m.addresses[i]));
}

static void
a_host_that_says_nothing_is_empty_and_fine(void **state)
{
	static const struct host_facts none;
	struct host_facts back = {0};
	Trawl__HostFacts p;
	ProtobufCBinaryData addresses[HOST_ADDRESSES_MAX];

	(void)state;
	assert_true(host_take(NULL, &back));
	assert_int_equal(back.address_count, 0);
	host_fill(&none, &p, addresses);
	assert_true(host_take(&p, &back));
	assert_int_equal(back.name.len, 0);
}

/* What a console or a terminal will show must not steer it. */
static void
every_text_of_a_host_is_checked(void **state)
{
	static char large[NAME_MAX_LEN + 1];
	static const struct {
		const char *text;
		bool good;
	} cases[] = {
	    {"", true},       {"caf\xc3\xa9", true}, {"\x1b[2J", false},
	    {"two\n", false}, {"\xff", false},       {"del\x7f", false},
	    {large, false},
	};

	(void)state;
	memset(large, 'a', sizeof(large));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (size_t field = 0; field < 5; field++) {
			struct host_facts m = host(), back = {0};
			struct span *fields[] = {&m.name, &m.os, &m.kernel,
						 &m.arch, &m.addresses[1]};
			Trawl__HostFacts p;
			ProtobufCBinaryData addresses[HOST_ADDRESSES_MAX];

			*fields[field] = cases[i].text == large
					     ? span_of(large, sizeof(large))
					     : span_str(cases[i].text);
			host_fill(&m, &p, addresses);
			if (host_take(&p, &back) != cases[i].good)
				fail_msg("case %zu of field %zu", i, field);
		}
}

static void
more_addresses_than_the_model_has_are_refused(void **state)
{
	ProtobufCBinaryData addresses[HOST_ADDRESSES_MAX + 1];
	struct host_facts m = host(), back = {0};
	Trawl__HostFacts p;

	(void)state;
	for (size_t i = 0; i < HOST_ADDRESSES_MAX; i++)
		m.addresses[i] = span_str("192.0.2.7");
	m.address_count = HOST_ADDRESSES_MAX;
	host_fill(&m, &p, addresses);
	assert_true(host_take(&p, &back));
	addresses[HOST_ADDRESSES_MAX] = addresses[0];
	p.n_addresses++;
	assert_false(host_take(&p, &back));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(host_facts_are_filled_and_taken_the_same),
	    cmocka_unit_test(a_host_that_says_nothing_is_empty_and_fine),
	    cmocka_unit_test(every_text_of_a_host_is_checked),
	    cmocka_unit_test(more_addresses_than_the_model_has_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
