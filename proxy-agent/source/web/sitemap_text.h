#ifndef PROXY_AGENT_SOURCE_WEB_SITEMAP_TEXT_H
#define PROXY_AGENT_SOURCE_WEB_SITEMAP_TEXT_H

#include <stdbool.h>

#include "base/span.h"
#include "base/status.h"

/*
 * sitemap_text: one file of a sitemap as it comes in: XML, an index of such
 * files, plain text with a line for each address, each also as gzip.
 *
 * Limits: SITEMAP_BYTES unpacked; lines longer than an address are passed over.
 */
#define SITEMAP_BYTES (50u << 20)

struct sitemap_hear {
	void (*page)(void *arg, struct span url); /* as written */
	void (*file)(void *arg, struct span url); /* a further file */
	void *arg;
};

struct sitemap_text;

NODISCARD enum status sitemap_text_open(const struct sitemap_hear *hear,
					struct sitemap_text **out);
void sitemap_text_close(struct sitemap_text *t); /* takes NULL */

/* ST_MALFORMED, ST_LIMIT: what was told so far stands, no more is. */
NODISCARD enum status sitemap_text_feed(struct sitemap_text *t, struct span s,
					bool last);

#endif
