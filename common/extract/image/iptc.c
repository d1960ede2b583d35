#include "extract/image/picture.h"

#include <stdio.h>

/* IPTC-NAA Information Interchange Model 4.2, records 2; and what holds it. */
static const struct {
	uint8_t set;
	const char *name;
} names[] = {
    {5, "title"},         {25, "keywords"},
    {40, "instructions"}, {80, "author"},
    {90, "city"},         {92, "location"},
    {101, "country"},     {105, "headline"},
    {110, "credit"},      {115, "source"},
    {116, "copyright"},   {118, "contact"},
    {120, "caption"},     {122, "caption writer"},
};

static const char *
name_of(unsigned record, unsigned set, char dst[16])
{
	for (size_t i = 0; record == 2 && i < sizeof(names) / sizeof(names[0]);
	     i++)
		if (names[i].set == set)
			return names[i].name;
	snprintf(dst, 16, "%u:%u", record, set);
	return dst;
}

void
picture_iptc(struct picture *p, struct span s)
{
	char label[16];

	while (s.len >= 5 && s.ptr[0] == 0x1c && job_in_time(p->x)) {
		unsigned record = s.ptr[1], set = s.ptr[2];
		size_t n = picture_big(s.ptr + 3, 2), skip = 5;

		if (n & 0x8000) { /* so many bytes tell the length */
			size_t more = n & 0x7fff;

			if (more > 4 || s.len < 5 + more)
				break;
			n = picture_big(s.ptr + 5, more);
			skip += more;
		}
		s = span_skip(s, skip);
		picture_place(p, PICTURE_IPTC);
		picture_line(p, name_of(record, set, label),
			     span_of(s.ptr, n < s.len ? n : s.len));
		s = span_skip(s, n);
	}
}

void
picture_8bim(struct picture *p, struct span s)
{
	while (s.len >= 12 && memcmp(s.ptr, "8BIM", 4) == 0 &&
	       job_in_time(p->x)) {
		unsigned id = picture_big(s.ptr + 4, 2);
		size_t name = ((size_t)s.ptr[6] + 2) / 2 * 2, n;
		struct span value;

		s = span_skip(s, 6 + name);
		if (s.len < 4)
			break;
		n = picture_big(s.ptr, 4);
		s = span_skip(s, 4);
		value = span_of(s.ptr, n < s.len ? n : s.len);
		if (id == 0x404)
			picture_iptc(p, value);
		else if (id == 0x424)
			picture_xmp(p, value);
		s = span_skip(s, n + (n & 1));
	}
}
