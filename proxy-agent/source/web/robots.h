#ifndef PROXY_AGENT_SOURCE_WEB_ROBOTS_H
#define PROXY_AGENT_SOURCE_WEB_ROBOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "base/status.h"

/*
 * robots: what a site asks of crawlers (RFC 9309). The groups for our name
 * count together, else those for everybody; of the rules that fit a path the
 * longest wins, and of equals the one that allows. Rules may hold * and end in
 * $. Two words beyond the standard are read: Crawl-delay and Sitemap.
 *
 * Limits: the first ROBOTS_MAX bytes, as the standard asks, and ROBOTS_RULES.
 */
#define ROBOTS_MAX      (512 * 1024)
#define ROBOTS_RULES    20000
#define ROBOTS_SITEMAPS 64

struct robots_rule {
	struct span path; /* in the one spelling of addresses */
	bool allow;
};

struct robots {
	struct arena memory;
	struct robots_rule *rules;
	size_t rule_count;
	struct span sitemaps[ROBOTS_SITEMAPS];
	size_t sitemap_count;
	uint32_t delay_ms;
	bool nothing; /* all is forbidden: the file could not be read */
};

void robots_init(struct robots *r);
void robots_fini(struct robots *r);

/* ST_NOMEM only: a line that says nothing is passed over. */
NODISCARD enum status robots_parse(struct robots *r, struct span text,
				   const char *name);

/* path: of a tidy address, with its query. */
bool robots_allows(const struct robots *r, struct span path);

#endif
