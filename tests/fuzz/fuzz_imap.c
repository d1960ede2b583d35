/*
 * Lines of an IMAP server. Properties: words lie within the line and come to an
 * end; a word without its backslashes is no longer than with them; what was put
 * between quotes comes out as it was; a name of a folder is read the same each
 * time, and a plain one as it stands.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "proxy-agent/session/imap_text.h"

static void
expect(bool is)
{
	if (!is)
		abort();
}

static void
take_words(struct span line)
{
	struct span rest = line, word;
	struct buf plain;
	size_t words = 0;

	buf_init(&plain, line.len + 1);
	while (imap_word(&rest, &word)) {
		expect(words++ <= line.len);
		expect(word.len == 0 ||
		       (word.ptr >= line.ptr &&
			word.ptr + word.len <= line.ptr + line.len));
		expect(rest.len == 0 ||
		       rest.ptr + rest.len == line.ptr + line.len);
		buf_clear(&plain);
		expect(imap_plain(&plain, word) == ST_OK);
		expect(plain.len <= word.len);
	}
	buf_fini(&plain);
}

static void
take_numbers(struct span line)
{
	uint64_t n = 0;
	struct span rest;

	(void)imap_literal(line, &n);
	(void)imap_number_of(line, "UID", &n);
	if (imap_numbered(line, span_str("FETCH"), &n, &rest))
		expect(rest.len < line.len &&
		       (rest.len == 0 ||
			rest.ptr + rest.len <= line.ptr + line.len));
}

static void
quote_and_back(struct span s)
{
	struct buf there, back;
	struct span rest, word;

	buf_init(&there, 2 * s.len + 3);
	buf_init(&back, s.len + 1);
	if (imap_quote(&there, s) == ST_OK) {
		rest = buf_span(&there);
		expect(imap_word(&rest, &word));
		expect(imap_plain(&back, word) == ST_OK);
		expect(span_eq(buf_span(&back), s) && rest.len == 0);
	}
	buf_fini(&there);
	buf_fini(&back);
}

static void
read_name(struct span s)
{
	struct buf one, two;

	buf_init(&one, 4 * s.len + 16);
	buf_init(&two, 4 * s.len + 16);
	expect(imap_folder_name(&one, s) == ST_OK);
	expect(imap_folder_name(&two, s) == ST_OK);
	expect(span_eq(buf_span(&one), buf_span(&two)));
	if (str_find(s, '&') == s.len)
		expect(span_eq(buf_span(&one), s));
	buf_fini(&one);
	buf_fini(&two);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span s = span_of(data, size);

	if (size > 65536)
		return 0;
	take_words(s);
	take_numbers(s);
	quote_and_back(s);
	read_name(s);
	return 0;
}
