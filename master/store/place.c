#include "master/store/place.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "base/str.h"

void
place_move(struct place *p, uint64_t task, struct span path, uint32_t number)
{
	bool cut = path.len >= PLACE_PATH_MAX;
	struct span kept = cut ? span_of(path.ptr, PLACE_PATH_MAX) : path;
	bool same = p->task == task && p->number < 0 &&
		    span_eq(span_of(p->path, p->len), kept);

	p->skip = cut ? 1 + (same ? p->skip : 0) : 0;
	p->number = cut ? -1 : (int64_t)number;
	p->task = task;
	p->len = kept.len;
	if (kept.len > 0)
		memcpy(p->path, kept.ptr, kept.len);
}

void
place_write(const struct place *p, char to[PLACE_TEXT_MAX])
{
	char hex[2 * PLACE_PATH_MAX + 1];

	codec_hex(span_of(p->path, p->len), hex);
	snprintf(to, PLACE_TEXT_MAX, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %s",
		 p->task, (uint64_t)(p->number + 1), p->skip, hex);
}

static bool
take_number(struct span *rest, uint64_t low, uint64_t high, uint64_t *out)
{
	struct span word;

	return str_next(rest, ' ', &word) &&
	       str_to_u64(word, low, high, out) == ST_OK;
}

enum status
place_read(struct span text, struct place *out)
{
	struct place p = {.task = 0};
	uint64_t number = 0;

	if (!take_number(&text, 1, INT64_MAX, &p.task) ||
	    !take_number(&text, 0, UINT32_MAX + UINT64_C(1), &number) ||
	    !take_number(&text, 0, INT64_MAX, &p.skip))
		return ST_MALFORMED;
	p.number = (int64_t)number - 1;
	p.len = text.len / 2;
	if (text.len % 2 != 0 || p.len > PLACE_PATH_MAX ||
	    codec_unhex(text, p.path, p.len) != ST_OK)
		return ST_MALFORMED;
	*out = p;
	return ST_OK;
}
