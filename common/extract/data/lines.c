#include "extract/data/lines.h"

#include <string.h>

#include "base/str.h"
#include "extract/data/signs.h"

bool
line_take(struct line *l, struct span *s)
{
	const uint8_t *end = memchr(s->ptr, '\n', s->len);
	size_t n = end == NULL ? s->len : (size_t)(end - s->ptr);

	if (l->len < LINE_KEPT && n > 0) {
		size_t room = LINE_KEPT - (size_t)l->len;

		memcpy(l->kept + l->len, s->ptr, n < room ? n : room);
	}
	l->len += n;
	*s = span_skip(*s, end == NULL ? n : n + 1);
	return end != NULL;
}

void
line_next(struct line *l)
{
	l->number++;
	l->len = 0;
}

bool
line_of_head(struct span *rest, struct span *line)
{
	const uint8_t *end =
	    rest->len == 0 ? NULL : memchr(rest->ptr, '\n', rest->len);
	size_t n;

	if (end == NULL)
		return false;
	n = (size_t)(end - rest->ptr);
	*line = span_of(rest->ptr, n);
	if (n > 0 && line->ptr[n - 1] == '\r')
		line->len--;
	*rest = span_skip(*rest, n + 1);
	return true;
}

size_t
line_until(struct span s, const char *any)
{
	uint64_t set[4] = {0};
	size_t n = 0;

	for (; *any != 0; any++)
		set[(uint8_t)*any / 64] |= UINT64_C(1) << ((uint8_t)*any % 64);
	while (n < s.len && (set[s.ptr[n] / 64] >> (s.ptr[n] % 64) & 1) == 0)
		n++;
	return n;
}

/* ---- logs ------------------------------------------------------------------
 */

struct log {
	uint64_t line; /* from 0 */
};

static void
feed(void *state, struct span s)
{
	struct log *l = state;

	l->line += signs_count(s.ptr, s.len, '\n');
}

static size_t
say(const void *state, char *dst, size_t room)
{
	const struct log *l = state;

	return track_print(dst, room, 0, "line %llu",
			   (unsigned long long)l->line + 1);
}

/* A time of day near its beginning: 12:01:59. */
static bool
has_time(struct span line)
{
	size_t most = line.len < 48 ? line.len : 48;

	for (size_t i = 0; i + 8 <= most; i++) {
		const uint8_t *p = line.ptr + i;
		bool fits = p[2] == ':' && p[5] == ':';

		for (size_t k = 0; k < 8 && fits; k++)
			fits = k % 3 == 2 || (p[k] >= '0' && p[k] <= '9');
		if (fits)
			return true;
	}
	return false;
}

bool
log_is(struct format_look *l)
{
	uint8_t head[TRACK_HEAD];
	struct span rest = track_head(l, head), line;
	size_t lines = 0, timed = 0;

	while (lines < 20 && line_of_head(&rest, &line)) {
		lines++;
		timed += has_time(line);
	}
	return timed >= 2 && timed * 2 >= lines;
}

const struct track_kind log_places = {sizeof(struct log), feed, say};
