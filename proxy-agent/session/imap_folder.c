#include <string.h>

#include "base/str.h"
#include "proxy-agent/session/imap_impl.h"
#include "proxy-agent/session/imap_text.h"

struct folder_ear {
	imap_each_folder *each;
	void *arg;
	size_t count;
};

static bool
is_container(struct span flags)
{
	static const char *const words[] = {"\\Noselect", "\\NonExistent"};

	for (size_t i = 0; i < 2; i++)
		if (memmem(flags.ptr, flags.len, words[i], strlen(words[i])))
			return true;
	return false;
}

/* The name with '/' between levels; a '/' within one is none, so '|'. */
static enum status
nice_name(struct buf *to, struct span raw, struct span level)
{
	size_t from = to->len;
	enum status st = imap_folder_name(to, raw);

	if (st != ST_OK || level.len != 1 || level.ptr[0] == '/')
		return st;
	for (size_t i = from; i < to->len; i++)
		if (to->data[i] == '/')
			to->data[i] = '|';
		else if (to->data[i] == level.ptr[0])
			to->data[i] = '/';
	return ST_OK;
}

/* "* LIST (\HasNoChildren) "." INBOX.Sent" */
static enum status
see_folder(void *arg, struct imap *m, struct span line)
{
	struct folder_ear *e = arg;
	struct imap_folder f = {0};
	struct buf raw, name;
	struct span level, word;
	size_t close;
	enum status st;

	(void)m;
	if (!str_starts(line, "* LIST (") || e->count >= IMAP_FOLDERS)
		return ST_OK;
	close = str_find(line, ')');
	f.container = is_container(span_of(line.ptr, close));
	line = span_skip(line, close + 1);
	if (!imap_word(&line, &level) || !imap_word(&line, &word))
		return ST_OK;
	buf_init(&raw, IMAP_NAME);
	buf_init(&name, (size_t)4 * IMAP_NAME);
	st = imap_plain(&raw, word);
	if (st == ST_OK)
		st = nice_name(&name, buf_span(&raw), level);
	f.raw = buf_span(&raw);
	f.name = buf_span(&name);
	if (st == ST_OK)
		e->each(e->arg, &f);
	e->count++;
	buf_fini(&raw);
	buf_fini(&name);
	return st == ST_LIMIT ? ST_OK : st;
}

enum status
imap_folders(struct imap *m, imap_each_folder *each, void *arg)
{
	struct folder_ear e = {.each = each, .arg = arg};

	return imap_command(m, "LIST \"\" \"*\"", span_of(NULL, 0), see_folder,
			    &e);
}

static enum status
see_box(void *arg, struct imap *m, struct span line)
{
	struct imap_box *box = arg;
	struct span rest;
	uint64_t n;

	(void)m;
	if (imap_numbered(line, span_str("EXISTS"), &n, &rest))
		box->exists = imap_small(n);
	else if (str_starts(line, "* OK [UIDVALIDITY ") ||
		 str_starts(line, "* OK [UIDNEXT ")) {
		struct span code = span_skip(line, strlen("* OK ["));

		code.len = str_find(code, ']');
		if (imap_number_of(code, "UIDVALIDITY", &n))
			box->validity = imap_small(n);
		else if (imap_number_of(code, "UIDNEXT", &n))
			box->next = imap_small(n);
	}
	return ST_OK;
}

/* The code of a refusal: RFC 5530, 3. */
enum status
imap_examine(struct imap *m, struct span raw, struct imap_box *box)
{
	enum status st;

	*box = (struct imap_box){0};
	buf_clear(&m->gone);
	st = imap_command(m, "EXAMINE", raw, see_box, box);
	return st == ST_DENIED &&
		       str_starts(span_str(m->trouble), "[NONEXISTENT]")
		   ? ST_NOTFOUND
		   : st;
}
