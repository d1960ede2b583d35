#ifndef PROXY_AGENT_SOURCE_WEB_WEB_H
#define PROXY_AGENT_SOURCE_WEB_WEB_H

#include "source/source.h"

/*
 * web: a site, page by page, as its links, redirects and sitemaps lead. Pages
 * go to the extractor as they are, and are read for links as they pass.
 *
 * The crawl goes level by level, each in the order of addresses; its position
 * is a level and an address. To go on there the pages before are read again for
 * their links, and not given again.
 *
 * Options: depth, pages, hosts, within, include, exclude (patterns with
 * commas), robots=ignore, sitemaps=no, and those of http_target.h.
 */
extern const struct source_ops http_source, https_source;

#endif
