/*
 * Properties: an address that was made tidy stays as it is when it is made tidy
 * again, holds no byte that would end a line or a header, and what was escaped
 * is found again.
 */
#include <stdlib.h>
#include <string.h>

#include "proxy-agent/session/href.h"

static void
escape_and_back(struct span s)
{
	struct buf there, back;

	buf_init(&there, 3 * s.len + 1);
	buf_init(&back, s.len + 1);
	if (href_escape(s, "", &there) != ST_OK ||
	    href_unescape(buf_span(&there), &back) != ST_OK ||
	    !span_eq(s, buf_span(&back)))
		abort();
	buf_fini(&there);
	buf_fini(&back);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span ref = span_of(data, size);
	struct buf once, twice;

	if (size > HREF_MAX)
		return 0;
	escape_and_back(ref);
	buf_init(&once, HREF_MAX);
	buf_init(&twice, HREF_MAX);
	if (href_join(span_str("http://a.example/b/c?d"), ref, &once) ==
	    ST_OK) {
		for (size_t i = 0; i < once.len; i++)
			if (once.data[i] <= ' ' || once.data[i] == 0x7F)
				abort();
		if (href_tidy(buf_span(&once), &twice) != ST_OK ||
		    !span_eq(buf_span(&once), buf_span(&twice)))
			abort();
	}
	buf_fini(&once);
	buf_fini(&twice);
	return 0;
}
