#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake/source_world.h"
#include "proxy-agent/source/cloud/graph.h"

#define HERE  "https://127.0.0.1:PORT"
#define USERS "/users?$top=500&$select=id,userPrincipalName"
#define ITEMS                                                                  \
	"?$top=500&$select=id,name,size,lastModifiedDateTime,cTag,folder,"     \
	"file,package,remoteItem,parentReference"
#define ROOT     "/users/u/drive/root/children" ITEMS
#define FOLDERS  "?$top=100&includeHiddenFolders=true&$select=id,displayName"
#define MESSAGES "?$top=500&$select=id,subject,receivedDateTime,changeKey"

#define LIST(x)    FAKE_JSON "{\"value\":[" x "]}"
#define MORE(x, n) FAKE_JSON "{\"value\":[" x "],\"@odata.nextLink\":\"" n "\"}"
#define USER(id)                                                               \
	"{\"id\":\"" id "\",\"userPrincipalName\":\"" id "@h.example\"}"
#define FILE_(id, name)                                                        \
	"{\"id\":\"" id "\",\"name\":\"" name                                  \
	"\",\"size\":1,\"file\":{},\"parentReference\":{\"driveId\":\"d\"}}"
#define FOLDER(id, name)                                                       \
	"{\"id\":\"" id "\",\"name\":\"" name                                  \
	"\",\"folder\":{},\"parentReference\":{\"driveId\":\"d\"}}"
#define CONTENT(id, text)                                                      \
	{                                                                      \
		.path = "/drives/d/items/" id "/content",                      \
		.answer = FAKE_OK text                                         \
	}
#define U "onedrive://contoso/u@h.example"

static void
begin(struct source_world *w, const struct source_ops *ops,
      const struct fake_page *pages, const char *url)
{
	source_world_begin_tls(w, ops, pages, url);
	source_world_access(w, "token", "made up");
	source_world_access(w, "endpoint", HERE);
}

static void
hold(const struct source_ops *ops, const struct source_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct source_world w;

		begin(&w, ops, rows[i].pages, rows[i].url);
		assert_string_equal(source_world_walk(&w, SIZE_MAX),
				    rows[i].want);
		source_world_end(&w);
	}
}

static void
files_of_all_people_are_read_through_all_pages(void **state)
{
	static const struct source_row rows[] = {
	    {"onedrive://contoso/",
	     {{.path = USERS, .answer = MORE(USER("u"), HERE "/p2")},
	      {.path = "/p2", .answer = LIST(USER("v"))},
	      {.path = ROOT,
	       .answer = LIST(FILE_("f1", "a.txt") "," FOLDER("b", "B"))},
	      {.path = "/drives/d/items/b/children" ITEMS,
	       .answer = MORE(FILE_("f2", "c"), HERE "/p3")},
	      {.path = "/p3", .answer = LIST(FILE_("f3", "d"))},
	      CONTENT("f1", "1"),
	      CONTENT("f2", "2"),
	      CONTENT("f3", "3")},
	     U "/a.txt=1\n" U "/B/c=2\n" U "/B/d=3\n"},
	};

	hold(&onedrive_source, rows, 1);
	(void)state;
}

static void
names_and_ids_of_any_kind_stay_names_and_ids(void **state)
{
	static const struct source_row rows[] = {
	    {"onedrive://contoso/u%40h.example",
	     {{.path = "/users/u%40h.example?$select=id,userPrincipalName",
	       .answer = FAKE_JSON USER("u")},
	      {.path = ROOT,
	       .answer = LIST(FILE_("../x?y#z", "a/b%2F'\\\"<>&") "," FILE_(
		   "!1 2", "100% \xC3\xA9"))},
	      CONTENT("..%2Fx%3Fy%23z", "1"),
	      CONTENT("%211%202", "2")},
	     U "/a%2Fb%252F'\"<>&=1\n" U "/100%25 \xC3\xA9=2\n"},
	};

	hold(&onedrive_source, rows, 1);
	(void)state;
}

static void
what_is_no_file_is_named_with_the_reason(void **state)
{
	static const struct source_row rows[] = {
	    {"onedrive://contoso/",
	     {{.path = USERS, .answer = LIST(USER("u"))},
	      {.path = ROOT,
	       .answer = LIST("{\"id\":\"1\",\"name\":\"n\",\"remoteItem\":{},"
			      "\"parentReference\":{\"driveId\":\"d\"}},"
			      "{\"id\":\"2\",\"name\":\"o\",\"package\":{},"
			      "\"parentReference\":{\"driveId\":\"d\"}}")}},
	     U "/n:link it lies in another drive\n" U
	       "/o:unsupported a notebook, which has no file that can be "
	       "read\n"},
	};

	hold(&onedrive_source, rows, 1);
	(void)state;
}

#define UNREAD ":malformed what the server said of its content cannot be read\n"

static void
a_list_that_is_not_sound_is_told_and_the_rest_is_read(void **state)
{
	static const struct source_row rows[] = {
	    /* elements without what they must have, or of another type */
	    {"onedrive://contoso/",
	     {{.path = USERS,
	       .answer = LIST("{\"id\":\"x\"},7,null," USER("u"))},
	      {.path = ROOT,
	       .answer = LIST("{\"id\":7,\"name\":\"n\"}," FILE_("f", "a"))},
	      CONTENT("f", "1")},
	     "onedrive://contoso" UNREAD U "/a=1\n" U UNREAD},
	    /* the second page breaks off */
	    {"onedrive://contoso/",
	     {{.path = USERS, .answer = LIST(USER("u"))},
	      {.path = ROOT, .answer = MORE(FILE_("f", "a"), HERE "/2")},
	      {.path = "/2", .answer = FAKE_JSON "{\"value\":[{\"id\":\"g\""},
	      CONTENT("f", "1")},
	     U "/a=1\n" U UNREAD},
	    /* no list at all */
	    {"onedrive://contoso/",
	     {{.path = USERS, .answer = LIST(USER("u") "," USER("v"))},
	      {.path = ROOT, .answer = FAKE_JSON "[]"},
	      {.path = "/users/v/drive/root/children" ITEMS,
	       .answer = FAKE_JSON "{\"value\":{\"id\":\"1\"}}"}},
	     U UNREAD "onedrive://contoso/v@h.example" UNREAD},
	    /* nothing where a list is always said */
	    {"onedrive://contoso/",
	     {{.path = USERS, .answer = LIST(USER("u"))},
	      {.path = ROOT, .answer = FAKE_JSON "{\"error\":{}}"}},
	     U UNREAD},
	};

	hold(&onedrive_source, rows, sizeof(rows) / sizeof(rows[0]));
	(void)state;
}

static void
a_next_page_that_leads_astray_is_not_followed(void **state)
{
	static const struct source_row rows[] = {
	    /* to another host, which would see the token */
	    {"onedrive://contoso/",
	     {{.path = USERS, .answer = LIST(USER("u"))},
	      {.path = ROOT,
	       .answer = MORE(FILE_("f", "a"), "https://localhost:PORT/2")},
	      {.path = "/2", .answer = LIST(FILE_("g", "b"))},
	      CONTENT("f", "1")},
	     U "/a=1\n" U UNREAD},
	    {"onedrive://contoso/",
	     {{.path = USERS, .answer = LIST(USER("u"))},
	      {.path = ROOT,
	       .answer = MORE(FILE_("f", "a"), "http://169.254.169.254/")},
	      CONTENT("f", "1")},
	     U "/a=1\n" U UNREAD},
	    /* to itself */
	    {"onedrive://contoso/",
	     {{.path = USERS, .answer = LIST(USER("u"))},
	      {.path = ROOT, .answer = MORE(FILE_("f", "a"), HERE "/2")},
	      {.path = "/2", .answer = MORE("", HERE "/2")},
	      CONTENT("f", "1")},
	     U "/a=1\n" U UNREAD},
	    /* in a circle */
	    {"onedrive://contoso/",
	     {{.path = USERS, .answer = LIST(USER("u"))},
	      {.path = ROOT, .answer = MORE("", HERE "/2")},
	      {.path = "/2", .answer = MORE("", HERE "/3")},
	      {.path = "/3", .answer = MORE("", HERE "/4")},
	      {.path = "/4", .answer = MORE("", HERE "/2")}},
	     U UNREAD},
	};

	hold(&onedrive_source, rows, sizeof(rows) / sizeof(rows[0]));
	(void)state;
}

static void
a_refusal_within_is_told_where_it_is(void **state)
{
	static const struct source_row rows[] = {
	    {"onedrive://contoso/",
	     {{.path = USERS,
	       .answer = LIST(USER("u") "," USER("v") "," USER("w"))},
	      {.path = ROOT, .answer = FAKE_NO("403 No")},
	      {.path = "/users/v/drive/root/children" ITEMS,
	       .answer = FAKE_NO("404 No")}, /* he has no drive */
	      {.path = "/users/w/drive/root/children" ITEMS,
	       .first = 1,
	       .before = "HTTP/1.1 429 Later\r\nRetry-After: 0\r\n\r\n",
	       .answer = LIST(FILE_("f", "a"))},
	      CONTENT("f", "1")},
	     U ":denied the server does not let us list it\n"
	       "onedrive://contoso/w@h.example/a=1\n"},
	};

	hold(&onedrive_source, rows, 1);
	(void)state;
}

static void
a_target_that_cannot_be_opened_says_why(void **state)
{
	static const struct {
		struct fake_page page;
		enum status st;
		const char *why;
	} rows[] = {
	    {{.path = USERS,
	      .answer = "HTTP/1.1 403 No\r\n\r\n{\"error\":{\"message\":"
			"\"Not\\nyours %s\"}}"},
	     ST_DENIED,
	     "the service answered 403: Not yours %s"},
	    {{.path = USERS, .answer = FAKE_NO("401 No")}, ST_DENIED, "token"},
	    {{.path = USERS, .answer = FAKE_NO("503 No")}, ST_AGAIN, "503"},
	    {{.path = USERS, .answer = FAKE_OK "<html>"}, ST_IO, "not this"},
	    {{.path = USERS, .answer = FAKE_JSON "[]"}, ST_IO, "not this"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct fake_page pages[] = {rows[i].page, {.path = NULL}};
		struct source_world w;

		begin(&w, &onedrive_source, pages, "onedrive://contoso/");
		assert_int_equal(source_world_open(&w), rows[i].st);
		assert_non_null(strstr(source_world_why(&w), rows[i].why));
		assert_null(strstr((char *)w.why.data, "made up"));
		source_world_end(&w);
	}
}

static void
sites_of_other_hosts_are_left_alone(void **state)
{
	static const struct source_row rows[] = {
	    {"sharepoint://h.example/",
	     {{.path = "/sites?search=*&$select=id,webUrl,name",
	       .answer = LIST(
		   "{\"id\":\"s\",\"webUrl\":\"https://h.example/sites/T\"},"
		   "{\"id\":\"o\",\"webUrl\":\"https://other.example/x\"},"
		   "{\"id\":\"p\",\"webUrl\":\"ftp://h.example/x\"}")},
	      {.path = "/sites/s/drives?$select=id,name",
	       .answer = LIST("{\"id\":\"d\",\"name\":\"Docs\"}")},
	      {.path = "/drives/d/root/children" ITEMS,
	       .answer = LIST(FILE_("f", "a"))},
	      {.path = "/sites/s/sites?$select=id,webUrl,name",
	       .answer = LIST("")},
	      CONTENT("f", "1")},
	     "sharepoint://h.example" UNREAD
	     "sharepoint://h.example/sites/T/Docs/a=1\n"},
	};

	hold(&sharepoint_source, rows, 1);
	(void)state;
}

static void
messages_are_told_apart_by_their_ids(void **state)
{
	static const struct source_row rows[] = {
	    {"outlook://contoso/",
	     {{.path = USERS, .answer = LIST(USER("u"))},
	      {.path = "/users/u/mailFolders" FOLDERS,
	       .answer = LIST("{\"id\":\"i\",\"displayName\":\"In/box\"}")},
	      {.path = "/users/u/mailFolders/i/messages" MESSAGES,
	       .answer = LIST("{\"id\":\"m&=1\",\"subject\":\"Hi?\"},"
			      "{\"id\":\"m2\"},{\"subject\":\"no id\"}")},
	      {.path = "/users/u/mailFolders/i/childFolders" FOLDERS,
	       .answer = FAKE_NO("403 No")},
	      {.path = "/users/u/messages/m%26%3D1/$value",
	       .answer = FAKE_OK "1"},
	      {.path = "/users/u/messages/m2/$value", .answer = FAKE_OK "2"}},
	     "outlook://contoso/u@h.example/In%2Fbox/Hi%3F?id=m%26=1=1\n"
	     "outlook://contoso/u@h.example/In%2Fbox/(no subject)?id=m2=2\n"
	     "outlook://contoso/u@h.example/In%2Fbox" UNREAD
	     "outlook://contoso/u@h.example/In%2Fbox:denied the server does "
	     "not let us list it\n"},
	    /* one alone, by its id */
	    {"outlook://contoso/u%40h.example/In%2Fbox/Hi?id=m%26=1",
	     {{.path = "/users/u%40h.example?$select=id,userPrincipalName",
	       .answer = FAKE_JSON USER("u")},
	      {.path = "/users/u/mailFolders" FOLDERS,
	       .answer = LIST("{\"id\":\"i\",\"displayName\":\"In/box\"}")},
	      {.path = "/users/u/mailFolders/i/messages" MESSAGES,
	       .answer = LIST("{\"id\":\"m\",\"subject\":\"Hi\"},"
			      "{\"id\":\"m&=1\",\"subject\":\"Hi\"}")},
	      {.path = "/users/u/mailFolders/i/childFolders" FOLDERS,
	       .answer = LIST("")},
	      {.path = "/users/u/messages/m%26%3D1/$value",
	       .answer = FAKE_OK "1"}},
	     "outlook://contoso/u@h.example/In%2Fbox/Hi?id=m%26=1=1\n"},
	};

	hold(&outlook_source, rows, 2);
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(files_of_all_people_are_read_through_all_pages),
	    cmocka_unit_test(names_and_ids_of_any_kind_stay_names_and_ids),
	    cmocka_unit_test(what_is_no_file_is_named_with_the_reason),
	    cmocka_unit_test(
		a_list_that_is_not_sound_is_told_and_the_rest_is_read),
	    cmocka_unit_test(a_next_page_that_leads_astray_is_not_followed),
	    cmocka_unit_test(a_refusal_within_is_told_where_it_is),
	    cmocka_unit_test(a_target_that_cannot_be_opened_says_why),
	    cmocka_unit_test(sites_of_other_hosts_are_left_alone),
	    cmocka_unit_test(messages_are_told_apart_by_their_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
