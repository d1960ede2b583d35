#include "detect/catalogue/class.h"

#include <string.h>

#include "base/str.h"

/* The rest of \xNN. */
static bool
by_number(struct span *s, uint8_t *out)
{
	static const char digits[] = "0123456789abcdef";
	unsigned v = 0;

	if (s->len < 2)
		return false;
	for (size_t i = 0; i < 2; i++) {
		const char *d =
		    s->ptr[i] == 0 ? NULL : strchr(digits, s->ptr[i] | 32);

		if (d == NULL)
			return false;
		v = v * 16 + (unsigned)(d - digits);
	}
	*s = span_skip(*s, 2);
	*out = (uint8_t)v;
	return true;
}

static bool
member(struct span *s, uint8_t *out)
{
	uint8_t c;

	if (s->len == 0)
		return false;
	c = s->ptr[0];
	*s = span_skip(*s, 1);
	if (c == '\\') {
		if (s->len == 0)
			return false;
		c = s->ptr[0];
		*s = span_skip(*s, 1);
		if (c == 'x')
			return by_number(s, out);
		c = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
	}
	*out = c;
	return true;
}

/* After the opening bracket, up to and with the closing one. */
static bool
set_parse(struct span *s, struct class_set *out)
{
	uint8_t low, high;

	while (s->len > 0 && s->ptr[0] != ']') {
		if (!member(s, &low))
			return false;
		high = low;
		if (s->len > 1 && s->ptr[0] == '-' && s->ptr[1] != ']') {
			*s = span_skip(*s, 1);
			if (!member(s, &high))
				return false;
		}
		if (high < low)
			return false;
		for (unsigned c = low; c <= high; c++)
			class_add(out, (uint8_t)c);
	}
	if (s->len == 0)
		return false;
	*s = span_skip(*s, 1);
	return true;
}

static bool
count_parse(struct span s, struct class_run *out)
{
	struct span low;
	uint64_t min, max;

	if (s.len < 3 || s.ptr[0] != '{' || s.ptr[s.len - 1] != '}')
		return false;
	s = span_of(s.ptr + 1, s.len - 2);
	low = span_of(s.ptr, str_find(s, ','));
	if (str_to_u64(low, 0, CLASS_RUN_MAX, &min) != ST_OK)
		return false;
	max = min;
	if (low.len < s.len && str_to_u64(span_skip(s, low.len + 1), min,
					  CLASS_RUN_MAX, &max) != ST_OK)
		return false;
	out->min = (uint32_t)min;
	out->max = (uint32_t)max;
	return true;
}

bool
class_parse(struct span text, struct class_run *out)
{
	struct class_run run = {.min = 1, .max = 1};

	if (text.len < 3 || text.ptr[0] != '[')
		return false;
	text = span_skip(text, 1);
	if (!set_parse(&text, &run.set))
		return false;
	if (text.len > 0 && !count_parse(text, &run))
		return false;
	*out = run;
	return true;
}

size_t
class_forward(const struct class_set *s, struct span text, size_t at,
	      size_t max)
{
	size_t n = 0;

	while (n < max && at + n < text.len && class_has(s, text.ptr[at + n]))
		n++;
	return n;
}

size_t
class_backward(const struct class_set *s, struct span text, size_t at,
	       size_t max)
{
	size_t n = 0;

	while (n < max && n < at && class_has(s, text.ptr[at - n - 1]))
		n++;
	return n;
}
