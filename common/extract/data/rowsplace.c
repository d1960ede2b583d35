#include <stdio.h>

#include "extract/data/rows_impl.h"

#define KEY_DIGITS 9 /* so many could be what is looked for */

bool
rows_key_said(struct span key)
{
	size_t digits = 0;

	for (size_t i = 0; i < key.len; i++) {
		if (key.ptr[i] < ' ' || key.ptr[i] == 0x7f)
			return false;
		digits += key.ptr[i] >= '0' && key.ptr[i] <= '9';
	}
	return key.len > 0 && key.len < KEY_TEXT && digits < KEY_DIGITS;
}

size_t
rows_place(const struct rows_reader *r, uint32_t row, uint32_t column,
	   char *dst, size_t room)
{
	const struct key *k = &r->keys[row % KEYS];
	bool said = k->row == row && rows_key_said(span_of(k->text, k->len));
	const char *key = said ? k->text : "";
	int n = snprintf(dst, room, "row %u %s%s%s", row,
			 column < r->count ? r->columns[column].name : "",
			 key[0] != 0 ? ", key " : "", key);

	return n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
}
