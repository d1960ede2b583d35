#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "fake/source_world.h"
#include "proxy-agent/source/cloud/cloud.h"
#include "proxy-agent/source/cloud/site.h"
#include "proxy-agent/source/web/web.h"

static const struct fake_page none[] = {{.path = NULL}};
static const struct cloud_kind box = {.vendor = "box"};
static const struct cloud_kind microsoft = {.vendor = "microsoft",
					    .by_tenant = true};
static const struct cloud_kind dropbox = {.vendor = "dropbox",
					  .for_person = true};

struct place {
	struct source_world w;
	struct cloud_site site;
};

static enum status
begin(struct place *p, const struct cloud_kind *k, const char *const *access,
      const char *const *options)
{
	struct url u;

	memset(p, 0, sizeof(*p));
	source_world_begin(&p->w, &http_source, none, "box://a%40b@h.example/");
	source_world_access(&p->w, "token", "made up");
	for (; access != NULL && *access != NULL; access += 2)
		source_world_access(&p->w, access[0], access[1]);
	for (; options != NULL && *options != NULL; options += 2)
		source_world_option(&p->w, options[0], options[1]);
	assert_int_equal(url_parse(p->w.target.path, &u), ST_OK);
	return cloud_site_open(&p->site, k, &p->w.target, &u,
			       &http_limits_default);
}

static void
end(struct place *p)
{
	cloud_site_close(&p->site);
	source_world_end(&p->w);
}

static void
where_a_service_stands_is_the_vendors_or_the_credentials(void **state)
{
	static const struct {
		const struct cloud_kind *kind;
		const char *access[5], *options[3];
		const char *endpoint, *content;
	} rows[] = {
	    {&box,
	     {NULL},
	     {NULL},
	     "https://api.box.com",
	     "https://api.box.com"},
	    {&dropbox,
	     {NULL},
	     {NULL},
	     "https://api.dropboxapi.com",
	     "https://content.dropboxapi.com"},
	    {&microsoft,
	     {NULL},
	     {"cloud", "us"},
	     "https://graph.microsoft.us/v1.0",
	     "https://graph.microsoft.us/v1.0"},
	    {&dropbox,
	     {"endpoint", "https://H:443/v//"},
	     {NULL},
	     "https://h/v",
	     "https://h/v"},
	    {&dropbox,
	     {"endpoint", "https://h", "content", "https://c:9/"},
	     {NULL},
	     "https://h",
	     "https://c:9"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct place p;

		assert_int_equal(
		    begin(&p, rows[i].kind, rows[i].access, rows[i].options),
		    ST_OK);
		assert_true(
		    str_is(buf_span(&p.site.endpoint), rows[i].endpoint));
		assert_true(str_is(buf_span(&p.site.content), rows[i].content));
		end(&p);
	}
}

/* Who may change a target's options may not lead a secret elsewhere. */
static void
no_option_and_no_clear_address_takes_a_secret(void **state)
{
	static const struct {
		const char *access[5], *options[3];
		const char *why;
	} rows[] = {
	    {{NULL}, {"endpoint", "https://evil.example"}, "credential"},
	    {{NULL}, {"sign_in", "https://evil.example"}, "credential"},
	    {{"endpoint", "http://h"}, {NULL}, "https://HOST"},
	    {{"endpoint", "https://"}, {NULL}, "https://HOST"},
	    {{"endpoint", "https://h", "content", "http://h"},
	     {NULL},
	     "https://HOST"},
	    {{NULL}, {"cloud", "mars"}, "us or china"},
	    {{NULL},
	     {"cloud", "%s%s%s%s%s%s%s%s%s%s%s%s%s%s%s%s%s"},
	     "us or china"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct place p;

		assert_int_not_equal(
		    begin(&p, &box, rows[i].access, rows[i].options), ST_OK);
		assert_non_null(strstr(source_world_why(&p.w), rows[i].why));
		assert_null(strstr((char *)p.w.why.data, "made up"));
		end(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		where_a_service_stands_is_the_vendors_or_the_credentials),
	    cmocka_unit_test(no_option_and_no_clear_address_takes_a_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
