#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "agent/trawl/secret.h"
#include "base/str.h"
#include "sys/file.h"

struct world {
	char top[64], file[96], link[96];
	struct vault held;
};

static const struct renewal newer = {
    {(const uint8_t *)"refresh_token", 13},
    {(const uint8_t *)"rt-old", 6},
    {(const uint8_t *)"rt-newer", 8},
};

static int
set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	snprintf(w->top, sizeof(w->top), "/tmp/trawl-secret.XXXXXX");
	assert_non_null(mkdtemp(w->top));
	snprintf(w->file, sizeof(w->file), "%s/cred", w->top);
	snprintf(w->link, sizeof(w->link), "%s/link", w->top);
	w->held.fd = -1;
	*state = w;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *w = *state;

	vault_close(&w->held);
	assert_int_equal(file_remove_tree(w->top), ST_OK);
	free(w);
	return 0;
}

static void
put(const char *path, const char *text)
{
	assert_int_equal(file_replace(path, span_str(text), 0600), ST_OK);
}

static void
holds(const char *path, const char *want)
{
	struct vault v;

	assert_null(secret_load(path, &v));
	assert_true(str_is(vault_span(&v), want));
	vault_close(&v);
}

static void
a_replaced_secret_stands_in_the_file_and_in_memory(void **state)
{
	struct world *w = *state;
	struct stat sb;

	put(w->file, "{\"refresh_token\":\"rt-old\"}");
	assert_int_equal(symlink("cred", w->link), 0);
	assert_null(secret_load(w->link, &w->held));
	/* somebody writes there meanwhile */
	put(w->file, "{\"refresh_token\":\"rt-old\", \"more\":1}");
	assert_null(secret_renew(w->link, &w->held, &newer));
	holds(w->file, "{\"refresh_token\":\"rt-newer\", \"more\":1}");
	assert_true(
	    str_is(vault_span(&w->held), "{\"refresh_token\":\"rt-newer\"}"));
	assert_int_equal(lstat(w->link, &sb), 0);
	assert_true(S_ISLNK(sb.st_mode));
	assert_int_equal(stat(w->file, &sb), 0);
	assert_int_equal(sb.st_mode & 07777, 0600);
}

static void
it_is_replaced_in_a_file_of_its_own_too(void **state)
{
	struct world *w = *state;
	char json[160];

	snprintf(json, sizeof(json), "{\"refresh_token_file\":\"%s/alone\"}",
		 w->top);
	put(w->file, json);
	snprintf(json, sizeof(json), "%s/alone", w->top);
	put(json, "rt-old");
	assert_null(secret_load(w->file, &w->held));
	assert_null(secret_renew(w->file, &w->held, &newer));
	holds(json, "rt-newer");
	put(json, "rt-other"); /* by somebody else */
	assert_non_null(secret_renew(w->file, &w->held, &newer));
	holds(json, "rt-other");
}

static void
what_was_changed_or_is_gone_stays_so_and_this_run_goes_on(void **state)
{
	struct world *w = *state;

	put(w->file, "{\"refresh_token\":\"rt-old\"}");
	assert_null(secret_load(w->file, &w->held));
	put(w->file, "{\"refresh_token\":\"rt-other\"}");
	assert_non_null(secret_renew(w->file, &w->held, &newer));
	holds(w->file, "{\"refresh_token\":\"rt-other\"}");
	assert_true(
	    str_is(vault_span(&w->held), "{\"refresh_token\":\"rt-newer\"}"));
	assert_int_equal(unlink(w->file), 0);
	assert_non_null(secret_renew(w->file, &w->held, &newer));
	assert_int_not_equal(access(w->file, F_OK), 0);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
	    CASE(a_replaced_secret_stands_in_the_file_and_in_memory),
	    CASE(it_is_replaced_in_a_file_of_its_own_too),
	    CASE(what_was_changed_or_is_gone_stays_so_and_this_run_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
