#ifndef PROXY_AGENT_SOURCE_WEB_SITEMAP_H
#define PROXY_AGENT_SOURCE_WEB_SITEMAP_H

#include <stddef.h>

#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/http.h"

/*
 * sitemap: addresses that a site lists by itself (sitemaps.org), in files and
 * indexes of files, each read once; sitemap_text.h reads one.
 *
 * Limits: SITEMAP_FILES of one site.
 */
#define SITEMAP_FILES 500

struct sitemap {
	struct http *http;
	void (*page)(void *arg, struct span url); /* as written */
	/* Whether a file may be asked for at all. */
	bool (*may)(void *arg, struct span url);
	void *arg;
	size_t files;
};

/* url: tidy. What cannot be read is passed over: pages link to pages, too. */
void sitemap_read(struct sitemap *m, struct span url);

#endif
