#include "master/api/csv.h"

#include <string.h>

#include "base/utf.h"

enum status
csv_cell(struct buf *to, struct span bytes, char end)
{
	struct buf text;
	enum status st;

	buf_init(&text, CSV_CELL_MAX);
	st = utf_from_bytes(&text, bytes);
	if (st == ST_OK)
		st = buf_add_byte(to, '"');
	if (st == ST_OK && text.len > 0 && text.data[0] != '\0' &&
	    strchr("=+-@\t\r\n", text.data[0]) != NULL)
		st = buf_add_byte(to, '\'');
	for (size_t i = 0; i < text.len && st == ST_OK; i++) {
		if (text.data[i] == '"')
			st = buf_add_byte(to, '"');
		if (st == ST_OK)
			st = buf_add_byte(to, text.data[i]);
	}
	if (st == ST_OK)
		st = buf_add_byte(to, '"');
	if (st == ST_OK && end == '\n')
		st = buf_add_byte(to, '\r');
	if (st == ST_OK)
		st = buf_add_byte(to, (uint8_t)end);
	buf_fini(&text);
	return st;
}
