#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proxy-agent/session/soap.h"

#define ROOT(attrs, inner)                                                     \
	"<s:Envelope xmlns:s='s' xmlns:m='m' xmlns:t='t'><s:Body>"             \
	"<m:FindItemResponse><m:ResponseMessages><m:FindItemResponseMessage>"  \
	"<m:ResponseCode>NoError</m:ResponseCode><m:RootFolder " attrs         \
	">" inner "</m:RootFolder></m:FindItemResponseMessage>"                \
	"</m:ResponseMessages></m:FindItemResponse></s:Body></s:Envelope>"

static void
tell(void *arg, const struct soap_element *e)
{
	assert_int_equal(
	    buf_addf(arg, "%s %.*s '%.*s' %.*s %u%.*s;", e->folder ? "f" : "i",
		     (int)e->id.len, (const char *)e->id.ptr, (int)e->name.len,
		     (const char *)e->name.ptr, (int)e->received.len,
		     (const char *)e->received.ptr, (unsigned)e->size,
		     (int)e->version.len, (const char *)e->version.ptr),
	    ST_OK);
}

static void
pages_of_items_and_folders_are_read(void **state)
{
	static const struct {
		const char *body, *want;
		uint64_t next;
	} cases[] = {
	    {ROOT("IndexedPagingOffset='2' IncludesLastItemInRange='false'",
		  "<t:Items><t:Message><t:ItemId Id='A=' ChangeKey='x'/>"
		  "<t:Subject>a &lt;b&gt;</t:Subject><t:Size>12</t:Size>"
		  "<t:DateTimeReceived>2026</t:DateTimeReceived></t:Message>"
		  "<t:Task><t:ItemId Id='B'/></t:Task></t:Items>"),
	     "i A= 'a <b>' 2026 12x;i B ''  0;", 2},
	    {ROOT("IndexedPagingOffset='4' IncludesLastItemInRange='true'",
		  "<t:Folders><t:Folder><t:FolderId Id='C' "
		  "ChangeKey='z'/><t:DisplayName>"
		  "Inbox</t:DisplayName></t:Folder></t:Folders>"),
	     "f C 'Inbox'  0;", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct soap_answer a;
		struct buf got;

		buf_init(&got, 1000);
		assert_int_equal(
		    soap_read(span_str(cases[i].body), tell, &got, &a), ST_OK);
		assert_int_equal(a.st, ST_OK);
		assert_int_equal(a.next, cases[i].next);
		assert_true(span_eq(buf_span(&got), span_str(cases[i].want)));
		buf_fini(&got);
	}
}

static void
what_is_no_such_answer_is_refused(void **state)
{
	static const struct {
		const char *body;
		enum status read, means;
	} cases[] = {
	    {"<html><body>sign in</body></html>", ST_OK, ST_DENIED},
	    {"<a><ResponseCode>NoError</ResponseCode>", ST_MALFORMED, ST_OK},
	    {ROOT("IndexedPagingOffset='-2'", ""), ST_MALFORMED, ST_OK},
	    {ROOT("", "<t:Items><t:Message/></t:Items>"), ST_MALFORMED, ST_OK},
	    {"<a><ResponseCode>ErrorAccessDenied</ResponseCode></a>", ST_OK,
	     ST_DENIED},
	    {"<a><ResponseCode>ErrorItemNotFound</ResponseCode></a>", ST_OK,
	     ST_NOTFOUND},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct soap_answer a;
		struct buf got;

		buf_init(&got, 1000);
		assert_int_equal(
		    soap_read(span_str(cases[i].body), tell, &got, &a),
		    cases[i].read);
		assert_int_equal(a.st, cases[i].means);
		buf_fini(&got);
	}
}

static void
a_busy_server_says_how_long(void **state)
{
	static const char body[] =
	    "<m:MessageText>Not now\x01.</m:MessageText><m:ResponseCode>"
	    "ErrorServerBusy</m:ResponseCode><t:Value "
	    "Name=\"BackOffMilliseconds\">297749</t:Value>";
	struct soap_answer a;

	(void)state;
	soap_glance(span_str(body), &a);
	assert_int_equal(a.st, ST_AGAIN);
	assert_int_equal(a.rest_ms, 297749);
	assert_string_equal(a.code, "ErrorServerBusy");
	assert_null(strchr(a.text, 1));
	soap_glance(span_of(NULL, 0), &a);
	assert_int_equal(a.st, ST_OK);
	/* wherever it is cut */
	for (size_t n = 0; n < sizeof(body); n++)
		soap_glance(span_of(body, n), &a);
}

static void
names_of_others_say_nothing_else(void **state)
{
	const struct soap_who who = {.mailbox =
					 span_str("a'\"<&>@example.org")};
	struct soap_who shared = who;
	struct buf to;

	(void)state;
	shared.delegate = true;
	buf_init(&to, 4096);
	assert_int_equal(soap_find(&who, true, span_str("\"/><x a=\""), 7, &to),
			 ST_OK);
	assert_int_equal(buf_add_byte(&to, 0), ST_OK);
	assert_non_null(strstr((char *)to.data,
			       "<t:PrimarySmtpAddress>a&apos;&quot;&lt;&amp;"
			       "&gt;@example.org</t:PrimarySmtpAddress>"));
	assert_non_null(
	    strstr((char *)to.data, "Id=\"&quot;/&gt;&lt;x a=&quot;\"/>"));
	assert_non_null(strstr((char *)to.data, "Offset=\"7\""));
	buf_clear(&to);
	assert_int_equal(soap_find(&shared, false, span_of(NULL, 0), 0, &to),
			 ST_OK);
	assert_int_equal(buf_add_byte(&to, 0), ST_OK);
	assert_null(strstr((char *)to.data, "Impersonation"));
	assert_non_null(strstr((char *)to.data, "<t:EmailAddress>"));
	assert_int_equal(soap_get(&who, span_str("a\nb"), &to), ST_MALFORMED);
	buf_fini(&to);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pages_of_items_and_folders_are_read),
	    cmocka_unit_test(what_is_no_such_answer_is_refused),
	    cmocka_unit_test(a_busy_server_says_how_long),
	    cmocka_unit_test(names_of_others_say_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
