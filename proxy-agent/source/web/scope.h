#ifndef PROXY_AGENT_SOURCE_WEB_SCOPE_H
#define PROXY_AGENT_SOURCE_WEB_SCOPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/http.h"
#include "proxy-agent/source/web/robots.h"
#include "source/source.h"

/*
 * scope: which addresses belong to a web target. The host of the target (also
 * with "www." before it, by http and by https), below the folder that it names,
 * and the hosts of the option; then the patterns of the options; and what
 * robots.txt of each host allows.
 */
struct scope_site;

struct scope {
	struct buf home; /* tidy address of the target */
	struct buf folder;
	struct buf hosts, include, exclude; /* lists with commas */
	bool obey;                          /* robots.txt */
	bool signed_in;           /* then what signs out is left alone */
	struct scope_site *sites; /* whose robots.txt was read */
	size_t site_count;
	struct http *http;
	enum status reach; /* of the last host that was asked */
};

/* http is borrowed. ST_MALFORMED when the target has no address. */
NODISCARD enum status scope_open(struct scope *s, const struct source_target *t,
				 struct span home, struct http *http);
void scope_close(struct scope *s);

/* By its address alone. */
bool scope_has(const struct scope *s, struct span url);

/*
 * By what its host asks of crawlers, which may have to be read first, with one
 * call. NULL: it may be read; else why not.
 */
const char *scope_forbids(struct scope *s, struct span url);

/* What a host asks; NULL: not read, or not to be had. */
const struct robots *scope_robots(struct scope *s, struct span url);

#endif
