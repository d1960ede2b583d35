#include "proxy-agent/smb/reading.h"

#define CRUMB (16u * 1024) /* of a file over which the connection broke */

void
reading_begin(struct reading *r, struct cifs *c, struct span path)
{
	*r = (struct reading){.cifs = c, .path = path, .most = READING_PIECE};
}

/*
 * The connection broke, and a piece that was on its way is lost as a whole: the
 * file once more over a new one, from where it was.
 */
static bool
open_again(struct reading *r)
{
	const struct cifs_trouble *t = cifs_trouble(r->error);

	if (!t->lost || t->st != ST_CLOSED || r->most == CRUMB)
		return false;
	r->most = CRUMB;
	cifs_file_end(r->cifs);
	return cifs_file(r->cifs, r->path) == ST_OK &&
	       cifs_seek(r->cifs, r->at) == ST_OK;
}

/*
 * A file of this kind ends where fewer bytes come than were asked for, so that
 * nobody need ask once more.
 */
enum status
reading_next(struct reading *r, void *dst, size_t *got)
{
	enum status st = cifs_read(r->cifs, dst, r->most, got);

	if (st != ST_OK)
		r->error = cifs_error(r->cifs);
	if (st != ST_OK && open_again(r)) {
		st = cifs_read(r->cifs, dst, r->most, got);
		r->error = st == ST_OK ? 0 : cifs_error(r->cifs);
	}
	if (st != ST_OK)
		return st;
	r->at += *got;
	r->end = *got < r->most;
	return ST_OK;
}
