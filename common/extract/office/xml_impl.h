#ifndef EXTRACT_OFFICE_XML_IMPL_H
#define EXTRACT_OFFICE_XML_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "extract/office/textend.h"
#include "extract/office/xml.h"
#include "extract/office/xmlchain.h"
#include "extract/office/xmlinput.h"
#include "extract/office/xmlseen.h"
#include "extract/office/xmltag.h"

/*
 * What the files of xml share: `xml` goes from element to element, `xmltext`
 * reads what stands between them, `xmlaside` comments, instructions and
 * declarations. Each reads on from r->p and says what came of it.
 */
struct xml_open {
	struct xml_key name;
	unsigned what; /* to the walk */
};

struct xml_reader {
	struct extractor *x;
	const struct xml_walk *walk;
	void *arg;
	const struct text_end *ends;
	struct xml_input in;
	const uint8_t *p, *end; /* of the window, what is not read yet */
	unsigned depth;
	bool root;   /* it has begun */
	bool subset; /* within [ ] of a DTD */
	bool data;   /* within a CDATA section */
	enum cover_reason why;
	const char *words;
	struct xml_tags tags;
	struct xml_chains *chains; /* NULL: the walker takes tags by itself */
	/* from here on large, and written before it is read */
	struct xml_seen seen;
	struct xml_open opens[XML_DEPTH];
	struct xml_chains room;
};

/* What comes of a piece of input. */
enum xml_step { STEP_ON, STEP_MORE, STEP_STOP };

static inline enum xml_step
xml_fail(struct xml_reader *r, enum cover_reason why, const char *words)
{
	r->why = why;
	r->words = words;
	return STEP_STOP;
}

static inline enum xml_step
xml_malformed(struct xml_reader *r, const char *words)
{
	return xml_fail(r, COVER_MALFORMED, words);
}

static inline size_t
xml_left(const struct xml_reader *r)
{
	return (size_t)(r->end - r->p);
}

static inline void
xml_tell(const struct xml_reader *r, const void *p, size_t n)
{
	if (n > 0 && r->walk->text != NULL)
		r->walk->text(r->arg, span_of(p, n));
}

/* xmltext.c: text up to a tag, a reference or the end of a line; the same in a
 * CDATA section. */
enum xml_step xml_text(struct xml_reader *r);
enum xml_step xml_data(struct xml_reader *r);

/* xmlaside.c: what begins with <? or <!, and what stands within [ ] of a DTD */
enum xml_step xml_instruction(struct xml_reader *r);
enum xml_step xml_declaration(struct xml_reader *r);
enum xml_step xml_subset(struct xml_reader *r);

#endif
