#include "proxy-agent/source/web/robots.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/str.h"
#include "proxy-agent/session/href.h"

#define DELAY_MAX_MS 10000 /* more is asked of crawlers that have all day */

void
robots_init(struct robots *r)
{
	memset(r, 0, sizeof(*r));
	arena_init(&r->memory, 8u << 20);
}

void
robots_fini(struct robots *r)
{
	arena_fini(&r->memory);
	memset(r, 0, sizeof(*r));
}

/* ---- lines -----------------------------------------------------------------
 */

struct line {
	struct span key, value;
};

static bool
is_key(const struct line *l, const char *word)
{
	return l->key.len == strlen(word) &&
	       strncasecmp((const char *)l->key.ptr, word, l->key.len) == 0;
}

/* The next line that has a key; false at the end. CR alone ends one, too. */
static bool
next_line(struct span *rest, struct line *out)
{
	while (rest->len > 0) {
		size_t n = 0;
		struct span line;

		while (n < rest->len && rest->ptr[n] != '\n' &&
		       rest->ptr[n] != '\r')
			n++;
		line = span_of(rest->ptr, n);
		*rest = span_skip(*rest, n + 1);
		line.len = str_find(line, '#');
		n = str_find(line, ':');
		if (n == line.len)
			continue;
		out->key = str_trim(span_of(line.ptr, n));
		out->value = str_trim(span_skip(line, n + 1));
		return true;
	}
	return false;
}

/* "trawl" of "trawl/1.0 (+x)": letters, - and _. */
static bool
names_us(struct span value, const char *name)
{
	size_t n = 0;

	while (n < value.len && (((value.ptr[n] | 0x20) >= 'a' &&
				  (value.ptr[n] | 0x20) <= 'z') ||
				 value.ptr[n] == '-' || value.ptr[n] == '_'))
		n++;
	return n == strlen(name) &&
	       strncasecmp((const char *)value.ptr, name, n) == 0;
}

/* ---- rules -----------------------------------------------------------------
 */

/* The spelling that addresses have; * and $ stay what they are. */
static enum status
one_spelling(struct robots *r, struct span value, struct span *out)
{
	struct buf path;
	char *kept = NULL;
	size_t skip = strlen("http://h");
	enum status st;

	buf_init(&path, HREF_MAX);
	if (value.len > 0 && value.ptr[0] == '/')
		st = href_join(span_str("http://h/"), value, &path);
	else
		st = ST_UNSUPPORTED;
	if (st == ST_OK && path.len >= skip) {
		*out = span_of(path.data + skip, path.len - skip);
	} else {
		*out = value; /* "*.pdf$", or one that is too odd */
	}
	kept = arena_str(&r->memory, *out);
	*out = span_of(kept, out->len);
	buf_fini(&path);
	return kept == NULL ? ST_NOMEM : ST_OK;
}

static enum status
add_rule(struct robots *r, const struct line *l)
{
	struct robots_rule *to = &r->rules[r->rule_count];
	bool allow = is_key(l, "allow");

	if ((!allow && !is_key(l, "disallow")) || l->value.len == 0 ||
	    r->rule_count == ROBOTS_RULES)
		return ST_OK;
	to->allow = allow;
	r->rule_count++;
	return one_spelling(r, l->value, &to->path);
}

static void
add_delay(struct robots *r, struct span value)
{
	struct span whole = span_of(value.ptr, str_find(value, '.'));
	uint64_t s = 0;

	if (str_to_u64(whole, 0, 86400, &s) != ST_OK)
		return;
	r->delay_ms =
	    s * 1000 > DELAY_MAX_MS ? DELAY_MAX_MS : (uint32_t)(s * 1000);
	if (s == 0 && whole.len < value.len)
		r->delay_ms = 1000; /* "0.5": gentler than asked */
}

/* All groups of one name; *met: there is one. */
static enum status
read_groups(struct robots *r, struct span text, const char *name, bool *met)
{
	bool in = false, agents = false;
	enum status st = ST_OK;
	struct line l;

	*met = false;
	while (st == ST_OK && next_line(&text, &l)) {
		if (is_key(&l, "user-agent")) {
			bool us = name == NULL ? str_is(l.value, "*")
					       : names_us(l.value, name);

			in = agents ? in || us : us;
			agents = true;
			*met = *met || us;
			continue;
		}
		if (!is_key(&l, "allow") && !is_key(&l, "disallow") &&
		    !is_key(&l, "crawl-delay"))
			continue; /* such a line ends no group */
		agents = false;
		if (in && is_key(&l, "crawl-delay"))
			add_delay(r, l.value);
		else if (in)
			st = add_rule(r, &l);
	}
	return st;
}

static enum status
read_sitemaps(struct robots *r, struct span text)
{
	struct line l;

	while (r->sitemap_count < ROBOTS_SITEMAPS && next_line(&text, &l)) {
		char *kept;

		if (!is_key(&l, "sitemap"))
			continue;
		kept = arena_str(&r->memory, l.value);
		if (kept == NULL)
			return ST_NOMEM;
		r->sitemaps[r->sitemap_count++] = span_of(kept, l.value.len);
	}
	return ST_OK;
}

enum status
robots_parse(struct robots *r, struct span text, const char *name)
{
	enum status st;
	bool met;

	if (text.len > ROBOTS_MAX)
		text.len = ROBOTS_MAX;
	if (text.len >= 3 && memcmp(text.ptr, "\xEF\xBB\xBF", 3) == 0)
		text = span_skip(text, 3);
	r->rules = arena_array(&r->memory, ROBOTS_RULES, sizeof(r->rules[0]));
	if (r->rules == NULL)
		return ST_NOMEM;
	st = read_groups(r, text, name, &met);
	if (st == ST_OK && !met)
		st = read_groups(r, text, NULL, &met);
	return st == ST_OK ? read_sitemaps(r, text) : st;
}

/* ---- the question ----------------------------------------------------------
 */

/* Each * as short as it can be: enough, since only the end may be held. */
static bool
fits(struct span rule, struct span path)
{
	bool held = rule.len > 0 && rule.ptr[rule.len - 1] == '$';
	size_t i = 0, j = 0, star = SIZE_MAX, back = 0;

	if (held)
		rule.len--;
	while (i < path.len) {
		if (j < rule.len && rule.ptr[j] == '*') {
			star = j++;
			back = i;
		} else if (j < rule.len && rule.ptr[j] == path.ptr[i]) {
			i++;
			j++;
		} else if (j == rule.len && !held) {
			return true;
		} else if (star != SIZE_MAX) {
			j = star + 1;
			i = ++back;
		} else {
			return false;
		}
	}
	while (j < rule.len && rule.ptr[j] == '*')
		j++;
	return j == rule.len;
}

bool
robots_allows(const struct robots *r, struct span path)
{
	bool allow = true;
	size_t longest = 0;

	if (str_is(path, "/robots.txt"))
		return true;
	if (r->nothing)
		return false;
	for (size_t i = 0; i < r->rule_count; i++) {
		const struct robots_rule *rule = &r->rules[i];

		if (rule->path.len < longest ||
		    (rule->path.len == longest && !rule->allow && allow &&
		     longest > 0))
			continue;
		if (!fits(rule->path, path))
			continue;
		allow = rule->path.len == longest ? allow || rule->allow
						  : rule->allow;
		longest = rule->path.len;
	}
	return allow;
}
