#include "proxy-agent/session/href.h"
#include "proxy-agent/source/web/impl.h"
#include "proxy-agent/source/web/sitemap.h"

static void
add_address(struct source *s, struct span url)
{
	if (scope_has(&s->scope, url) &&
	    frontier_add(&s->frontier, url) != ST_OK)
		s->frontier.full = true;
}

static void
on_link(void *arg, struct span ref)
{
	struct source *s = arg;
	struct buf url;

	buf_init(&url, HREF_MAX);
	if (href_join(buf_span(&s->base), ref, &url) == ST_OK)
		add_address(s, buf_span(&url));
	buf_fini(&url);
}

static void
on_base(void *arg, struct span ref)
{
	struct source *s = arg;
	struct buf url;

	buf_init(&url, HREF_MAX);
	if (href_join(buf_span(&s->path), ref, &url) == ST_OK) {
		buf_clear(&s->base);
		if (buf_add(&s->base, url.data, url.len) != ST_OK)
			buf_clear(&s->base);
	}
	buf_fini(&url);
}

static void
on_sitemap_page(void *arg, struct span url)
{
	struct source *s = arg;
	struct buf tidy;

	buf_init(&tidy, HREF_MAX);
	if (href_tidy(url, &tidy) == ST_OK)
		add_address(s, buf_span(&tidy));
	buf_fini(&tidy);
}

/* A sitemap lies outside of the target's folder as a rule: its host counts. */
static bool
may_read_sitemap(void *arg, struct span url)
{
	struct source *s = arg;

	return href_same_site(url, buf_span(&s->scope.home)) &&
	       scope_forbids(&s->scope, url) == NULL;
}

void
web_sitemaps(struct source *s)
{
	struct sitemap m = {.http = s->http,
			    .page = on_sitemap_page,
			    .may = may_read_sitemap,
			    .arg = s};
	struct span home = buf_span(&s->scope.home);
	const struct robots *r = scope_robots(&s->scope, home);
	struct buf url;

	buf_init(&url, HREF_MAX);
	for (size_t i = 0; r != NULL && i < r->sitemap_count; i++)
		if (href_join(home, r->sitemaps[i], &url) == ST_OK)
			sitemap_read(&m, buf_span(&url));
	if ((r == NULL || r->sitemap_count == 0) &&
	    href_join(home, span_str("/sitemap.xml"), &url) == ST_OK)
		sitemap_read(&m, buf_span(&url));
	buf_fini(&url);
}

void
web_begin_page(struct source *s)
{
	const struct links_hear hear = {
	    .link = on_link, .base = on_base, .arg = s};

	if (s->frontier.level > s->depth ||
	    web_set(&s->base, buf_span(&s->path)) != ST_OK)
		return;
	links_init(&s->links, &hear);
	s->is_page = true;
}
