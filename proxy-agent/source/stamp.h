#ifndef PROXY_AGENT_SOURCE_STAMP_H
#define PROXY_AGENT_SOURCE_STAMP_H

#include <stdint.h>

#include "base/span.h"

/*
 * stamp: a time as servers write it: "2026-11-22T10:11:12.000Z" or a date of
 * HTTP; seconds since 1970, 0 when it is neither.
 */
int64_t stamp_parse(struct span s);

#endif
