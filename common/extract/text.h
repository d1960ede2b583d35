#ifndef EXTRACT_TEXT_H
#define EXTRACT_TEXT_H

#include "extract/charset.h"
#include "extract/job.h"
#include "extract/sniff.h"

/*
 * text: a part read as text. Bytes go out as they are, without a copy where
 * that is possible; UTF-16, UTF-32 and pages of characters go out as UTF-8 with
 * a map back.
 */
struct text_coding {
	enum sniff sniffed;
	const struct charset *charset; /* or NULL */
};

/* By the beginning of a part; of ASCII, TEXT_LOOK bytes of it. */
#define TEXT_LOOK (32 * 1024)
struct text_coding text_coding(struct format_look *l);

/* It goes out as it stands. */
static inline bool
text_is_plain(struct text_coding c)
{
	return c.sniffed == SNIFF_BYTES && c.charset == NULL;
}

NODISCARD enum status text_part(struct extractor *x, struct part *p,
				struct text_coding c);

/* As they are, n bytes from the part's position on (UINT64_MAX: all). */
NODISCARD enum status text_bytes(struct extractor *x, struct part *p,
				 uint64_t n);

#endif
