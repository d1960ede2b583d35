#include "proxy-agent/source/swift/identity.h"

#include <jansson.h>
#include <stdbool.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/source/bucket/store.h"

/* ---- questions ---- */

/* A string of JSON with the value in it, escaped. */
static enum status
add_string(struct buf *to, struct span s)
{
	enum status st = buf_add_byte(to, '"');

	for (size_t i = 0; i < s.len && st == ST_OK; i++) {
		uint8_t c = s.ptr[i];

		if (c < ' ' || c == '"' || c == '\\')
			st = buf_addf(to, "\\u%04x", c);
		else
			st = buf_add_byte(to, c);
	}
	return st == ST_OK ? buf_add_byte(to, '"') : st;
}

/* "%" of the pattern becomes each of the values in turn. */
static enum status
add_filled(struct buf *to, const char *pattern, const struct span *values)
{
	enum status st = ST_OK;

	for (; *pattern != 0 && st == ST_OK; pattern++)
		st = *pattern == '%' ? add_string(to, *values++)
				     : buf_add(to, pattern, 1);
	return st;
}

static enum status
ask_v3(const struct swift_wish *w, struct buf *to)
{
	const struct span who[] = {pairs_find(w->secrets, "user"), w->domain,
				   pairs_find(w->secrets, "password")};
	const struct span where[] = {w->project, w->domain};
	enum status st;

	st =
	    add_filled(to,
		       "{\"auth\":{\"identity\":{\"methods\":[\"password\"],"
		       "\"password\":{\"user\":{\"name\":%,\"domain\":{\"name\""
		       ":%},\"password\":%}}}",
		       who);
	if (st == ST_OK && w->project.len > 0)
		st = add_filled(to,
				",\"scope\":{\"project\":{\"name\":%,\"domain\""
				":{\"name\":%}}}",
				where);
	return st == ST_OK ? buf_add_str(to, "}}") : st;
}

static enum status
ask_v2(const struct swift_wish *w, struct buf *to)
{
	struct span key = pairs_find(w->secrets, "api_key");
	const struct span who[] = {
	    pairs_find(w->secrets, "user"),
	    key.len > 0 ? key : pairs_find(w->secrets, "password")};
	enum status st;

	st = add_filled(
	    to,
	    key.len > 0 ? "{\"auth\":{\"RAX-KSKEY:apiKeyCredentials\":{"
			  "\"username\":%,\"apiKey\":%}"
			: "{\"auth\":{\"passwordCredentials\":{\"username\":%,"
			  "\"password\":%}",
	    who);
	if (st == ST_OK && w->project.len > 0)
		st = add_filled(to, ",\"tenantName\":%", &w->project);
	return st == ST_OK ? buf_add_str(to, "}}") : st;
}

/* ---- answers ---- */

static struct span
text_of(json_t *o, const char *name)
{
	json_t *is = json_object_get(o, name);

	return span_of(json_string_value(is), json_string_length(is));
}

/* How a catalogue is written. */
struct catalogue {
	json_t *services;
	const char *url; /* of an endpoint: its address */
	bool sorted;     /* endpoints are "public" and others */
};

/* The public address of the store in the region, or in any for "". */
static struct span
find_store(const struct catalogue *c, struct span region)
{
	json_t *service, *endpoint;
	size_t i, k;

	json_array_foreach(c->services, i, service)
	{
		if (!str_is(text_of(service, "type"), "object-store"))
			continue;
		json_array_foreach(json_object_get(service, "endpoints"), k,
				   endpoint)
		{
			struct span url = text_of(endpoint, c->url);

			if (url.len > 0 &&
			    (region.len == 0 ||
			     span_eq(text_of(endpoint, "region"), region)) &&
			    (!c->sorted ||
			     str_is(text_of(endpoint, "interface"), "public")))
				return url;
		}
	}
	return span_of(NULL, 0);
}

/* Its token stands in the head. */
static enum status
find_v3(const struct swift_wish *w, json_t *tree, struct buf *token,
	struct buf *storage)
{
	const struct catalogue c = {
	    .services =
		json_object_get(json_object_get(tree, "token"), "catalog"),
	    .url = "url",
	    .sorted = true};
	struct span url = find_store(&c, w->region);

	(void)token;
	return url.len > 0 ? store_set(storage, url) : ST_NOTFOUND;
}

/* Where no region is named it is that of the user, if they have one. */
static enum status
find_v2(const struct swift_wish *w, json_t *tree, struct buf *token,
	struct buf *storage)
{
	json_t *access = json_object_get(tree, "access");
	const struct catalogue c = {
	    .services = json_object_get(access, "serviceCatalog"),
	    .url = "publicURL"};
	struct span home = text_of(json_object_get(access, "user"),
				   "RAX-AUTH:defaultRegion"),
		    url;
	enum status st =
	    store_set(token, text_of(json_object_get(access, "token"), "id"));

	url = find_store(&c, w->region.len > 0 ? w->region : home);
	if (url.len == 0 && w->region.len == 0)
		url = find_store(&c, w->region);
	if (st == ST_OK)
		st = url.len > 0 ? store_set(storage, url) : ST_NOTFOUND;
	return st;
}

static enum status
read_with(enum status (*find)(const struct swift_wish *w, json_t *tree,
			      struct buf *token, struct buf *storage),
	  const struct swift_wish *w, struct span json, struct buf *token,
	  struct buf *storage)
{
	json_t *tree = json_loadb((const char *)json.ptr, json.len, 0, NULL);
	enum status st =
	    tree == NULL ? ST_MALFORMED : find(w, tree, token, storage);

	json_decref(tree);
	return st;
}

static enum status
read_v3(const struct swift_wish *w, struct span json, struct buf *token,
	struct buf *storage)
{
	return read_with(find_v3, w, json, token, storage);
}

static enum status
read_v2(const struct swift_wish *w, struct span json, struct buf *token,
	struct buf *storage)
{
	return read_with(find_v2, w, json, token, storage);
}

/* ---- versions ---- */

/*
 * Source: OpenStack's "Identity API v3" and "Identity API v2.0"; "Authenticate
 * as user with API key" of the Cloud Identity API 2.0 of Rackspace.
 */
const struct swift_identity *
swift_identity_of(struct span auth)
{
	static const struct swift_identity rows[] = {
	    {"/v3", "/auth/tokens", ask_v3, read_v3},
	    {"/v2.0", "/tokens", ask_v2, read_v2},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (str_ends(auth, rows[i].ends))
			return &rows[i];
	return NULL;
}
