#include "proxy-agent/source/sql/spell.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Widened with its sign. */
static bool
number_of(struct span s, int64_t *n)
{
	uint64_t bits = 0;
	unsigned above = 64 - (unsigned)s.len * 8;

	if (s.len != 2 && s.len != 4 && s.len != 8)
		return false;
	for (size_t i = 0; i < s.len; i++)
		bits = bits << 8 | s.ptr[i];
	*n = (int64_t)(bits << above) >> above;
	return true;
}

/* Two at a time: a division is most of what it costs. */
static char *
put_digits(char *at, uint64_t n)
{
	static const char pairs[] = "00010203040506070809"
				    "10111213141516171819"
				    "20212223242526272829"
				    "30313233343536373839"
				    "40414243444546474849"
				    "50515253545556575859"
				    "60616263646566676869"
				    "70717273747576777879"
				    "80818283848586878889"
				    "90919293949596979899";

	for (; n >= 10; n /= 100)
		memcpy(at -= 2, pairs + n % 100 * 2, 2);
	if (n > 0)
		*--at = (char)('0' + n);
	return at;
}

static struct span
digits_of(int64_t n, char room[SQL_DIGITS])
{
	uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
	char *end = room + SQL_DIGITS, *at = put_digits(end, left);

	if (left == 0)
		*--at = '0';
	if (n < 0)
		*--at = '-';
	return span_of(at, (size_t)(end - at));
}

enum status
sql_spell(const struct sql_table *t, struct span *cell,
	  char (*room)[SQL_DIGITS])
{
	for (uint32_t i = 0; i < t->count; i++) {
		int64_t n;

		if (!t->columns[i].kind->raw || cell[i].ptr == NULL)
			continue;
		if (!number_of(cell[i], &n))
			return ST_MALFORMED;
		cell[i] = digits_of(n, room[i]);
	}
	return ST_OK;
}
