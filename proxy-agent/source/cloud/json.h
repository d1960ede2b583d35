#ifndef PROXY_AGENT_SOURCE_CLOUD_JSON_H
#define PROXY_AGENT_SOURCE_CLOUD_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/*
 * cloud_json: what stands in an answer of a service. A path is "a/b/0/c": names
 * of members, and a 0 for the first element of an array; "" is the value
 * itself. Anything may be missing or of another type. What is given lives as
 * long as the answer.
 */

json_t *cloud_at(json_t *o, const char *path);       /* NULL: not there */
struct span cloud_text(json_t *o, const char *path); /* or empty */
/* A number from 0 up, or a text that is one; false: neither. */
bool cloud_number(json_t *o, const char *path, uint64_t *out);
bool cloud_true(json_t *o, const char *path);

#endif
