#include <archive_entry.h>
#include <string.h>

#include "extract/archive/lib_impl.h"
#include "extract/archive/once.h"
#include "extract/made.h"

#define GAP_FILLED (64 * 1024) /* longer holes of a sparse member are left */

/* The next block of the member; false at its end. */
bool
lib_next_block(struct lib *l)
{
	const void *block;
	la_int64_t off;
	int r;

	do
		r = archive_read_data_block(l->a, &block, &l->len, &off);
	while (r == ARCHIVE_RETRY && !l->x->stop);
	if (r == ARCHIVE_WARN)
		lib_note_error(l);
	if (r != ARCHIVE_OK && r != ARCHIVE_WARN) {
		l->len = 0;
		if (r != ARCHIVE_EOF) {
			lib_note_error(l);
			l->broken = true;
		}
		/* asked on, the library reads a block of a cabinet that it
		   found invalid */
		l->over = r == ARCHIVE_FATAL &&
			  archive_format(l->a) == ARCHIVE_FORMAT_CAB;
		return false;
	}
	l->block = block;
	l->gap = off > l->at && off - l->at <= GAP_FILLED ? off - l->at : 0;
	l->at = off + (la_int64_t)l->len;
	return true;
}

static enum status
data_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct lib *l = arg;

	*got = 0;
	while (l->len == 0 && l->gap == 0)
		if (!lib_next_block(l))
			return l->x->stop || l->broken ? ST_LIMIT : ST_OK;
	if (l->gap > 0) {
		n = n < (size_t)l->gap ? n : (size_t)l->gap;
		memset(dst, 0, n);
		l->gap -= (la_int64_t)n;
	} else {
		n = n < l->len ? n : l->len;
		memcpy(dst, l->block, n);
		l->block += n;
		l->len -= n;
	}
	*got = n;
	return job_spend(l->x, n) ? ST_OK : ST_LIMIT;
}

struct part
lib_data(struct lib *l)
{
	l->len = 0;
	l->gap = l->at = 0;
	l->broken = false;
	return (struct part){.arg = l, .read = data_read, .size = UINT64_MAX};
}

static struct span
name_of(struct archive_entry *e)
{
	const char *name = archive_entry_pathname(e);

	if (name == NULL)
		name = archive_entry_pathname_utf8(e);
	return span_str(name);
}

static void
put_line(struct made *m, struct span s)
{
	if (s.len == 0)
		return;
	made_text(m, s);
	made_byte(m, '\n');
}

/* What people wrote beside the content is content, too. */
static void
put_names(struct made *m, struct archive_entry *e)
{
	const void *value;
	const char *key;
	size_t len;

	put_line(m, name_of(e));
	put_line(m, span_str(archive_entry_symlink(e)));
	put_line(m, span_str(archive_entry_hardlink(e)));
	archive_entry_xattr_reset(e);
	while (archive_entry_xattr_next(e, &key, &value, &len) == ARCHIVE_OK) {
		made_text(m, span_str(key));
		made_byte(m, '=');
		put_line(m, span_of(value, len));
	}
}

static bool
has_data(struct archive_entry *e)
{
	if (archive_entry_filetype(e) == AE_IFDIR ||
	    archive_entry_filetype(e) == AE_IFLNK)
		return false;
	return !archive_entry_size_is_set(e) || archive_entry_size(e) > 0;
}

static enum status
read_entry(struct lib *l, struct archive_entry *e, struct once *once)
{
	struct span name = name_of(e);
	uint8_t unique[JOB_NAME_MAX];
	size_t len = name.len < sizeof(unique) ? name.len : sizeof(unique);
	struct part inner;

	if (len > 0)
		memcpy(unique, name.ptr, len);
	once_name(once, unique, &len);
	if (!has_data(e))
		return ST_OK;
	inner = lib_data(l);
	return job_member(l->x, &inner, span_of(unique, len));
}

static size_t
say_names(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	static const char word[] = "names";

	(void)arg;
	(void)m;
	if (room < sizeof(word))
		return 0;
	memcpy(dst, word, sizeof(word) - 1);
	return sizeof(word) - 1;
}

/* All members. */
static enum status
walk(struct lib *l, struct made *names, struct outcome *o)
{
	struct archive_entry *e = NULL;
	struct once once = {0};
	enum status st = ST_OK;
	int r = ARCHIVE_OK;

	while (st == ST_OK && !l->x->stop && !l->over) {
		r = archive_read_next_header(l->a, &e);
		if (r == ARCHIVE_WARN)
			lib_note_error(l);
		else if (r != ARCHIVE_OK)
			break;
		o->count++;
		if (!job_count(l->x))
			break;
		put_names(names, e);
		st = read_entry(l, e, &once);
		if (l->over)
			r = ARCHIVE_FATAL;
	}
	o->broken = r != ARCHIVE_OK && r != ARCHIVE_WARN && r != ARCHIVE_EOF;
	if (o->broken)
		lib_note_break(l);
	once_close(&once);
	return st;
}

enum status
lib_walk(struct lib *l, struct outcome *o)
{
	struct made *names;
	enum status st, end;

	st = made_begin(l->x, &names, say_names, NULL);
	if (st != ST_OK)
		return st;
	made_mark(names, 0, 0);
	st = walk(l, names, o);
	end = made_end(names);
	return st != ST_OK ? st : end;
}
