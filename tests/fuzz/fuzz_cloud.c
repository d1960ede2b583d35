/*
 * What a cloud answers: a line with an id, then JSON. Properties: whatever is
 * taken out of an answer is the same each time, and numbers are none below
 * zero; an id is found again in the address and the body that it was put into,
 * and adds nothing else to them.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/source/cloud/answer.h"
#include "proxy-agent/source/cloud/form.h"
#include "proxy-agent/source/cloud/json.h"

/* As the tables of the services name what they look for. */
static const char *const paths[] = {
    "",
    "id",
    "name",
    "size",
    "value",
    "@odata.nextLink",
    "parentReference/driveId",
    "files",
    "nextPageToken",
    "capabilities/canDownload",
    "entries",
    "cursor",
    "has_more",
    "next_marker",
    "error/message",
    "error_summary",
    "error/errors/0/reason",
    "context_info/errors",
};

static void
expect(bool is)
{
	if (!is)
		abort();
}

static void
look_at(json_t *root)
{
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		json_t *there = cloud_at(root, paths[i]);
		struct span text = cloud_text(root, paths[i]);
		uint64_t n = 0, again = 0;
		bool is = cloud_number(root, paths[i], &n);

		expect(cloud_at(root, paths[i]) == there);
		expect(text.len == 0 || json_is_string(there));
		expect(cloud_number(root, paths[i], &again) == is);
		expect(n == again && n <= INT64_MAX);
		expect(!cloud_true(root, paths[i]) || json_is_true(there));
	}
}

static void
put_into_address(struct span id)
{
	const struct cloud_blanks b = {.id = id, .next = id};
	size_t cut = str_find(id, '/');
	struct buf url, back;

	buf_init(&url, 1u << 20);
	buf_init(&back, 1u << 20);
	expect(cloud_form_url("{next}", &b, &url) == ST_OK);
	expect(href_unescape(buf_span(&url), &back) == ST_OK);
	expect(span_eq(buf_span(&back), id));
	buf_clear(&url);
	expect(cloud_form_url("/x/{a}/y/{b}?z={no}", &b, &url) == ST_OK);
	for (size_t i = 0, slashes = 0; i < url.len; i++) {
		slashes += url.data[i] == '/';
		expect(url.data[i] > ' ' && url.data[i] < 0x7F && slashes <= 4);
		expect(url.data[i] != '?' || i == url.len - 3);
	}
	expect(cut >= id.len || url.len > 0);
	buf_fini(&url);
	buf_fini(&back);
}

static void
put_into_body(struct span id)
{
	const struct cloud_blanks b = {.id = id};
	struct buf body;
	json_t *root, *text;

	buf_init(&body, 1u << 20);
	expect(cloud_form_json("{\"a\":<id>,\"b\":1}", &b, &body) == ST_OK);
	root =
	    json_loadb((const char *)body.data, body.len, JSON_ALLOW_NUL, NULL);
	expect(json_is_object(root) && json_object_size(root) == 2);
	text = json_object_get(root, "a");
	expect(json_is_string(text));
	json_decref(root);
	buf_fini(&body);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span all = span_of(data, size), id, body;
	json_t *root;
	bool busy;

	if (size == 0 || size > 65536)
		return 0;
	id = span_of(all.ptr, str_find(all, '\n'));
	body = span_skip(all, id.len + 1);
	put_into_address(id);
	put_into_body(id);
	root = json_loadb((const char *)body.ptr, body.len, 0, NULL);
	look_at(root);
	json_decref(root);
	expect(!cloud_answer_busy(NULL, 200, body));
	busy = cloud_answer_busy(NULL, 403, body);
	expect(busy == cloud_answer_busy(NULL, 403, body));
	return 0;
}
