#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake/source_world.h"
#include "proxy-agent/source/cloud/boxes.h"

#define UNREAD ":malformed what the server said of its content cannot be read\n"
#define D      "dropbox://a@h.example"
#define B      "box://a@h.example"

#define LIST     "/2/files/list_folder"
#define ASKS(id) "\r\n\r\n{\"path\":\"" id "\",\"limit\":2000}"
#define SOME(x)                                                                \
	FAKE_JSON "{\"entries\":[" x "],\"cursor\":\"c\",\"has_more\":false}"
#define FILE_(id, name)                                                        \
	"{\".tag\":\"file\",\"id\":\"" id "\",\"name\":\"" name "\",\"size\":" \
	"1}"
#define CONTENT(id, text)                                                      \
	{                                                                      \
		.path =                                                        \
		    "/2/files/download?arg=%7B%22path%22%3A%22" id "%22%7D",   \
		.answer = FAKE_OK text                                         \
	}

static void
begin(struct source_world *w, const struct source_ops *ops,
      const struct fake_page *pages, const char *url)
{
	source_world_begin_tls(w, ops, pages, url);
	source_world_access(w, "token", "made up");
	source_world_access(w, "endpoint", "https://127.0.0.1:PORT");
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
pages_of_dropbox_follow_its_cursor(void **state)
{
	static const struct source_row rows[] = {
	    {D "/",
	     {{.path = LIST,
	       .needs = ASKS(""),
	       .refuses = FAKE_NO("409 No"),
	       .answer = FAKE_JSON "{\"entries\":[" FILE_(
		   "id:1\\\"", "50% \\\"") "],\"cursor\":\"c\\\"1\","
					   "\"has_more\":true}"},
	      {.path = LIST "/continue",
	       .needs = "\r\n\r\n{\"cursor\":\"c\\\"1\"}",
	       .refuses = FAKE_NO("409 No"),
	       .answer = SOME(FILE_("2", "b"))},
	      CONTENT("id%3A1%5C%22", "1"),
	      CONTENT("2", "2")},
	     D "/50%25 \"=1\n" D "/b=2\n"},
	};

	hold(&dropbox_source, rows, 1);
	(void)state;
}

static void
dropbox_says_what_is_no_file(void **state)
{
	static const struct source_row rows[] = {
	    {D "/",
	     {{.path = LIST,
	       .needs = ASKS(""),
	       .refuses = "HTTP/1.1 409 No\r\n\r\n{\"error_summary\":"
			  "\"path/not_found/..\"}",
	       .answer =
		   SOME("{\".tag\":\"deleted\",\"id\":\"x\",\"name\":\"x\"},"
			"{\".tag\":\"file\",\"id\":\"p\",\"name\":\"paper\","
			"\"is_downloadable\":false},"
			"{\".tag\":\"folder\",\"id\":\"gone\",\"name\":\"G\"},"
			"{\".tag\":\"file\",\"name\":\"no id\"}")}},
	     D "/paper:unsupported a document of Dropbox's own, which is no "
	       "file\n" D UNREAD D "/G:vanished it is not there any more\n"},
	};

	hold(&dropbox_source, rows, 1);
	(void)state;
}

static void
a_page_that_promises_more_without_saying_where_is_told(void **state)
{
	static const struct source_row rows[] = {
	    {D "/",
	     {{.path = LIST,
	       .answer = FAKE_JSON
	       "{\"entries\":[" FILE_("1", "a") "],\"has_more\":true}"},
	      CONTENT("1", "1")},
	     D "/a=1\n" D UNREAD},
	    {D "/",
	     {{.path = LIST,
	       .answer = FAKE_JSON "{\"entries\":[" FILE_(
		   "1", "a") "],\"has_more\":true,\"cursor\":[7]}"},
	      CONTENT("1", "1")},
	     D "/a=1\n" D UNREAD},
	    /* the same cursor again and again */
	    {D "/",
	     {{.path = LIST,
	       .answer = FAKE_JSON "{\"entries\":[" FILE_(
		   "1", "a") "],\"has_more\":true,\"cursor\":\"c\"}"},
	      {.path = LIST "/continue",
	       .answer = FAKE_JSON
	       "{\"entries\":[],\"has_more\":true,\"cursor\":\"c\"}"},
	      CONTENT("1", "1")},
	     D "/a=1\n" D UNREAD},
	};

	hold(&dropbox_source, rows, sizeof(rows) / sizeof(rows[0]));
	(void)state;
}

static void
content_that_is_cut_or_refused_is_told(void **state)
{
	static const struct source_row rows[] = {
	    {D "/",
	     {{.path = LIST,
	       .answer = SOME(
		   FILE_("1", "a") "," FILE_("2", "b") "," FILE_("3", "c"))},
	      {.path = "/2/files/download?arg=%7B%22path%22%3A%221%22%7D",
	       .answer = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"},
	      {.path = "/2/files/download?arg=%7B%22path%22%3A%222%22%7D",
	       .answer = FAKE_NO("403 No")},
	      {.path = "/2/files/download?arg=%7B%22path%22%3A%223%22%7D",
	       .answer = "HTTP/1.1 302 To\r\nLocation: "
			 "https://169.254.169.254/latest\r\n\r\n"}},
	     D "/a=half!\n" D "/b:denied the server answered 403\n" D
	       "/c:denied 169.254.169.254 is not reached: its name leads to a "
	       "link-local address, where clouds keep credentials of this "
	       "machine; to read it, write that address into the target\n"},
	};

	hold(&dropbox_source, rows, 1);
	(void)state;
}

#define ITEMS(id)                                                              \
	"/2.0/folders/" id "/items?usemarker=true&limit=1000"                  \
	"&fields=id,type,name,size,modified_at,sha1"
#define BOX_FILE(id) "{\"type\":\"file\",\"id\":\"" id "\",\"name\":\"" id "\"}"

static void
folders_of_box_are_read_by_their_markers(void **state)
{
	static const struct source_row rows[] = {
	    {B "/",
	     {{.path = ITEMS("0"),
	       .answer = FAKE_JSON "{\"entries\":[" BOX_FILE(
		   "1") ",{\"type\":\"folder\",\"id\":\"9/8\",\"name\":"
			"\"F/\"},{\"type\":\"web_link\",\"id\":\"4\",\"name\":"
			"\"l\"}],\"next_marker\":\"m=\"}"},
	      {.path = ITEMS("0") "&marker=m%3D",
	       .answer = FAKE_JSON
	       "{\"entries\":[" BOX_FILE("2") "],\"next_marker\":null}"},
	      {.path = ITEMS("9%2F8"),
	       .answer = FAKE_JSON "{\"entries\":[],\"next_marker\":\"\"}"},
	      {.path = "/2.0/files/1/content", .answer = FAKE_OK "1"},
	      {.path = "/2.0/files/2/content", .answer = FAKE_OK "2"}},
	     B "/1=1\n" B "/l:link a link to a page elsewhere\n" B "/2=2\n"},
	    {B "/",
	     {{.path = ITEMS("0"),
	       .answer = FAKE_JSON "{\"entries\":[" BOX_FILE(
		   "1") ",{\"type\":\"file\",\"id\":5,\"name\":\"x\"}],"
			"\"next_marker\":\"m\"}"},
	      {.path = ITEMS("0") "&marker=m", .answer = FAKE_JSON "{}"},
	      {.path = "/2.0/files/1/content", .answer = FAKE_OK "1"}},
	     B "/1=1\n" B UNREAD},
	};

	hold(&box_source, rows, sizeof(rows) / sizeof(rows[0]));
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pages_of_dropbox_follow_its_cursor),
	    cmocka_unit_test(dropbox_says_what_is_no_file),
	    cmocka_unit_test(
		a_page_that_promises_more_without_saying_where_is_told),
	    cmocka_unit_test(content_that_is_cut_or_refused_is_told),
	    cmocka_unit_test(folders_of_box_are_read_by_their_markers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
