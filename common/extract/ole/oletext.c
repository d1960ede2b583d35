#include "extract/ole/oletext.h"

#include "extract/ole/le.h"
#include "extract/utf8.h"

#define SOME 1024

void
oletext_wide(struct made *m, struct span s)
{
	uint8_t out[SOME + UTF8_MAX];
	size_t n = 0;

	for (size_t i = 0; i + 1 < s.len; i += 2) {
		uint32_t u = le16(s.ptr + i), low;

		if (u >= 0xd800 && u < 0xdc00 && i + 3 < s.len) {
			low = le16(s.ptr + i + 2);
			if (low >= 0xdc00 && low < 0xe000) {
				u = 0x10000 + ((u - 0xd800) << 10) +
				    (low - 0xdc00);
				i += 2;
			}
		}
		if (u != 0)
			n += utf8_put(out + n, u);
		if (n >= SOME) {
			made_text(m, span_of(out, n));
			n = 0;
		}
	}
	made_text(m, span_of(out, n));
}

static void
latin(struct made *m, struct span s)
{
	uint8_t out[SOME + UTF8_MAX];
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] != 0)
			n += utf8_put(out + n, s.ptr[i]);
		if (n >= SOME) {
			made_text(m, span_of(out, n));
			n = 0;
		}
	}
	made_text(m, span_of(out, n));
}

void
oletext_bytes(struct made *m, struct chars_page *page, struct span s)
{
	uint8_t out[SOME];

	while (s.len > 0 && s.ptr[s.len - 1] == 0)
		s.len--;
	if (page == NULL || !chars_begin(page)) {
		latin(m, s);
		return;
	}
	while (s.len > 0)
		made_text(m, span_of(out, chars_put(page, &s, true, out,
						    sizeof(out))));
	chars_end(page);
}
