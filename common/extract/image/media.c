#include "extract/image/media.h"

#include "extract/job.h"

enum status
media_part(struct extractor *x, struct part *p)
{
	job_note(x, COVER_MEDIA);
	return x->stop ? ST_OK : job_rest(x, p);
}

bool
media_riff(struct format_look *l)
{
	return l->head.len >= 12 && (memcmp(l->head.ptr + 8, "WAVE", 4) == 0 ||
				     memcmp(l->head.ptr + 8, "AVI ", 4) == 0);
}

/* Pictures stand in such files as well (HEIC, AVIF): these are not meant. */
bool
media_iso(struct format_look *l)
{
	static const char brands[][5] = {"isom", "iso2", "mp41", "mp42",
					 "avc1", "qt  ", "M4A ", "M4V ",
					 "M4B ", "3gp4", "3gp5", "dash"};

	if (l->head.len < 12)
		return false;
	for (size_t i = 0; i < sizeof(brands) / sizeof(brands[0]); i++)
		if (memcmp(l->head.ptr + 8, brands[i], 4) == 0)
			return true;
	return false;
}

/* Length of an MPEG frame of layer III in bytes; 0: it is none. */
static size_t
frame_length(struct span s)
{
	static const uint16_t kbits[2][16] = {
	    {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0},
	    {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320,
	     0},
	};
	static const uint32_t rates[] = {44100, 48000, 32000, 0};
	bool one;
	uint32_t rate, bits;

	if (s.len < 4 || s.ptr[0] != 0xff || (s.ptr[1] & 0xe6) != 0xe2 ||
	    (s.ptr[1] & 0x18) == 0x08)
		return 0;
	one = (s.ptr[1] & 0x18) == 0x18;
	rate = rates[s.ptr[2] >> 2 & 3];
	bits = kbits[one][s.ptr[2] >> 4] * 1000u;
	if (rate == 0 || bits == 0)
		return 0;
	rate = one ? rate : (s.ptr[1] & 0x18) == 0x10 ? rate / 2 : rate / 4;
	return (one ? 144 : 72) * bits / rate + (s.ptr[2] >> 1 & 1);
}

/* Two in a row: one alone is too little to tell. */
bool
media_frame(struct format_look *l)
{
	size_t n = frame_length(l->head);

	return n > 4 && frame_length(span_skip(l->head, n)) > 4;
}
