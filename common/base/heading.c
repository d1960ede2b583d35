#include "base/heading.h"

#include <stdint.h>

#define LONG    5 /* digits of the longest number in a name */
#define LETTERS 3 /* so many letters a digit has a name with one so long */

static bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
letter(uint8_t c)
{
	return (uint8_t)((c | 32) - 'a') < 26 || c >= 0x80;
}

/* What joins the words of a name. */
static bool
joint(uint8_t c)
{
	return c == ' ' || c == '_';
}

/* Four digits at cell[i]: 19.. or 20.., between words or at an end. */
static bool
year(struct span cell, size_t i)
{
	const uint8_t *p = cell.ptr + i;

	return ((p[0] == '1' && p[1] == '9') || (p[0] == '2' && p[1] == '0')) &&
	       (i == 0 || joint(p[-1])) && (i + 4 == cell.len || joint(p[4]));
}

static size_t
digits_at(struct span cell, size_t i)
{
	size_t n = 0;

	while (i + n < cell.len && digit(cell.ptr[i + n]))
		n++;
	return n;
}

static size_t
letters_of(struct span cell)
{
	size_t n = 0;

	for (size_t i = 0; i < cell.len; i++)
		n += letter(cell.ptr[i]);
	return n;
}

/* A number of four digits and more at cell[i]. */
static bool
may_be_in_name(struct span cell, size_t i, size_t n, size_t letters)
{
	if (n == 4 && letters >= 4 && year(cell, i))
		return true;
	return n <= LONG && letters >= n * LETTERS && !digit(cell.ptr[0]);
}

bool
heading_is(struct span cell)
{
	size_t letters = letters_of(cell), i = 0;

	while (i < cell.len) {
		size_t n = digits_at(cell, i);

		if (n >= 4 && !may_be_in_name(cell, i, n, letters))
			return false;
		i += n + 1; /* what ends a number is none */
	}
	return letters > 0;
}
