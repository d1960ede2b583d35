#include <string.h>

#include "base/str.h"
#include "extract/data/lines.h"

#define SECTION_MAX 128

struct ini {
	struct line line;
	size_t section_len;
	uint8_t section[SECTION_MAX];
};

/* What stands between brackets; empty: that is no head of a section. */
static struct span
section_of(struct span line)
{
	line = str_trim(line);
	if (line.len < 3 || line.ptr[0] != '[')
		return span_of(line.ptr, 0);
	line = span_skip(line, 1);
	return span_of(line.ptr, line_until(line, "]"));
}

static struct span
key_of(struct span line)
{
	size_t n = line_until(line, "=:");

	if (n == line.len || line_until(line, "#;[") < n)
		return span_of(line.ptr, 0);
	return str_trim(span_of(line.ptr, n));
}

static void
end_line(struct ini *s)
{
	struct span name = section_of(line_span(&s->line));

	if (name.len > SECTION_MAX)
		name.len = SECTION_MAX;
	if (name.len > 0) {
		memcpy(s->section, name.ptr, name.len);
		s->section_len = name.len;
	}
	line_next(&s->line);
}

static void
feed(void *state, struct span s)
{
	struct ini *i = state;

	while (s.len > 0)
		if (line_take(&i->line, &s))
			end_line(i);
}

static size_t
say(const void *state, char *dst, size_t room)
{
	const struct ini *s = state;
	struct span key = key_of(line_span(&s->line));
	size_t n = track_print(dst, room, 0, "line %llu",
			       (unsigned long long)s->line.number + 1);

	if (s->section_len == 0 && key.len == 0)
		return n;
	n = track_add(dst, room, n, span_str(" "));
	n = track_add(dst, room, n, span_of(s->section, s->section_len));
	if (s->section_len > 0 && key.len > 0)
		n = track_add(dst, room, n, span_str("."));
	return track_add(dst, room, n, key);
}

/* Names of settings are one word, with dots and dashes. */
static bool
is_setting(struct span line)
{
	struct span key = key_of(line);

	return key.len > 0 && line_until(key, " \t\"'(){}<>,/") == key.len;
}

bool
ini_is(struct format_look *l)
{
	uint8_t head[TRACK_HEAD];
	struct span rest = track_head(l, head), line;
	size_t sections = 0, settings = 0, lines = 0;

	while (lines < 40 && line_of_head(&rest, &line)) {
		line = str_trim(line);
		if (line.len == 0 || track_is(line.ptr[0], "#;!"))
			continue;
		lines++;
		sections += section_of(line).len > 0;
		settings +=
		    line_until(line, "=") < line.len && is_setting(line);
		if (settings + sections < lines)
			return false;
	}
	return settings > 0 && (sections > 0 || settings >= 3);
}

const struct track_kind ini_places = {sizeof(struct ini), feed, say};
