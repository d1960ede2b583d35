#ifndef UNIT_SCAN_FAMILY_H
#define UNIT_SCAN_FAMILY_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

/* Processes below ours of that name, in that state ('*': any but dead). */
struct search {
	const char *name;
	char state;
	pid_t pids[16];
	size_t n;
};

static inline bool
is_wanted(const struct search *q, pid_t pid)
{
	char path[64], line[256] = "", want[64];
	const char *end;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	f = fopen(path, "re");
	if (f == NULL)
		return false;
	if (fgets(line, sizeof(line), f) == NULL)
		line[0] = 0;
	fclose(f);
	snprintf(want, sizeof(want), "(%s) ", q->name);
	end = strstr(line, want);
	if (end == NULL)
		return false;
	end += strlen(want);
	return q->state == '*' ? *end != 'Z' && *end != 'X' : *end == q->state;
}

static inline void
each_child(struct search *q, pid_t parent)
{
	char path[64], *line = NULL, *p, *end;
	size_t room = 0;
	FILE *f;

	if (q->n < 16 && is_wanted(q, parent))
		q->pids[q->n++] = parent;
	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", parent,
		 parent);
	f = fopen(path, "re");
	if (f == NULL)
		return;
	if (getline(&line, &room, f) > 0)
		for (p = line; *p != 0; p = end) {
			long pid = strtol(p, &end, 10);

			if (end == p)
				break;
			each_child(q, (pid_t)pid);
		}
	free(line);
	fclose(f);
}

#endif
