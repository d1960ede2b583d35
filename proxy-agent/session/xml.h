#ifndef PROXY_AGENT_SESSION_XML_H
#define PROXY_AGENT_SESSION_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"
#include "base/status.h"

/*
 * xml: the lists that servers answer with, as they come in. Elements are told
 * when they end, with the text that stood in them and the name of the one that
 * they stand in; names are without their prefix.
 *
 * A document with a DOCTYPE is refused: none of these lists has one, and no
 * entity is ever looked up.
 * Limits: XML_DEPTH elements within each other, XML_TEXT bytes of one text.
 */
#define XML_DEPTH 32
#define XML_TEXT  (128 * 1024) /* a message of a queue has up to 64 Ki */

struct xml;

struct xml_hear {
	void (*open)(void *arg, const char *name); /* may be NULL */
	/* Behind open(), for each of its attributes; may be NULL. */
	void (*attr)(void *arg, const char *element, const char *name,
		     struct span value);
	void (*close)(void *arg, const char *in, const char *name,
		      struct span text);
	void *arg;
};

NODISCARD enum status xml_open(const struct xml_hear *hear, struct xml **out);
void xml_close(struct xml *x); /* takes NULL */

/* ST_MALFORMED, ST_LIMIT: no more is heard of it. */
NODISCARD enum status xml_feed(struct xml *x, struct span bytes, bool last);

/* A whole document. */
NODISCARD enum status xml_parse(const struct xml_hear *hear, struct span doc);

#endif
