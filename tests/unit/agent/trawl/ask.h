#ifndef UNIT_AGENT_TRAWL_ASK_H
#define UNIT_AGENT_TRAWL_ASK_H

#include "tests/unit/agent/trawl/child.h"

#include <signal.h>
#include <sys/stat.h>

#include "agent/trawl/commands.h"
#include "sys/file.h"
#include "sys/proc.h"

/* ask: a command of trawl in a process of its own, with these words. */
#define ASK_WORDS 8

struct ask {
	int (*command)(int argc, char **argv);
	const char *words[ASK_WORDS]; /* behind its name, ends with NULL */
};

static inline int
ask_run(const void *arg)
{
	const struct ask *a = arg;
	static char copy[ASK_WORDS + 1][256] = {"command"};
	char *argv[ASK_WORDS + 2] = {copy[0]};
	int argc = 1;

	for (; argc <= ASK_WORDS && a->words[argc - 1] != NULL; argc++) {
		snprintf(copy[argc], sizeof(copy[0]), "%s", a->words[argc - 1]);
		argv[argc] = copy[argc];
	}
	signal(SIGPIPE, SIG_IGN);
	return a->command(argc, argv);
}

static inline struct child
ask(const struct ask *a)
{
	return child_run(ask_run, a);
}

static inline void
assert_has(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("no \"%s\" in: %s", part, text);
}

/* A folder for all tests of a program; compiled patterns are kept in it. */
static inline int
ask_folder(void **state)
{
	static char root[] = "/tmp/trawl-ask.XXXXXX";
	char cache[64];

	if (mkdtemp(root) == NULL)
		return -1;
	snprintf(cache, sizeof(cache), "%s/cache", root);
	*state = root;
	return chmod(root, 0755) == 0 ? setenv("TRAWL_CACHE", cache, 1) : -1;
}

static inline int
ask_folder_remove(void **state)
{
	return file_remove_tree(*state) == ST_OK ? 0 : -1;
}

#endif
