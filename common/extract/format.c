#include "extract/format.h"

#include <string.h>

/* The first that knows a part reads it. */
const struct format_group *const format_groups[] = {
    &formats_archive, &formats_ole,  &formats_pdf,  &formats_image,
    &formats_office,  &formats_mail, &formats_data, NULL,
};

struct span
format_bytes(struct format_look *l, size_t off, size_t n)
{
	struct span s = l->head;

	if (n > s.len || off > s.len - n) {
		s = part_peek(l->part, off + n);
		l->head = s; /* it may have moved */
		if (l->head.len > PART_PEEK)
			l->head.len = PART_PEEK;
	}
	if (n > s.len || off > s.len - n)
		return span_of(NULL, 0);
	return span_of(s.ptr + off, n);
}

static bool
fits(const struct format *f, struct format_look *l)
{
	struct span s = l->head;

	if (f->magic != NULL) {
		if (f->at >= s.len || s.ptr[f->at] != (uint8_t)f->magic[0] ||
		    f->magic_len > s.len - f->at ||
		    memcmp(s.ptr + f->at, f->magic, f->magic_len) != 0)
			return false;
		return f->is == NULL || f->is(l);
	}
	return f->is(l);
}

const struct format *
format_find(struct format_look *l)
{
	for (size_t g = 0; format_groups[g] != NULL; g++)
		for (size_t i = 0; i < format_groups[g]->count; i++)
			if (fits(&format_groups[g]->formats[i], l))
				return &format_groups[g]->formats[i];
	return NULL;
}
