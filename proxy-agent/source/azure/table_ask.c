#include "proxy-agent/session/href.h"
#include "proxy-agent/source/azure/table_impl.h"
#include "proxy-agent/source/bucket/store.h"

#define NAME_CAP 4096

static enum status
add_page_size(const struct source *s, struct buf *url)
{
	return s->page.len == 0 ? ST_OK
				: store_param(url, "$top", buf_span(&s->page));
}

static enum status
add_marker(struct buf *url, const char *name, const struct buf *value)
{
	return value->len == 0 ? ST_OK
			       : store_param(url, name, buf_span(value));
}

static enum status
tables_url(const struct source *s, struct buf *to)
{
	enum status st =
	    buf_add(to, s->site.endpoint.data, s->site.endpoint.len);

	if (st == ST_OK)
		st = buf_add_str(to, "/Tables");
	if (st == ST_OK)
		st = add_marker(to, "NextTableName", &s->marker);
	return st == ST_OK ? azure_site_sas(&s->site, to) : st;
}

static enum status
rows_url(const struct source *s, struct buf *to)
{
	enum status st =
	    buf_add(to, s->site.endpoint.data, s->site.endpoint.len);

	if (st == ST_OK)
		st = buf_add_byte(to, '/');
	if (st == ST_OK)
		st = href_escape(buf_span(&s->table), "", to);
	if (st == ST_OK)
		st = buf_add_str(to, "()");
	if (st == ST_OK)
		st = add_page_size(s, to);
	if (st == ST_OK)
		st = add_marker(to, "NextPartitionKey", &s->partition);
	if (st == ST_OK)
		st = add_marker(to, "NextRowKey", &s->row);
	return st == ST_OK ? azure_site_sas(&s->site, to) : st;
}

/* The list in the answer; the tree that holds it is to be given back. */
static enum status
ask(struct source *s,
    enum status (*make)(const struct source *s, struct buf *to),
    struct azure_answer *got, json_t **tree)
{
	struct buf url;
	enum status st;

	buf_init(&url, 8 * NAME_CAP);
	st = make(s, &url);
	if (st == ST_OK)
		st = azure_site_ask(&s->site, buf_span(&url), got);
	if (st == ST_OK) {
		*tree = json_loadb((const char *)got->body.data, got->body.len,
				   0, NULL);
		if (!json_is_array(json_object_get(*tree, "value"))) {
			json_decref(*tree);
			st = ST_MALFORMED;
		}
	}
	buf_fini(&url);
	return st;
}

static enum status
ask_wanting(struct source *s,
	    enum status (*make)(const struct source *s, struct buf *to),
	    const struct azure_want *want, size_t wants,
	    struct azure_answer *got, json_t **tree)
{
	enum status st;

	got->want = want;
	got->wants = wants;
	st = ask(s, make, got, tree);
	got->want = NULL;
	got->wants = 0;
	return st;
}

enum status
azure_table_ask_names(struct source *s, struct azure_answer *got, json_t **tree)
{
	const struct azure_want want = {"x-ms-continuation-NextTableName",
					&s->marker};

	return ask_wanting(s, tables_url, &want, 1, got, tree);
}

enum status
azure_table_ask_rows(struct source *s, struct azure_answer *got, json_t **tree)
{
	const struct azure_want want[] = {
	    {"x-ms-continuation-NextPartitionKey", &s->partition},
	    {"x-ms-continuation-NextRowKey", &s->row},
	};

	return ask_wanting(s, rows_url, want, 2, got, tree);
}
