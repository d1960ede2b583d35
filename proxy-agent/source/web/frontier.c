#include "proxy-agent/source/web/frontier.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/session/href.h"

#define MEMORY_MAX (48u << 20) /* bytes of addresses */
#define PARAMS_MAX 64

/* Parameters that say who asks or from where, not what. */
static const char idle_names[] =
    "phpsessid jsessionid sessionid session_id sid aspsessionid cfid cftoken "
    "utm_source utm_medium utm_campaign utm_term utm_content utm_id gclid "
    "fbclid msclkid mc_cid mc_eid _ga";

enum status
frontier_open(struct frontier *f, size_t max)
{
	enum status st;

	memset(f, 0, sizeof(*f));
	f->max = max;
	arena_init(&f->memory, MEMORY_MAX);
	st = table_open(2 * max + 1024, &f->seen);
	return st == ST_OK ? table_open(max + 1024, &f->paths) : st;
}

void
frontier_close(struct frontier *f)
{
	table_close(f->seen);
	table_close(f->paths);
	free(f->now);
	free(f->next);
	arena_fini(&f->memory);
	memset(f, 0, sizeof(*f));
}

/* ---- what makes two addresses one ------------------------------------------
 */

static int
by_bytes(const void *a, const void *b)
{
	const struct span *one = a, *two = b;

	return str_order(*one, *two);
}

static bool
is_idle(struct span param)
{
	char name[24];
	size_t n = str_find(param, '=');

	if (param.ptr == NULL || n >= sizeof(name))
		return false;
	for (size_t i = 0; i < n; i++) {
		uint8_t c = param.ptr[i];

		name[i] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
	}
	return n > 0 && str_listed(idle_names, span_of(name, n));
}

/* Without ";jsessionid=..." */
static enum status
add_path(struct buf *to, struct span path)
{
	size_t n = str_find(path, ';');

	if (n < path.len && is_idle(span_skip(path, n + 1)))
		path.len = n;
	return buf_add(to, path.ptr, path.len);
}

static enum status
add_params(struct buf *to, struct span query)
{
	struct span params[PARAMS_MAX], part;
	enum status st = ST_OK;
	size_t n = 0;

	while (n < PARAMS_MAX && str_next(&query, '&', &part))
		if (part.len > 0 && !is_idle(part))
			params[n++] = part;
	if (n > 1)
		qsort(params, n, sizeof(params[0]), by_bytes);
	for (size_t i = 0; i < n && st == ST_OK; i++) {
		st = buf_add_byte(to, i == 0 ? '?' : '&');
		if (st == ST_OK)
			st = buf_add(to, params[i].ptr, params[i].len);
	}
	return st == ST_OK ? buf_add(to, query.ptr, query.len) : st;
}

/* *path: how much of the key is the path. */
static enum status
make_key(struct span url, struct buf *key, size_t *path)
{
	struct href u;
	enum status st;

	href_split(url, &u);
	st = buf_addf(key, "%.*s://%.*s", (int)u.scheme.len,
		      (const char *)u.scheme.ptr, (int)u.authority.len,
		      (const char *)u.authority.ptr);
	if (st == ST_OK)
		st = add_path(key, u.path);
	*path = key->len;
	return st == ST_OK ? add_params(key, u.query) : st;
}

/* ---- endless sites ---------------------------------------------------------
 */

static bool
winds(struct span url)
{
	struct span parts[FRONTIER_PARTS], rest, part;
	struct href u;
	size_t n = 0, same;

	href_split(url, &u);
	rest = u.path;
	while (str_next(&rest, '/', &part)) {
		if (part.len == 0)
			continue;
		if (n == FRONTIER_PARTS)
			return true;
		same = 0;
		for (size_t i = 0; i < n; i++)
			same += span_eq(parts[i], part);
		if (same >= FRONTIER_SAME)
			return true;
		parts[n++] = part;
	}
	return false;
}

/* One more query of a path; true: too many. */
static bool
is_flood(struct frontier *f, struct span path)
{
	uint32_t *count = table_find(f->paths, path);

	if (count == NULL) {
		count = arena_take(&f->memory, sizeof(*count));
		if (count == NULL || table_put(f->paths, path, count) != ST_OK)
			return true;
	}
	return ++*count > FRONTIER_QUERIES;
}

static void
note_trap(struct frontier *f, struct span url)
{
	char *kept;

	if (f->trap_count == FRONTIER_TRAPS)
		return;
	kept = arena_str(&f->memory, url);
	if (kept != NULL)
		f->traps[f->trap_count++] = span_of(kept, url.len);
}

/* ---- levels ----------------------------------------------------------------
 */

static bool
is_new(struct frontier *f, struct span url, bool guard)
{
	struct buf key;
	size_t path = 0;
	bool new = false;

	buf_init(&key, 2 * HREF_MAX);
	if (make_key(url, &key, &path) != ST_OK ||
	    table_find(f->seen, buf_span(&key)) != NULL)
		goto done;
	if (table_put(f->seen, buf_span(&key), f) != ST_OK) {
		f->full = true;
		goto done;
	}
	new = true;
	if (!guard)
		goto done;
	if (winds(url) ||
	    (key.len > path && is_flood(f, span_of(key.data, path)))) {
		uint32_t *count = table_find(f->paths, span_of(key.data, path));

		if (count == NULL || *count == FRONTIER_QUERIES + 1)
			note_trap(f, url);
		new = false;
	}
done:
	buf_fini(&key);
	return new;
}

bool
frontier_meet(struct frontier *f, struct span url)
{
	return is_new(f, url, false);
}

enum status
frontier_add(struct frontier *f, struct span url)
{
	char *kept;

	if (f->full || !is_new(f, url, true))
		return ST_OK;
	if (f->total == f->max) {
		f->full = true;
		return ST_OK;
	}
	if (f->next_count == f->next_room) {
		size_t room = f->next_room == 0 ? 256 : 2 * f->next_room;
		struct span *more = realloc(f->next, room * sizeof(f->next[0]));

		if (more == NULL)
			return ST_NOMEM;
		f->next = more;
		f->next_room = room;
	}
	kept = arena_str(&f->memory, url);
	if (kept == NULL) {
		f->full = true;
		return ST_OK;
	}
	f->next[f->next_count++] = span_of(kept, url.len);
	f->total++;
	return ST_OK;
}

bool
frontier_turn(struct frontier *f)
{
	free(f->now);
	f->now = f->next;
	f->now_count = f->next_count;
	f->next = NULL;
	f->next_count = f->next_room = 0;
	f->at = 0;
	f->level++;
	if (f->now_count > 1)
		qsort(f->now, f->now_count, sizeof(f->now[0]), by_bytes);
	return f->now_count > 0;
}
