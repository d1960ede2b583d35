#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake/source_world.h"
#include "proxy-agent/source/mail/ews.h"

/* All requests go to one address: pages differ by what is asked. */
#define ASKED(text) .path = "/EWS/Exchange.asmx", .has = text
#define BOX         "ews://127.0.0.1:PORT/anna@h.example"
#define UNREAD      ":malformed what the server said of its content cannot be read\n"

#define SAYS(code, x)                                                          \
	"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n"                    \
	"<s:Envelope xmlns:s='s' xmlns:m='m' xmlns:t='t'><s:Body><m:R>"        \
	"<m:ResponseCode>" code "</m:ResponseCode>" x                          \
	"</m:R></s:Body></s:Envelope>"
#define LAST "<m:RootFolder IncludesLastItemInRange='true'>"
#define NEXT(n)                                                                \
	"<m:RootFolder IndexedPagingOffset='" n                                \
	"' IncludesLastItemInRange='false'>"
#define FOLDERS(from, x)                                                       \
	SAYS("NoError", from "<t:Folders>" x "</t:Folders></m:RootFolder>")
#define ITEMS(from, x)                                                         \
	SAYS("NoError", from "<t:Items>" x "</t:Items></m:RootFolder>")
#define FOLDER(id, name)                                                       \
	"<t:Folder><t:FolderId Id='" id "'/><t:DisplayName>" name              \
	"</t:DisplayName></t:Folder>"
#define ITEM(id, name)                                                         \
	"<t:Message><t:ItemId Id='" id "' ChangeKey='k'/><t:Subject>" name     \
	"</t:Subject></t:Message>"
#define MIME(text) SAYS("NoError", "<t:MimeContent>" text "</t:MimeContent>")

/* Of the mailbox itself, and of a folder: its items, its folders. */
#define OF_TOP "Id=\"msgfolderroot\""
#define AT(what, id, from)                                                     \
	"View MaxEntriesReturned=\"500\" Offset=\"" from                       \
	"\" BasePoint=\"Beginning\"/><m:ParentFolderIds><t:FolderId Id=\"" id  \
	"\"/></m:ParentFolderIds></m:Find" what ">"
#define NO_FOLDERS(id)                                                         \
	{                                                                      \
		ASKED(AT("Folder", id, "0")), .answer = FOLDERS(LAST, "")      \
	}
#define TOP_HAS(x)                                                             \
	{                                                                      \
		ASKED(OF_TOP), .answer = FOLDERS(LAST, x)                      \
	}

static void
begin(struct source_world *w, const struct fake_page *pages, const char *url)
{
	source_world_begin_tls(w, &ews_source, pages, url);
	source_world_access(w, "user", "anna@h.example");
	source_world_access(w, "password", "made up");
	source_world_option(w, "auth", "basic");
}

static void
hold(const struct source_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct source_world w;

		begin(&w, rows[i].pages, rows[i].url);
		assert_string_equal(source_world_walk(&w, SIZE_MAX),
				    rows[i].want);
		source_world_end(&w);
	}
}

static void
folders_and_items_are_read_through_all_pages(void **state)
{
	static const struct source_row rows[] = {
	    {BOX,
	     {TOP_HAS(FOLDER("i", "In &amp; out/50%")),
	      {ASKED(AT("Item", "i", "0")),
	       .answer = ITEMS(NEXT("1"), ITEM("A=", "Hello?"))},
	      {ASKED(AT("Item", "i", "1")),
	       .answer = ITEMS(LAST, ITEM("B", ""))},
	      NO_FOLDERS("i"),
	      {ASKED("ItemId Id=\"A=\""), .answer = MIME("MQ==")},
	      {ASKED("ItemId Id=\"B\""), .answer = MIME("Mg")}},
	     BOX "/In & out%2F50%25/Hello%3F?id=A==1\n" BOX
		 "/In & out%2F50%25/(no subject)?id=B=2\n"},
	};

	(void)state;
	hold(rows, 1);
}

static void
ids_of_any_kind_end_no_request(void **state)
{
	static const struct source_row rows[] = {
	    {BOX,
	     {TOP_HAS(FOLDER("&quot;/&gt;&lt;x y=&apos;&amp;", "F")),
	      {ASKED(AT("Item", "&quot;/&gt;&lt;x y=&apos;&amp;", "0")),
	       .answer = ITEMS(LAST, "")},
	      NO_FOLDERS("&quot;/&gt;&lt;x y=&apos;&amp;")},
	     ""},
	};

	(void)state;
	hold(rows, 1);
}

static void
a_list_that_is_not_sound_is_told_and_the_rest_is_read(void **state)
{
	static const struct source_row rows[] = {
	    /* an item without an id, and more behind it */
	    {BOX,
	     {TOP_HAS(FOLDER("i", "I")),
	      {ASKED(AT("Item", "i", "0")),
	       .answer = ITEMS(NEXT("2"), ITEM("A", "a") "<t:Task/>")},
	      {ASKED(AT("Item", "i", "2")),
	       .answer = ITEMS(LAST, ITEM("B", "b"))},
	      NO_FOLDERS("i"),
	      {ASKED("ItemId Id=\"A\""), .answer = MIME("MQ==")},
	      {ASKED("ItemId Id=\"B\""), .answer = MIME("Mg==")}},
	     BOX "/I/a?id=A=1\n" BOX "/I" UNREAD BOX "/I/b?id=B=2\n"},
	    /* a folder without a name */
	    {BOX,
	     {TOP_HAS(FOLDER("n", "") FOLDER("i", "I")),
	      {ASKED(AT("Item", "i", "0")), .answer = ITEMS(LAST, "")},
	      NO_FOLDERS("i")},
	     BOX UNREAD},
	    /* a page that breaks off */
	    {BOX,
	     {TOP_HAS(FOLDER("i", "I")),
	      {ASKED(AT("Item", "i", "0")),
	       .answer =
		   FAKE_OK "<s:Envelope xmlns:s='s' xmlns:m='m' "
			   "xmlns:t='t'><m:ResponseCode>NoError"
			   "</m:ResponseCode>" LAST "<t:Items>" ITEM("A", "a")},
	      NO_FOLDERS("i"),
	      {ASKED("ItemId Id=\"A\""), .answer = MIME("MQ==")}},
	     BOX "/I/a?id=A=1\n" BOX "/I" UNREAD},
	    /* a document that would look things up */
	    {BOX,
	     {TOP_HAS(FOLDER("i", "I")),
	      {ASKED(AT("Item", "i", "0")),
	       .answer = FAKE_OK "<!DOCTYPE x [<!ENTITY y SYSTEM "
				 "'file:///etc/hostname'>]><x>&y;</x>"},
	      NO_FOLDERS("i")},
	     BOX "/I" UNREAD},
	};

	(void)state;
	hold(rows, sizeof(rows) / sizeof(rows[0]));
}

static void
pages_that_do_not_go_on_end_and_are_told(void **state)
{
	static const struct source_row rows[] = {
	    {BOX,
	     {TOP_HAS(FOLDER("i", "I")),
	      {ASKED(AT("Item", "i", "0")),
	       .answer = ITEMS(NEXT("5"), ITEM("A", "a"))},
	      {ASKED(AT("Item", "i", "5")), .answer = ITEMS(NEXT("5"), "")},
	      NO_FOLDERS("i"),
	      {ASKED("ItemId Id=\"A\""), .answer = MIME("MQ==")}},
	     BOX "/I/a?id=A=1\n" BOX "/I" UNREAD},
	    {BOX,
	     {TOP_HAS(FOLDER("i", "I")),
	      {ASKED(AT("Item", "i", "0")),
	       .answer = ITEMS(NEXT("99999999999"), "")},
	      NO_FOLDERS("i")},
	     BOX "/I" UNREAD},
	    /* a folder within itself */
	    {BOX,
	     {TOP_HAS(FOLDER("i", "I")),
	      {ASKED(AT("Item", "i", "0")), .answer = ITEMS(LAST, "")},
	      {ASKED(AT("Folder", "i", "0")),
	       .answer = FOLDERS(LAST, FOLDER("i", "again"))}},
	     BOX "/I/again:loop it is said to lie within itself\n"},
	};

	(void)state;
	hold(rows, sizeof(rows) / sizeof(rows[0]));
}

static void
an_item_that_cannot_be_read_says_why(void **state)
{
	static const struct source_row rows[] = {
	    {BOX,
	     {TOP_HAS(FOLDER("i", "I")),
	      {ASKED(AT("Item", "i", "0")),
	       .answer = ITEMS(LAST, ITEM("A", "a") ITEM("B", "b")
					 ITEM("C", "c") ITEM("D", "d"))},
	      NO_FOLDERS("i"),
	      {ASKED("ItemId Id=\"A\""),
	       .answer = SAYS("ErrorItemNotFound",
			      "<m:MessageText>gone %s</m:MessageText>")},
	      {ASKED("ItemId Id=\"B\""), .first = 1,
	       .before = SAYS("ErrorServerBusy",
			      "<t:Value Name=\"BackOffMilliseconds\">1"
			      "</t:Value>"),
	       .answer = MIME("MQ==")},
	      {ASKED("ItemId Id=\"C\""), .answer = FAKE_NO("403 No")},
	      {ASKED("ItemId Id=\"D\""), .answer = MIME("!no base64!")}},
	     BOX "/I/a?id=A:vanished the server answered ErrorItemNotFound: "
		 "gone %s\n" BOX "/I/b?id=B=1\n" BOX
		 "/I/c?id=C:denied the server answered 403\n" BOX
		 "/I/d?id=D=!\n"},
	};

	(void)state;
	hold(rows, 1);
}

static void
a_mailbox_that_cannot_be_opened_says_why(void **state)
{
	static const struct {
		const char *url, *answer;
		enum status st;
		const char *why;
	} rows[] = {
	    {BOX, FAKE_NO("401 No"), ST_DENIED, "refused this user"},
	    {BOX, FAKE_NO("404 No"), ST_NOTFOUND, "the server answered 404"},
	    {BOX, FAKE_NO("503 No"), ST_AGAIN, "503"},
	    {BOX, FAKE_OK "<html>", ST_IO, "Exchange"},
	    {BOX, FAKE_OK "", ST_IO, "Exchange"},
	    {BOX, SAYS("ErrorNonExistentMailbox", ""), ST_NOTFOUND,
	     "ErrorNonExistentMailbox"},
	    {BOX "/none", FOLDERS(LAST, FOLDER("i", "I")), ST_NOTFOUND,
	     "nothing of that name"},
	    {"ews://127.0.0.1:PORT/", FAKE_OK, ST_USAGE, "not written as"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct fake_page pages[] = {
		    {.path = "/EWS/Exchange.asmx", .answer = rows[i].answer},
		    {.path = NULL}};
		struct source_world w;

		begin(&w, pages, rows[i].url);
		assert_int_equal(source_world_open(&w), rows[i].st);
		assert_non_null(strstr(source_world_why(&w), rows[i].why));
		assert_null(strstr((char *)w.why.data, "made up"));
		source_world_end(&w);
	}
}

static void
whose_mailbox_it_is_decides_how_it_is_asked_for(void **state)
{
	static const struct {
		const char *url, *access, *has, *lacks;
	} rows[] = {
	    {BOX, NULL, OF_TOP, "ExchangeImpersonation"},
	    {"ews://127.0.0.1:PORT/b%26o@h.example", NULL,
	     "<t:PrimarySmtpAddress>b&amp;o@h.example<", "EmailAddress>"},
	    {"ews://127.0.0.1:PORT/bo@h.example", "delegate",
	     "<t:EmailAddress>bo@h.example<", "ExchangeImpersonation"},
	    {"ews://127.0.0.1:PORT/bo@h.example", "own", OF_TOP,
	     "bo@h.example"},
	};
	static const struct fake_page pages[] = {TOP_HAS(""), {.path = NULL}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct source_world w;

		begin(&w, pages, rows[i].url);
		if (rows[i].access != NULL)
			source_world_option(&w, "access", rows[i].access);
		assert_string_equal(source_world_walk(&w, SIZE_MAX), "");
		assert_non_null(strstr(w.server.seen->last, rows[i].has));
		assert_null(strstr(w.server.seen->last, rows[i].lacks));
		source_world_end(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(folders_and_items_are_read_through_all_pages),
	    cmocka_unit_test(ids_of_any_kind_end_no_request),
	    cmocka_unit_test(
		a_list_that_is_not_sound_is_told_and_the_rest_is_read),
	    cmocka_unit_test(pages_that_do_not_go_on_end_and_are_told),
	    cmocka_unit_test(an_item_that_cannot_be_read_says_why),
	    cmocka_unit_test(a_mailbox_that_cannot_be_opened_says_why),
	    cmocka_unit_test(whose_mailbox_it_is_decides_how_it_is_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
