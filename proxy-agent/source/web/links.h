#ifndef PROXY_AGENT_SOURCE_WEB_LINKS_H
#define PROXY_AGENT_SOURCE_WEB_LINKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

/*
 * links: where the references in a page of HTML lead to, found while it goes
 * by: a scanner of tags, not of documents. It knows comments, texts that are no
 * markup (script, style, textarea, title) and quotes, and of attributes those
 * that name an address: href, src, action, data, poster, cite, formaction,
 * longdesc, background, srcset, and content of meta refresh. <base href> is
 * told as such. Text, forms and scripts are not looked at: the page itself goes
 * to the extractor as it is.
 *
 * Limits: a value longer than LINKS_VALUE is no link.
 */
#define LINKS_VALUE 4096
#define LINKS_NAME  32

struct links_hear {
	/* The reference as written, character references resolved. */
	void (*link)(void *arg, struct span ref);
	void (*base)(void *arg, struct span ref);
	void *arg;
};

struct links {
	struct links_hear hear;
	uint8_t state;
	uint8_t quote;
	bool closing;           /* of a tag: </ */
	char tag[LINKS_NAME];   /* lower case */
	char attr[LINKS_NAME];  /* lower case */
	char until[LINKS_NAME]; /* the tag that ends a text, or "" */
	size_t tag_len, attr_len, match;
	struct buf value;
	bool too_long;
	bool refresh;       /* <meta http-equiv=refresh> */
	struct buf content; /* of such a meta, before or after */
};

void links_init(struct links *l, const struct links_hear *hear);
void links_fini(struct links *l);
void links_feed(struct links *l, struct span bytes);

#endif
