#include "proxy-agent/session/href.h"
#include "proxy-agent/source/azure/impl.h"
#include "proxy-agent/source/bucket/store.h"

enum status
azure_add_container(const struct source *s, struct buf *to)
{
	enum status st =
	    buf_add(to, s->site.endpoint.data, s->site.endpoint.len);

	if (st == ST_OK)
		st = buf_add_byte(to, '/');
	return st == ST_OK ? href_escape(buf_span(&s->container), "$", to) : st;
}

static enum status
add_includes(const struct source *s, struct buf *to)
{
	if (s->snapshots && s->versions)
		return store_param(to, "include",
				   span_str("snapshots,versions"));
	if (s->snapshots)
		return store_param(to, "include", span_str("snapshots"));
	return s->versions ? store_param(to, "include", span_str("versions"))
			   : ST_OK;
}

static enum status
blobs_url(const struct source *s, struct buf *to)
{
	enum status st = azure_add_container(s, to);

	if (st == ST_OK)
		st = buf_add_str(to, "?restype=container&comp=list");
	if (st == ST_OK && s->prefix.len > 0)
		st = store_param(to, "prefix", buf_span(&s->prefix));
	if (st == ST_OK && s->browse)
		st = store_param(to, "delimiter", span_str("/"));
	if (st == ST_OK)
		st = add_includes(s, to);
	if (st == ST_OK && s->size.len > 0)
		st = store_param(to, "maxresults", buf_span(&s->size));
	if (st == ST_OK && s->marker.len > 0)
		st = store_param(to, "marker", buf_span(&s->marker));
	return st == ST_OK ? azure_site_sas(&s->site, to) : st;
}

static enum status
containers_url(const struct source *s, struct buf *to)
{
	enum status st =
	    buf_add(to, s->site.endpoint.data, s->site.endpoint.len);

	if (st == ST_OK)
		st = buf_add_str(to, "/?comp=list");
	if (st == ST_OK && s->containers_marker.len > 0)
		st = store_param(to, "marker", buf_span(&s->containers_marker));
	return st == ST_OK ? azure_site_sas(&s->site, to) : st;
}

/* The page at that address, and where the next one begins. */
static enum status
ask_page(struct source *s,
	 enum status (*make)(const struct source *s, struct buf *to),
	 enum status (*take)(void *arg, const struct azure_blob *e),
	 struct buf *next, struct azure_answer *got)
{
	struct buf url;
	enum status st;

	buf_init(&url, 4 * KEY_MAX);
	azure_answer_init(got);
	st = make(s, &url);
	if (st == ST_OK)
		st = azure_site_ask(&s->site, buf_span(&url), got);
	if (st == ST_OK)
		st = azure_page_read(&s->page, buf_span(&got->body), take, s);
	if (st == ST_OK)
		st = store_set(next, buf_span(&s->page.next));
	buf_fini(&url);
	buf_fini(&got->body);
	return st;
}

enum status
azure_ask_blobs(struct source *s, azure_take *take, struct buf *next,
		struct azure_answer *got)
{
	return ask_page(s, blobs_url, take, next, got);
}

enum status
azure_ask_containers(struct source *s, azure_take *take, struct buf *next,
		     struct azure_answer *got)
{
	return ask_page(s, containers_url, take, next, got);
}
