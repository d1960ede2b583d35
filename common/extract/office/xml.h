#ifndef EXTRACT_OFFICE_XML_H
#define EXTRACT_OFFICE_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"
#include "base/status.h"
#include "extract/job.h"

/*
 * xml: the one walker over XML, for every room. A part is read in order, in
 * constant memory, and what stands in it is told to functions.
 *
 * Names are without their prefix ("w:t" is "t"); attributes are pairs of name
 * and value that end with NULL, with prefixes, see xml_attr(). Text comes in
 * pieces. All of it is UTF-8 whatever the document is written in (UTF-8,
 * UTF-16, ISO 8859-1); `other` gets comments and what stands in instructions.
 *
 * Nothing is fetched and no entity but the five of XML and character references
 * is known: a document that declares one is read up to that place.
 * Limits: XML_DEPTH elements within each other, XML_TOKEN bytes of one tag, and
 * the budget of the object.
 */
#define XML_DEPTH 2048
#define XML_TOKEN (4u * 1024 * 1024)

struct xml_walk {
	void (*open)(void *arg, const char *name, const char **attrs);
	void (*close)(void *arg, const char *name);
	void (*text)(void *arg, struct span s);
	void (*other)(void *arg, struct span s); /* may be NULL */
};

/*
 * *whole: it was well-formed to its end. Else why is noted, and the part stands
 * where it stopped being so: give the rest to job_rest() when the text at hand
 * is ended.
 */
NODISCARD enum status xml_read(struct extractor *x, struct part *p,
			       const struct xml_walk *w, void *arg,
			       bool *whole);

/* The value of an attribute by its name without prefix; NULL: none. */
const char *xml_attr(const char **attrs, const char *name);
/* The same of one that has a prefix ("r:id", where "id" is another). */
const char *xml_attr_far(const char **attrs, const char *name);
/* A name without its prefix. */
const char *xml_local(const char *name);
/* A count in an attribute, at most max; `none` when it is not there. */
unsigned xml_count(const char *value, unsigned none, unsigned max);

/* What the walker needs before rights are lost (formats_office.c does it). */
NODISCARD enum status xml_prepare(void **state);

#endif
