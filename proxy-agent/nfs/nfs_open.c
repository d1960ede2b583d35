#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "proxy-agent/nfs/nfs_impl.h"

void
nfs_source_close(struct source *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < AHEAD; i++) {
		flow_end(s->ahead[i].flow);
		buf_fini(&s->ahead[i].path);
	}
	share_close(&s->site.share);
	walk_fini(&s->walk);
	free(s->places);
	exports_fini(&s->site.exports);
	free(s);
}

static enum fault
add_exports(struct source *s)
{
	const char *at = (const char *)s->site.exports.names.data;
	const struct tail tail = {0};
	struct span name;

	for (uint32_t i = 0; i < s->site.exports.count;
	     i++, at += strlen(at) + 1) {
		const struct folder_entry e = {0};
		enum status st;

		name = span_skip(span_str(at), 1);
		if (exports_above(&s->site.exports, span_str(at)))
			continue; /* met on the way down from that one */
		st = folders_add(&s->walk.folders, name, &e);
		if (st == ST_OK)
			st = folders_keep(&s->walk.folders,
					  span_of(&tail, sizeof(tail)));
		if (st != ST_OK)
			return FAULT_LIMIT;
	}
	folders_sort(&s->walk.folders);
	return FAULT_NONE;
}

/* The list of exports as the first folder, without a handle. */
static enum fault
enter_all(struct source *s)
{
	if (folders_push(&s->walk.folders, s->walk.path.len) != ST_OK)
		return FAULT_LIMIT;
	*nfs_here(s) = (struct place){.who = s->site.target.who};
	return add_exports(s);
}

static void
open_root(struct source *s, const struct source_target *t,
	  const struct attr *root)
{
	struct place p = {
	    .handle = root->handle,
	    .who = s->site.target.who,
	    .fsid = root->fsid,
	    .has_fsid = root->has_fsid,
	};
	struct folder_entry e = {0};
	struct ahead *a;
	enum fault f = FAULT_NONE;

	nfs_fill_entry(&e, root);
	p.entry = e;
	s->walk.base = s->walk.path.len;
	if (S_ISDIR(e.mode)) {
		f = root->handle.len == 0 ? enter_all(s) : nfs_enter(s, &p);
		if (f == FAULT_NONE) {
			nfs_resume(s, t->cursor);
			return;
		}
	}
	s->walk.single = true;
	a = nfs_ahead(s, &e, f);
	a->is_folder = S_ISDIR(e.mode);
	a->has_owner = root->has_owner;
	if (S_ISREG(e.mode))
		nfs_begin(s, a, &root->handle);
	else if (f == FAULT_NONE)
		a->reason = S_ISLNK(e.mode) ? COVER_LINK : COVER_SPECIAL;
}

/* The path of the target as the server has it, without a slash behind. */
static enum status
take_path(struct source *s)
{
	enum status st = url_decode(s->site.target.url.path, &s->walk.path);

	while (s->walk.path.len > 0 &&
	       s->walk.path.data[s->walk.path.len - 1] == '/')
		s->walk.path.len--;
	if (st == ST_OK && s->walk.path.len == 0)
		st = buf_add_byte(&s->walk.path, '/');
	return st;
}

static enum status
prepare(struct source *s, const struct source_target *t)
{
	enum status st;

	s->site.patience = patience_of(&t->options);
	s->site.patience.pace = t->pace;
	s->ring.room = AHEAD;
	exports_init(&s->site.exports);
	for (size_t i = 0; i < AHEAD; i++)
		buf_init(&s->ahead[i].path, WALK_PATH);
	st = walk_init(&s->walk, t);
	if (st != ST_OK)
		return st;
	s->places = calloc(FOLDERS_DEPTH, sizeof(*s->places));
	if (s->places == NULL)
		return ST_NOMEM;
	st = target_of(t, &s->site.target);
	if (st != ST_OK)
		return st;
	s->site.share.host = s->site.target.url.host;
	s->site.share.mount_port = s->site.target.mount_port;
	s->site.share.patience = &s->site.patience;
	s->site.share.why = t->why;
	st = walk_root(&s->walk, &s->site.target.url, "");
	return st == ST_OK ? take_path(s) : st;
}

enum status
nfs_source_open(const struct source_target *t, struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	struct attr root = {0};
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	st = prepare(s, t);
	if (st == ST_OK)
		st = site_find(&s->site, t, buf_span(&s->walk.path), &root);
	if (st != ST_OK) {
		nfs_source_close(s);
		return st;
	}
	s->site.share.why = NULL; /* it is over when open() returns */
	open_root(s, t, &root);
	*out = s;
	return ST_OK;
}
