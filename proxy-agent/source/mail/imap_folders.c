#include "proxy-agent/source/mail/imap_folders.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "source/url.h"

static bool
copy(struct imap_place *to, const struct imap_folder *f)
{
	to->memory = malloc(f->raw.len + f->name.len + 1);
	if (to->memory == NULL)
		return false;
	memcpy(to->memory, f->raw.ptr, f->raw.len);
	memcpy(to->memory + f->raw.len, f->name.ptr, f->name.len);
	to->raw = span_of(to->memory, f->raw.len);
	to->name = span_of(to->memory + f->raw.len, f->name.len);
	return true;
}

/* The folder itself, or one below it; INBOX is INBOX in any case. */
static bool
wanted(const struct imap_folders *f, struct span name)
{
	struct span want = f->want;

	if (want.len == 0)
		return true;
	if (name.len < want.len ||
	    (name.len > want.len && name.ptr[want.len] != '/'))
		return false;
	return memcmp(name.ptr, want.ptr, want.len) == 0 ||
	       (want.len == 5 &&
		strncasecmp((const char *)name.ptr, "INBOX", 5) == 0 &&
		strncasecmp((const char *)want.ptr, "INBOX", 5) == 0);
}

static bool
let_in(const struct imap_folders *f, struct span name)
{
	for (size_t i = 1; i < name.len; i++)
		if (name.ptr[i] == '/' &&
		    !filter_enters(&f->filter, span_of(name.ptr, i)))
			return false;
	return filter_takes(&f->filter, name, 0, 0);
}

static bool
make_room(struct imap_folders *f)
{
	size_t room = f->room == 0 ? 64 : f->room * 2;
	struct imap_place *more;

	if (f->count < f->room)
		return true;
	more = reallocarray(f->list, room, sizeof(*more));
	if (more == NULL)
		return false;
	f->list = more;
	f->room = room;
	return true;
}

static void
take(void *arg, const struct imap_folder *given)
{
	struct imap_folders *f = arg;

	if (given->container || given->raw.len == 0 || !wanted(f, given->name))
		return;
	f->met = true;
	if (!let_in(f, given->name))
		return;
	if (make_room(f) && copy(&f->list[f->count], given))
		f->count++;
	else
		f->full = true;
}

static int
by_raw(const void *a, const void *b)
{
	const struct imap_place *x = a, *y = b;

	return str_order(x->raw, y->raw);
}

/* "VALIDITY UID RAW" */
static enum status
find_cursor(struct imap_folders *f, struct span cursor)
{
	struct span part[2];
	uint64_t n[2];

	if (cursor.len == 0)
		return ST_OK;
	for (size_t i = 0; i < 2; i++)
		if (!str_next(&cursor, ' ', &part[i]) ||
		    str_to_u64(part[i], 0, UINT32_MAX, &n[i]) != ST_OK)
			return ST_MALFORMED;
	f->validity = (uint32_t)n[0];
	f->uid = (uint32_t)n[1];
	while (f->first < f->count &&
	       str_order(f->list[f->first].raw, cursor) < 0)
		f->first++;
	f->resumed =
	    f->first < f->count && span_eq(f->list[f->first].raw, cursor);
	return ST_OK;
}

static void
drop(struct imap_folders *f)
{
	for (size_t i = 0; i < f->count; i++)
		free(f->list[i].memory);
	f->count = 0;
	f->met = false;
}

enum status
imap_folders_read(struct imap_folders *f, struct imap *m, struct span path,
		  struct span cursor)
{
	struct buf want;
	enum status st;

	drop(f); /* what came of a list that broke off */
	while (path.len > 0 && path.ptr[0] == '/')
		path = span_skip(path, 1);
	while (path.len > 0 && path.ptr[path.len - 1] == '/')
		path.len--;
	buf_init(&want, (size_t)4 * IMAP_NAME);
	st = url_decode(path, &want);
	f->want = buf_span(&want);
	if (st == ST_OK)
		st = imap_folders(m, take, f);
	f->want = span_of(NULL, 0);
	buf_fini(&want);
	if (st == ST_OK && f->full)
		st = ST_NOMEM;
	if (st != ST_OK)
		return st;
	if (!f->met)
		return ST_NOTFOUND;
	if (f->count == 0)
		return ST_OK;
	qsort(f->list, f->count, sizeof(*f->list), by_raw);
	return find_cursor(f, cursor);
}

void
imap_folders_fini(struct imap_folders *f)
{
	drop(f);
	free(f->list);
	*f = (struct imap_folders){0};
}

bool
imap_folders_resumed(const struct imap_folders *f,
		     const struct imap_place *place, uint32_t validity,
		     uint32_t *uid)
{
	if (!f->resumed || place != &f->list[f->first] ||
	    validity != f->validity)
		return false;
	*uid = f->uid;
	return true;
}
