#include "proxy-agent/source/files/host_impl.h"

#include "base/str.h"
#include "proxy-agent/session/sftp.h"

/* File systems that a kernel makes up, by the places where they stand. */
bool
host_is_pseudo(struct span path)
{
	static const char *const places[] = {"/proc", "/sys", "/dev"};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (str_is(path, places[i]))
			return true;
	return false;
}

/* Where the walk is, as far as the host tells. What shows the target's own file
 * system in another place is no other. */
static enum mounts_kind
kind_here(struct source *s)
{
	const struct span table = buf_span(&s->table);
	const struct span path = buf_span(&s->walk.path);
	struct mounts_line m;
	bool pseudo = false;

	if (table.len > 0 && s->walk.folders.depth > 1)
		return mounts_find(table, path, &m) &&
			       !span_eq(m.device, s->own.device)
			   ? m.kind
			   : MOUNTS_DISK;
	if (mounts_above(table, path, &s->own))
		return s->own.kind;
	walk_need(door_pseudo(&s->door, path, &pseudo));
	return pseudo ? MOUNTS_KERNEL : MOUNTS_DISK;
}

/* The target itself is read wherever it lies. */
bool
host_leaves_out(struct source *s)
{
	s->left_out = kind_here(s);
	if (s->walk.folders.depth == 1) {
		s->skips_pseudo = s->left_out != MOUNTS_KERNEL;
		return false;
	}
	if (s->left_out == MOUNTS_KERNEL)
		return s->skips_pseudo;
	return s->left_out != MOUNTS_DISK && !s->mounts;
}

/*
 * What is mounted on a host, by its own account, once: that costs no question
 * for each folder. A server that has no such file, or not all of it, is asked
 * for each folder whether its file system has blocks.
 */
enum status
host_read_mounts(struct source *s)
{
	struct door_file f = {0};
	size_t got = 1;
	enum status st = door_begin(&s->door, span_str("/proc/self/mountinfo"),
				    UINT64_MAX, &f);

	while (st == ST_OK && got > 0) {
		st = buf_reserve(&s->table, SFTP_PIECE);
		if (st == ST_OK)
			st = door_read(&f, s->table.data + s->table.len,
				       SFTP_PIECE, &got);
		s->table.len += st == ST_OK ? got : 0;
	}
	door_end(&f);
	if (st != ST_OK)
		buf_clear(&s->table);
	return host_is_fatal(st) ? st : ST_OK;
}
