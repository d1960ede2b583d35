#include "crypto/pass.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/tls.h"
#include "crypto/x509.h"

#define NOW INT64_C(1900000000)

static struct pass_maker *
maker(const char *secret)
{
	struct pass_maker *m = NULL;

	assert_int_equal(
	    pass_maker_open(span_of((const uint8_t *)secret, strlen(secret)),
			    &m),
	    ST_OK);
	return m;
}

static struct tls_peer
agent(void)
{
	struct tls_peer p = {.role = CERT_AGENT,
			     .agent = 42,
			     .not_after = NOW + 30 * INT64_C(86400)};

	memset(p.serial, 1, sizeof(p.serial));
	memset(p.key, 2, sizeof(p.key));
	memset(p.cert, 3, sizeof(p.cert));
	return p;
}

static enum status
open_at(const struct pass_maker *m, const struct pass *p, int64_t now)
{
	uint8_t key[PASS_KEY_LEN];
	struct tls_peer got;

	return pass_open(m, span_of(p->id, sizeof(p->id)), now, &got, key);
}

static void
who_comes_with_a_pass_is_who_got_it(void **state)
{
	struct pass_maker *m = maker("one"), *again = maker("one");
	struct tls_peer p = agent(), got;
	uint8_t key[PASS_KEY_LEN];
	struct pass pass;

	(void)state;
	pass_make(m, &p, NOW, &pass);
	assert_int_equal(pass_open(again, span_of(pass.id, sizeof(pass.id)),
				   NOW + 60, &got, key),
			 ST_OK);
	assert_memory_equal(key, pass.key, sizeof(key));
	assert_int_equal(got.role, CERT_AGENT);
	assert_true(got.again);
	assert_int_equal(got.agent, p.agent);
	assert_int_equal(got.not_after, p.not_after);
	assert_memory_equal(got.serial, p.serial, sizeof(p.serial));
	assert_memory_equal(got.key, p.key, sizeof(p.key));
	assert_memory_equal(got.cert, p.cert, sizeof(p.cert));
	pass_maker_close(again);
	pass_maker_close(m);
}

static void
no_two_passes_are_alike_and_none_names_its_agent(void **state)
{
	struct pass_maker *m = maker("one");
	struct tls_peer p = agent();
	struct pass a, b;

	(void)state;
	pass_make(m, &p, NOW, &a);
	pass_make(m, &p, NOW, &b);
	assert_memory_not_equal(a.id, b.id, sizeof(a.id));
	assert_memory_not_equal(a.key, b.key, sizeof(a.key));
	for (size_t i = 0; i + sizeof(p.cert) <= sizeof(a.id); i++)
		assert_memory_not_equal(a.id + i, p.cert, sizeof(p.cert));
	pass_maker_close(m);
}

static void
a_pass_ends_with_its_day_and_with_the_certificate(void **state)
{
	struct pass_maker *m = maker("one");
	struct tls_peer p = agent(), brief = agent();
	struct pass pass, shorter;

	(void)state;
	pass_make(m, &p, NOW, &pass);
	assert_int_equal(open_at(m, &pass, NOW + PASS_SECONDS - 1), ST_OK);
	assert_int_equal(open_at(m, &pass, NOW + PASS_SECONDS), ST_DENIED);
	assert_int_equal(open_at(m, &pass, NOW - 3600), ST_DENIED);
	brief.not_after = NOW + 100;
	pass_make(m, &brief, NOW, &shorter);
	assert_int_equal(open_at(m, &shorter, NOW + 99), ST_OK);
	assert_int_equal(open_at(m, &shorter, NOW + 100), ST_DENIED);
	pass_maker_close(m);
}

static void
what_is_changed_or_of_another_master_is_refused(void **state)
{
	struct pass_maker *m = maker("one"), *other = maker("two");
	struct tls_peer p = agent(), got;
	uint8_t key[PASS_KEY_LEN];
	struct pass pass;

	(void)state;
	pass_make(m, &p, NOW, &pass);
	assert_int_equal(open_at(other, &pass, NOW), ST_DENIED);
	for (size_t i = 0; i < sizeof(pass.id); i++) {
		pass.id[i] ^= 1;
		assert_int_equal(open_at(m, &pass, NOW), ST_DENIED);
		pass.id[i] ^= 1;
	}
	for (size_t n = 0; n < sizeof(pass.id); n++)
		assert_int_equal(
		    pass_open(m, span_of(pass.id, n), NOW, &got, key),
		    ST_DENIED);
	assert_int_equal(open_at(m, &pass, NOW), ST_OK);
	pass_maker_close(other);
	pass_maker_close(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_comes_with_a_pass_is_who_got_it),
	    cmocka_unit_test(no_two_passes_are_alike_and_none_names_its_agent),
	    cmocka_unit_test(a_pass_ends_with_its_day_and_with_the_certificate),
	    cmocka_unit_test(what_is_changed_or_of_another_master_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
