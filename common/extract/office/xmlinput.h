#ifndef EXTRACT_OFFICE_XMLINPUT_H
#define EXTRACT_OFFICE_XMLINPUT_H

#include "base/buf.h"
#include "extract/charset.h"
#include "extract/part.h"

/*
 * xmlinput: a part as windows of UTF-8, one behind the other. What of a window
 * was not used is the beginning of the next, which is longer then; nothing is
 * copied unless it is decoded, or larger than a buffer of the part.
 */
enum xml_coding { XML_UTF8, XML_UTF16LE, XML_UTF16BE, XML_PAGE };

struct xml_input {
	struct part *p;
	enum xml_coding coding;
	const struct charset *page;
	struct span now; /* the window */
	bool last;       /* nothing is behind it */
	size_t window;   /* bytes that are asked of the part */
	size_t want;     /* the same of what lies in memory */
	struct buf own;  /* what no buffer holds; else empty */
	uint8_t *decoded;
	uint64_t line; /* line ends before the window */
};

/*
 * It has no window yet. ST_UNSUPPORTED: an encoding that is none of ours,
 * ST_MALFORMED: no XML.
 */
NODISCARD enum status xml_input_begin(struct xml_input *in, struct part *p);
/*
 * The next window, after `used` bytes of this one. ST_LIMIT: XML_TOKEN bytes
 * are not enough.
 */
NODISCARD enum status xml_input_next(struct xml_input *in, size_t used);
/* The part goes to where the used bytes end, as far as it can. */
void xml_input_end(struct xml_input *in, size_t used);

#endif
