#include "scan/heads.h"

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "detect/detect.h"

#define LONG_NUMBER 4 /* digits that no name has */

/* How often c stands in the line outside of quotes. */
static size_t
count(struct span line, uint8_t c)
{
	bool quoted = false;
	size_t n = 0;

	for (size_t i = 0; i < line.len; i++) {
		quoted ^= line.ptr[i] == '"';
		n += !quoted && line.ptr[i] == c;
	}
	return n;
}

static bool
is_letter(uint8_t c)
{
	return (uint8_t)((c | 32) - 'a') < 26 || c >= 0x80;
}

static bool
is_name(struct span field)
{
	size_t digits = 0;
	bool letter = false;

	field = str_trim(field);
	if (field.len > HEADS_FIELD)
		return false;
	for (size_t i = 0; i < field.len; i++) {
		uint8_t c = field.ptr[i];

		digits = c >= '0' && c <= '9' ? digits + 1 : 0;
		letter |= is_letter(c);
		if (digits == LONG_NUMBER)
			return false;
	}
	return letter || field.len == 0;
}

static bool
are_names(struct span line, uint8_t delimiter)
{
	struct span field;

	while (str_next(&line, delimiter, &field))
		if (!is_name(field))
			return false;
	return true;
}

struct span
heads_of(struct span text)
{
	static const uint8_t delimiters[] = {'\t', ';', ',', '|'};
	struct span rest = text, line, next;
	uint8_t best = 0;
	size_t most = 0;

	if (rest.len > 2 * (size_t)DETECT_HEAD_MAX)
		rest.len = 2 * (size_t)DETECT_HEAD_MAX;
	if (!str_next(&rest, '\n', &line) || rest.len == 0 ||
	    line.len > DETECT_HEAD_MAX || !str_next(&rest, '\n', &next))
		return span_of(NULL, 0);
	line = str_trim(line);
	for (size_t i = 0; i < sizeof(delimiters); i++) {
		size_t n = count(line, delimiters[i]);

		if (n <= most)
			continue;
		most = n;
		best = delimiters[i];
	}
	if (most == 0 || count(next, best) != most || !are_names(line, best))
		return span_of(NULL, 0);
	return line;
}
