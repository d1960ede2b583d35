#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "scan/director.h"
#include "sys/file.h"

#define PAST_MAX (32u << 20) /* bytes that a source keeps of a target */

/*
 * A file beside that of what is unchanged, for the same scans: what a source
 * keeps has to do with nothing else. Without it more is asked for, and no less
 * is found.
 */
static bool
name_file(const struct scan *s, uint32_t root, char path[PATH_MAX])
{
	int n = s->clean == NULL ? -1
				 : snprintf(path, PATH_MAX, "%s.%u",
					    clean_path(s->clean), root);

	return n > 0 && n < PATH_MAX;
}

int
past_open(struct scan *s)
{
	char path[PATH_MAX];

	buf_fini(&s->past);
	buf_init(&s->past, PAST_MAX);
	s->past_root = s->root;
	return name_file(s, s->root, path)
		   ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
		   : -1;
}

void
past_hear(struct scan *s, bool last, struct span part)
{
	char path[PATH_MAX];
	enum status st = buf_add(&s->past, part.ptr, part.len);

	if (st == ST_OK && !last)
		return;
	if (st == ST_OK && name_file(s, s->past_root, path))
		st = file_replace(path, buf_span(&s->past), 0600);
	if (st != ST_OK)
		log_warn("what stood in a target is not remembered, the next "
			 "scan lists all of it anew: %s",
			 status_text(st));
	buf_clear(&s->past);
}
