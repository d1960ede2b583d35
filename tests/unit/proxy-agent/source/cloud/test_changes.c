#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake/source_world.h"
#include "proxy-agent/source/cloud/boxes.h"
#include "proxy-agent/source/cloud/graph.h"

/*
 * Drives whose service tells what changed: what is asked, what stands there,
 * and what is kept for the next walk, which comes by the same server.
 */
#define HERE "https://127.0.0.1:PORT"
#define ITEMS                                                                  \
	"?$top=500&$select=id,name,size,lastModifiedDateTime,cTag,folder,"     \
	"file,package,remoteItem,parentReference"
#define DRIVE "onedrive://contoso/u"
#define USER                                                                   \
	{                                                                      \
		.path = "/users/u?$select=id,userPrincipalName",               \
		.answer =                                                      \
		    FAKE_JSON "{\"id\":\"u\",\"userPrincipalName\":\"u\"}"     \
	}
#define TOKEN                                                                  \
	{                                                                      \
		.path = "/login",                                              \
		.answer = FAKE_JSON "{\"access_token\":\"t\"}"                 \
	}
#define ALL    "/users/u/drive/root/delta?$top=1000"
#define IN(up) "\"parentReference\":{\"driveId\":\"d\",\"id\":\"" up "\"}"
#define ROOT   "{\"id\":\"r\",\"name\":\"root\",\"root\":{},\"folder\":{}}"
#define FILE_(id, up)                                                          \
	"{\"id\":\"" id "\",\"name\":\"" id                                    \
	"\",\"size\":1,\"eTag\":\"e\",\"file\":{\"x\":1}," IN(up) "}"
#define FOLDER(id, up)                                                         \
	"{\"id\":\"" id "\",\"name\":\"" id "\",\"folder\":{}," IN(up) "}"
#define GONE(id) "{\"id\":\"" id "\",\"deleted\":{}}"
#define MORE(x, at)                                                            \
	FAKE_JSON "{\"value\":[" x "],\"@odata.nextLink\":\"" at "\"}"
#define LAST(x, at)                                                            \
	FAKE_JSON "{\"value\":[" x "],\"@odata.deltaLink\":\"" at "\"}"
#define LIST(x) FAKE_JSON "{\"value\":[" x "]}"
#define CONTENT                                                                \
	{                                                                      \
		.path = "/drives/d/items/*", .answer = FAKE_OK "1"             \
	}

static bool
has_none(const void *arg, struct span path, struct span version)
{
	(void)arg;
	(void)path;
	(void)version;
	return false;
}

struct world {
	struct source_world w;
	struct source_known known;
	struct source_past past;
	struct buf kept, coming;
	unsigned wholes;
};

static void
keep(void *arg, struct span part, bool last)
{
	struct world *w = arg;

	assert_int_equal(buf_add(&w->coming, part.ptr, part.len), ST_OK);
	w->wholes += last;
}

static void
begin(struct world *w, const struct source_ops *ops,
      const struct fake_page *pages, const char *url)
{
	memset(w, 0, sizeof(*w));
	buf_init(&w->kept, 1u << 20);
	buf_init(&w->coming, 1u << 20);
	source_world_begin_tls(&w->w, ops, pages, url);
	source_world_access(&w->w, "client_id", "a");
	source_world_access(&w->w, "client_secret", "made up");
	source_world_access(&w->w, "sign_in", HERE "/login");
	source_world_access(&w->w, "endpoint", HERE);
	w->known = (struct source_known){has_none, NULL};
	w->past = (struct source_past){.keep = keep, .arg = w};
	w->w.target.known = &w->known;
	w->w.target.past = &w->past;
}

static void
end(struct world *w)
{
	source_world_end(&w->w);
	buf_fini(&w->kept);
	buf_fini(&w->coming);
}

/* n objects, from a cursor on; what was kept is what the last whole walk kept.
 */
static void
walks_from(struct world *w, struct span cursor, size_t n, const char *want)
{
	struct source_world *s = &w->w;
	char at[256];

	assert_true(cursor.len < sizeof(at));
	if (cursor.len > 0)
		memcpy(at, cursor.ptr, cursor.len);
	s->target.cursor = span_of(at, cursor.len);
	s->ops->close(s->source);
	s->source = NULL;
	buf_clear(&s->got);
	if (w->wholes > 0) {
		buf_clear(&w->kept);
		assert_int_equal(
		    buf_add(&w->kept, w->coming.data, w->coming.len), ST_OK);
	}
	w->wholes = 0;
	buf_clear(&w->coming);
	w->past.kept = buf_span(&w->kept);
	assert_string_equal(source_world_walk(s, n), want);
}

static void
walks(struct world *w, const char *want)
{
	walks_from(w, span_of(NULL, 0), SIZE_MAX, want);
}

static void
a_drive_is_listed_once_and_then_asked_what_changed(void **state)
{
	static const struct fake_page pages[] = {
	    TOKEN,
	    USER,
	    {.path = ALL,
	     .first = 1,
	     .before = MORE(ROOT "," FILE_("x", "b"), HERE "/p2"),
	     .answer = FAKE_NO("500 Never")},
	    {.path = "/p2",
	     .answer = LAST(FOLDER("b", "r") "," FILE_("a", "r"), HERE "/s1")},
	    {.path = "/s1",
	     .answer = LAST(GONE("a") "," FOLDER("c", "b") "," FILE_("y", "c"),
			    HERE "/s2")},
	    {.path = "/s2", .answer = LAST("", HERE "/s3")},
	    CONTENT,
	    {.path = NULL},
	};
	struct world w;
	unsigned asked;

	(void)state;
	begin(&w, &onedrive_source, pages, DRIVE);
	walks(&w, DRIVE "/a=1\n" DRIVE "/b/x=1\n");
	assert_int_equal(w.wholes, 1);
	walks(&w, DRIVE "/b/x=1\n" DRIVE "/b/c/y=1\n");
	asked = w.w.server.seen->all;
	walks(&w, DRIVE "/b/x=1\n" DRIVE "/b/c/y=1\n");
	/* a sign-in, a user, what changed, two objects */
	assert_int_equal(w.w.server.seen->all - asked, 5);
	end(&w);
}

static void
a_walk_that_broke_off_goes_on_in_the_same_order(void **state)
{
	static const struct fake_page pages[] = {
	    TOKEN,
	    USER,
	    {.path = ALL,
	     .answer =
		 LAST(ROOT "," FILE_("z", "r") "," FILE_("a", "r") "," FOLDER(
			  "b", "r") "," FILE_("x", "b"),
		      HERE "/s1")},
	    {.path = "/s1", .answer = LAST(FILE_("n", "b"), HERE "/s2")},
	    CONTENT,
	    {.path = NULL},
	};
	struct world w;

	(void)state;
	begin(&w, &onedrive_source, pages, DRIVE);
	walks_from(&w, span_of(NULL, 0), 1, DRIVE "/a=1\n");
	assert_int_equal(w.wholes, 0); /* it came by half of it */
	walks_from(&w, buf_span(&w.w.last), SIZE_MAX,
		   DRIVE "/z=1\n" DRIVE "/b/x=1\n");
	assert_int_equal(w.wholes, 1);
	walks(&w,
	      DRIVE "/a=1\n" DRIVE "/z=1\n" DRIVE "/b/n=1\n" DRIVE "/b/x=1\n");
	end(&w);
}

static void
a_position_that_is_no_good_any_more_means_all_anew(void **state)
{
	static const char *const answers[] = {
	    FAKE_NO("410 Gone"),
	    FAKE_NO("404 None"),
	    FAKE_JSON "{\"value\":7}",
	    FAKE_JSON "{\"value\":[]}", /* no position */
	    LAST(FILE_("y", "nowhere"), HERE "/s9"),
	    LAST(GONE("b"), HERE "/s9"), /* and what is in it? */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		const struct fake_page pages[] = {
		    TOKEN,
		    USER,
		    {.path = ALL,
		     .first = 1,
		     .before =
			 LAST(ROOT "," FOLDER("b", "r") "," FILE_("x", "b"),
			      HERE "/s1"),
		     .answer = LAST(ROOT "," FILE_("w", "r"), HERE "/s2")},
		    {.path = "/s1", .answer = answers[i]},
		    CONTENT,
		    {.path = NULL},
		};
		struct world w;

		begin(&w, &onedrive_source, pages, DRIVE);
		walks(&w, DRIVE "/b/x=1\n");
		walks(&w, DRIVE "/w=1\n");
		assert_int_equal(w.wholes, 1);
		end(&w);
	}
}

static void
what_tells_no_changes_is_listed_by_folder(void **state)
{
	static const char *const answers[] = {
	    FAKE_NO("403 No"),
	    LAST(FILE_("x", "r"), HERE "/s1"), /* no root */
	    LAST(ROOT "," FILE_("x", "y"), HERE "/s1"),
	    MORE(ROOT, HERE ALL), /* in a circle */
	    MORE(ROOT, "https://elsewhere.example/s1"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		const struct fake_page pages[] = {
		    TOKEN,
		    USER,
		    {.path = ALL, .answer = answers[i]},
		    {.path = "/users/u/drive/root/children" ITEMS,
		     .answer = LIST(FILE_("z", "r") "," FILE_("f", "r"))},
		    CONTENT,
		    {.path = NULL},
		};
		struct world w;

		begin(&w, &onedrive_source, pages, DRIVE);
		walks(&w, DRIVE "/z=1\n" DRIVE "/f=1\n");
		end(&w);
	}
}

/* Each way has an order of its own. */
static void
a_walk_never_goes_on_in_another_order_than_it_began_in(void **state)
{
	static const struct fake_page pages[] = {
	    TOKEN,
	    USER,
	    {.path = ALL,
	     .first = 1,
	     .before =
		 LAST(ROOT "," FILE_("z", "r") "," FILE_("f", "r"), HERE "/s1"),
	     .answer = FAKE_NO("403 No")},
	    {.path = "/users/u/drive/root/children" ITEMS,
	     .answer = LIST(FILE_("z", "r") "," FILE_("f", "r"))},
	    CONTENT,
	    {.path = NULL},
	};
	struct world w;

	(void)state;
	begin(&w, &onedrive_source, pages, DRIVE);
	walks_from(&w, span_of(NULL, 0), 1, DRIVE "/f=1\n");
	walks_from(&w, buf_span(&w.w.last), SIZE_MAX, "");
	assert_int_equal(w.wholes, 0);
	walks_from(&w, span_of(NULL, 0), 1, DRIVE "/z=1\n"); /* by folder */
	walks_from(&w, buf_span(&w.w.last), SIZE_MAX, DRIVE "/f=1\n");
	end(&w);
}

#define D "dropbox://u@h.example"
#define ENTRY(tag, name, up)                                                   \
	"{\".tag\":\"" tag "\",\"id\":\"id:" name "\",\"name\":\"" name        \
	"\",\"path_lower\":\"" up "/" name "\",\"size\":1,\"rev\":\"1\"}"
#define DELETED(path)                                                          \
	"{\".tag\":\"deleted\",\"name\":\"x\",\"path_lower\":\"" path "\"}"
#define TOLD(x, at, more)                                                      \
	FAKE_JSON "{\"entries\":[" x "],\"cursor\":\"" at                      \
		  "\",\"has_more\":" more "}"

static void
paths_that_went_took_what_was_in_them_along(void **state)
{
	static const struct fake_page pages[] = {
	    TOKEN,
	    {.path = "/2/files/list_folder",
	     .has = "{\"path\":\"\",\"recursive\":true",
	     .answer = TOLD(ENTRY("folder", "a", "") "," ENTRY(
				"file", "f", "/a") "," ENTRY("folder", "b", ""),
			    "c0", "true")},
	    {.path = "/2/files/list_folder/continue",
	     .has = "\"c0\"",
	     .answer = TOLD(ENTRY("file", "g", "/b"), "c1", "false")},
	    {.path = "/2/files/list_folder/continue",
	     .has = "\"c1\"",
	     .answer = TOLD(DELETED("/a") "," ENTRY(
				"folder", "a", "") "," ENTRY("file", "h", "/a"),
			    "c2", "false")},
	    {.path = "/2/files/list_folder/continue",
	     .has = "\"c2\"",
	     .answer = "HTTP/1.1 409 Conflict\r\n\r\n"
		       "{\"error_summary\":\"reset/..\"}"},
	    {.path = "/2/files/download*", .answer = FAKE_OK "1"},
	    {.path = NULL},
	};
	struct world w;

	(void)state;
	begin(&w, &dropbox_source, pages, D);
	walks(&w, D "/a/f=1\n" D "/b/g=1\n");
	walks(&w, D "/a/h=1\n" D "/b/g=1\n");
	walks(&w, D "/a/f=1\n" D "/b/g=1\n");
	end(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_drive_is_listed_once_and_then_asked_what_changed),
	    cmocka_unit_test(a_walk_that_broke_off_goes_on_in_the_same_order),
	    cmocka_unit_test(
		a_position_that_is_no_good_any_more_means_all_anew),
	    cmocka_unit_test(what_tells_no_changes_is_listed_by_folder),
	    cmocka_unit_test(
		a_walk_never_goes_on_in_another_order_than_it_began_in),
	    cmocka_unit_test(paths_that_went_took_what_was_in_them_along),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
