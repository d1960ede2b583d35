#include "proxy-agent/source/files/sftp.h"

#include "proxy-agent/source/files/host_impl.h"
#include "source/own.h"

static void
drop_first(struct source *s)
{
	struct ahead *a = &s->ahead[s->ring.first];

	door_end(&a->file);
	ring_drop(&s->ring);
}

static struct span
detail_of(const struct ahead *a)
{
	if (a->reason == COVER_OWN)
		return span_str(OWN_PLACE_WORDS);
	return mounts_why(a->reason == COVER_MOUNT ? a->left_out : MOUNTS_DISK);
}

static enum status
source_next(struct source *s, struct source_item *item)
{
	const struct ahead *a;

	if (s->ring.at_hand)
		drop_first(s);
	host_fill(s);
	if (s->ring.count == 0)
		return ST_EOF;
	s->ring.at_hand = true;
	a = &s->ahead[s->ring.first];
	*item = (struct source_item){
	    .path = walk_show(&s->walk, &a->path),
	    .size = a->attr.size,
	    .mtime = a->attr.mtime,
	    .mode = a->attr.mode,
	    .uid = a->attr.uid,
	    .gid = a->attr.gid,
	    .reason = a->reason,
	    .folder = a->folder,
	    .trickle = true,
	    .detail = detail_of(a),
	    .version = span_str(a->version),
	};
	return ST_OK;
}

static enum status
source_read(struct source *s, void *dst, size_t n, size_t *got)
{
	struct ahead *a = &s->ahead[s->ring.first];
	enum status st;

	*got = 0;
	if (!door_began(&a->file))
		return ST_OK;
	st = door_read(&a->file, dst, n, got);
	return host_is_fatal(st) ? ST_AGAIN : st;
}

static enum status
source_cursor(const struct source *s, struct buf *to)
{
	return walk_cursor(&s->walk, &s->ahead[s->ring.first].path, to);
}

const struct source_ops ssh_source = {
    .scheme = "ssh",
    .open = host_open,
    .next = source_next,
    .read = source_read,
    .cursor = source_cursor,
    .close = host_close,
    .paced = true,
};

const struct source_ops sftp_source = {
    .scheme = "sftp",
    .open = host_open,
    .next = source_next,
    .read = source_read,
    .cursor = source_cursor,
    .close = host_close,
    .paced = true,
};
