#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "scan/clean_how.h"
#include "scan/director.h"

/*
 * The file of what is known lies beside the compiled patterns: a folder that
 * only we write. Whatever goes wrong with it costs time and no result.
 */
void
unchanged_open(struct scan *s)
{
	uint8_t how[CLEAN_HOW];
	char folder[PATH_MAX];
	const char *slash = strrchr(s->cache, '/');
	enum status st;

	if (!s->order.skip_unchanged || slash == NULL || s->options.texts)
		return;
	snprintf(folder, sizeof(folder), "%.*s", (int)(slash - s->cache),
		 s->cache);
	st = clean_how(&s->order, &s->options, how);
	if (st == ST_OK)
		st = clean_open(folder, how, &s->clean);
	if (st == ST_OK)
		st = clean_map(clean_fd(s->clean), &s->known);
	if (st == ST_OK)
		return;
	log_warn("what earlier scans read is not known, all is read: %s",
		 status_text(st));
	unchanged_close(s);
}

void
unchanged_save(struct scan *s)
{
	enum status st;

	if (s->clean == NULL)
		return;
	/* one that went on from a position did not meet what lies before it */
	st = clean_save(s->clean,
			s->outcome == SCAN_DONE && s->order.cursor.len == 0);
	if (st != ST_OK)
		log_warn("what was read is not remembered: %s",
			 status_text(st));
	unchanged_close(s);
}

void
unchanged_close(struct scan *s)
{
	buf_fini(&s->past);
	clean_unmap(&s->known);
	clean_close(s->clean);
	s->clean = NULL;
}
