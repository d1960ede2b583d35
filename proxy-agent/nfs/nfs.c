#include "proxy-agent/nfs/nfs.h"

#include <stdio.h>
#include <sys/stat.h>

#include "proxy-agent/nfs/nfs_impl.h"

static void
drop_first(struct source *s)
{
	struct ahead *a = &s->ahead[s->ring.first];

	flow_end(a->flow);
	a->flow = NULL;
	ring_drop(&s->ring);
}

/* A handle that went stale: the name may stand for a new file by now. */
static enum fault
begin_again(struct source *s, struct ahead *a)
{
	struct span name = span_skip(buf_span(&a->path), a->name);
	struct attr attr;
	enum fault f;

	while (name.len > 0 && name.ptr[0] == '/')
		name = span_skip(name, 1);
	flow_end(a->flow);
	a->flow = NULL;
	f = nfs_alive(s, s->site.share.dialect->lookup(
			     &s->site.share, &a->folder, name, a->who, &attr));
	if (f != FAULT_NONE)
		return f;
	if (!S_ISREG(attr.mode))
		return FAULT_KIND;
	nfs_fill_entry(&a->entry, &attr);
	a->has_owner = attr.has_owner;
	nfs_begin(s, a, &attr.handle);
	if (a->flow == NULL)
		return (enum fault)a->fault;
	return nfs_alive(s, flow_first(a->flow));
}

static void
settle(struct source *s, struct ahead *a)
{
	enum fault f;

	if (a->flow == NULL)
		return;
	f = nfs_alive(s, flow_first(a->flow));
	if (f == FAULT_STALE && a->folder.len > 0)
		f = begin_again(s, a);
	a->fault = (uint8_t)f;
	a->reason = fault_reason(f);
}

static struct span
detail_of(struct source *s, const struct ahead *a)
{
	const struct who me = s->site.target.who;
	const uint32_t owner = a->entry.uid;

	s->said[0] = '\0';
	if (a->flow != NULL && flow_as_owner(a->flow))
		snprintf(s->said, sizeof(s->said),
			 "read in the name of its owner, uid %u: refused to "
			 "uid %u",
			 owner, me.uid);
	else if (a->by_owner)
		snprintf(s->said, sizeof(s->said),
			 "its folder was listed in the name of that folder's "
			 "owner, uid %u: refused to uid %u",
			 a->who.uid, me.uid);
	else if (a->reason == COVER_MOUNT)
		return span_str("another file system is mounted here: make it "
				"a target of its own, or say mounts=yes");
	else if (a->fault == FAULT_DENIED && !s->site.target.owner)
		snprintf(s->said, sizeof(s->said), "refused to uid %u", me.uid);
	else if (a->fault == FAULT_DENIED && !a->has_owner)
		snprintf(s->said, sizeof(s->said),
			 "refused to uid %u; whose it is the server tells by a "
			 "name, not by a number",
			 me.uid);
	else if (a->fault == FAULT_DENIED)
		snprintf(s->said, sizeof(s->said),
			 "refused to uid %u and to its owner, uid %u", me.uid,
			 owner);
	else
		return span_str(fault_text((enum fault)a->fault));
	return span_str(s->said);
}

static enum status
source_next(struct source *s, struct source_item *item)
{
	struct ahead *a;

	if (s->ring.at_hand)
		drop_first(s);
	nfs_fill(s);
	if (s->ring.count == 0)
		return s->lost ? ST_AGAIN : ST_EOF;
	s->ring.at_hand = true;
	a = &s->ahead[s->ring.first];
	settle(s, a);
	if (a->fault == FAULT_LOST) /* before any of its bytes came */
		return ST_AGAIN;
	*item = (struct source_item){
	    .path = walk_show(&s->walk, &a->path),
	    .size = a->entry.size,
	    .mtime = a->entry.mtime,
	    .mode = a->entry.mode,
	    .uid = a->entry.uid,
	    .gid = a->entry.gid,
	    .reason = a->reason,
	    .folder = a->is_folder,
	    .trickle = true,
	    .detail = detail_of(s, a),
	    .version = span_str(a->version),
	};
	return ST_OK;
}

static enum status
source_read(struct source *s, void *dst, size_t n, size_t *got)
{
	struct ahead *a = &s->ahead[s->ring.first];
	enum fault f;

	*got = 0;
	if (a->flow == NULL)
		return ST_OK;
	f = nfs_alive(s, flow_read(a->flow, dst, n, got));
	if (f == FAULT_LOST)
		return ST_AGAIN;
	return f == FAULT_NONE ? ST_OK : ST_IO;
}

static enum status
source_cursor(const struct source *s, struct buf *to)
{
	return walk_cursor(&s->walk, &s->ahead[s->ring.first].path, to);
}

const struct source_ops nfs_source = {
    .scheme = "nfs",
    .open = nfs_source_open,
    .next = source_next,
    .read = source_read,
    .cursor = source_cursor,
    .close = nfs_source_close,
    .paced = true,
};
