#ifndef EXTRACT_OFFICE_PLAINCELL_H
#define EXTRACT_OFFICE_PLAINCELL_H

#include <stdbool.h>

#include "base/span.h"
#include "extract/office/xml.h"
#include "extract/office/xmlscan.h"

/*
 * plaincell: rows and cells as most are written,
 *	<row r="12"><c r="B12" s="4" t="s"><v>17</v></c></row>
 * with no prefix, no formula, no reference. Each function reads one thing and
 * gives where it ends; NULL: it is written otherwise, and is for who reads XML.
 */
struct plain_cell {
	uint32_t row, column;
	size_t style;
	char type;
	bool digits; /* the value is digits, points and signs */
	struct span value;
};

/* "s" shared, "t" other text, "n" a number. */
static inline char
plain_type(struct span t)
{
	if (t.len == 1 && (t.ptr[0] == 'n' || t.ptr[0] == 's'))
		return (char)t.ptr[0];
	return 't';
}

/* "B12" behind its quote at p; NULL: it is no address, or none so short. */
static inline const uint8_t *
plain_address(const uint8_t *p, const uint8_t *end, struct plain_cell *c)
{
	const uint8_t *from = p;
	uint32_t column = 0, row = 0;

	if (end - p < 16)
		return NULL;
	for (; (uint8_t)(*p - 'A') < 26 && p - from < 4; p++)
		column = column * 26 + (uint32_t)(*p - 'A') + 1;
	for (; (uint8_t)(*p - '0') < 10 && p - from < 12; p++)
		row = row * 10 + (uint32_t)(*p - '0');
	c->row = row - 1;
	c->column = column - 1;
	return *p == '"' && column > 0 && row > 0 ? p + 1 : NULL;
}

/* A value in quotes, of at most 16 bytes. */
static inline const uint8_t *
plain_quoted(const uint8_t *p, const uint8_t *end, struct span *s)
{
	const uint8_t *from = p, *most = end - p > 16 ? p + 16 : end;

	while (p < most && *p != '"' && *p > ' ' && *p != '<' && *p != '&')
		p++;
	*s = span_of(from, (size_t)(p - from));
	return p < most && *p == '"' ? p + 1 : NULL;
}

/* The style and the type of a cell; NULL: others, or in another order. */
static inline const uint8_t *
plain_attributes(const uint8_t *p, const uint8_t *end, struct plain_cell *c)
{
	const uint8_t *at = scan_word(p, end, " t=\"s\"");
	struct span value;

	if (at != NULL) {
		c->type = 's';
		return at;
	}
	at = scan_word(p, end, " s=\"");
	if (at != NULL) {
		p = plain_quoted(at, end, &value);
		c->style = xml_count(value, 0, 1u << 30);
	}
	at = p != NULL ? scan_word(p, end, " t=\"") : NULL;
	if (at != NULL) {
		p = plain_quoted(at, end, &value);
		c->type = plain_type(value);
	}
	return p;
}

/* A cell with its end; NULL: it is another kind. */
static inline const uint8_t *
plain_cell(const uint8_t *p, const uint8_t *end, struct plain_cell *c)
{
	const uint8_t *at = scan_word(p, end, "<c r=\"");

	p = at != NULL ? plain_address(at, end, c) : NULL;
	if (p == NULL)
		return NULL;
	c->style = 0;
	c->type = 'n';
	c->digits = false;
	at = scan_word(p, end, "><v>");
	if (at == NULL)
		p = plain_attributes(p, end, c);
	if (at == NULL && p != NULL)
		at = scan_word(p, end, "><v>");
	c->value = span_of(p, 0);
	if (at == NULL)
		return p != NULL ? scan_word(p, end, "/>") : NULL;
	p = scan_number(at, end);
	c->digits = p < end && *p == '<';
	if (!c->digits)
		p = scan_text(p, end);
	c->value = span_of(at, (size_t)(p - at));
	return scan_word(p, end, "</v></c>");
}

/* A number from 1 on, of at most 8 digits; behind it, p when there is none. */
static inline const uint8_t *
plain_number(const uint8_t *p, const uint8_t *end, uint32_t *n)
{
	const uint8_t *most = end - p > 8 ? p + 8 : end;

	for (*n = 0; p < most && (uint8_t)(*p - '0') < 10; p++)
		*n = *n * 10 + (uint32_t)(*p - '0');
	return p;
}

/* The beginning of a row that says its number and nothing more. */
static inline const uint8_t *
plain_row(const uint8_t *p, const uint8_t *end, uint32_t *number)
{
	p = scan_word(p, end, "<row r=\"");
	if (p != NULL)
		p = plain_number(p, end, number);
	return p != NULL && *number > 0 ? scan_word(p, end, "\">") : NULL;
}

#endif
