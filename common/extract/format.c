#include "extract/format.h"

#include <string.h>

#include "base/must.h"

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

void
format_index_make(struct format_index *index)
{
	size_t n = 0;

	memset(index, 0, sizeof(*index));
	for (size_t g = 0; format_groups[g] != NULL; g++)
		for (size_t i = 0; i < format_groups[g]->count; i++, n++) {
			const struct format *f = &format_groups[g]->formats[i];
			bool any = f->magic == NULL || f->at > 0;

			must(n < FORMAT_ROWS);
			index->rows[n] = f;
			for (size_t c = 0; c <= 256; c++)
				if (any || (uint8_t)f->magic[0] == c)
					index->first[c][n / 64] |= UINT64_C(1)
								   << (n % 64);
		}
}

const struct format *
format_find(const struct format_index *index, struct format_look *l)
{
	size_t c = l->head.len == 0 ? 256 : l->head.ptr[0];

	for (size_t w = 0; w < FORMAT_ROWS / 64; w++)
		for (uint64_t b = index->first[c][w]; b != 0; b &= b - 1) {
			size_t n = w * 64 + (size_t)__builtin_ctzll(b);

			if (fits(index->rows[n], l))
				return index->rows[n];
		}
	return NULL;
}

const struct format *
format_find_text(struct format_look *l)
{
	for (size_t g = 0; format_groups[g] != NULL; g++)
		for (size_t i = 0; i < format_groups[g]->text_count; i++)
			if (format_groups[g]->texts[i].is(l))
				return &format_groups[g]->texts[i];
	return NULL;
}
