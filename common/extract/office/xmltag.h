#ifndef EXTRACT_OFFICE_XMLTAG_H
#define EXTRACT_OFFICE_XMLTAG_H

#include "base/buf.h"
#include "extract/office/xml.h"

/*
 * xmltag: the attributes of one tag, and references to characters. Values that
 * need none of it are those of the input.
 */
struct xml_tags {
	struct xml_attr *attrs; /* of the last tag */
	size_t count, room;
	struct buf text; /* values that were decoded */
	bool decode;     /* there are some */
};

enum xml_tag_end {
	XML_TAG_MORE, /* the input ends before the tag */
	XML_TAG_OPEN,
	XML_TAG_EMPTY, /* it ends its element, too */
	XML_TAG_WRONG, /* it is none */
	XML_TAG_NOMEM,
};

void xml_tags_init(struct xml_tags *t);
void xml_tags_fini(struct xml_tags *t);

/* From behind the name up to behind the tag, *at: there. */
enum xml_tag_end xml_tags_read(struct xml_tags *t, const uint8_t **at,
			       const uint8_t *end);

/*
 * The reference at the & at p, of which *used bytes are it: what it stands for,
 * as UTF-8. 0: none that is known, and it stands as written.
 */
#define XML_REFERENCE 16 /* bytes of the longest, and some zeros */
size_t xml_reference(const uint8_t *p, const uint8_t *end, uint8_t out[4],
		     size_t *used);

#endif
