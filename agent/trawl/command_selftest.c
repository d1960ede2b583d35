#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/source/table.h"
#include "agent/trawl/commands.h"
#include "scan/scan.h"

/*
 * Known examples through the real reader, workers and engines: what is not
 * found here would not be found in anybody's files either.
 */
static const struct {
	const char *file, *text, *type;
	uint64_t offset;
} known[] = {
    {"card.txt", "paid with card 4111 1111 1111 1111 today\n", "card_visa", 15},
    {"iban.txt", "IBAN GB82WEST12345698765432\n", "iban", 5},
    {"mail.txt", "contact: jane.roe@example.com\n", "email", 9},
    {"none.txt", "card 4111 1111 1111 1112 has a wrong check digit\n", NULL, 0},
};

#define KNOWN (sizeof(known) / sizeof(known[0]))

struct check {
	bool found[KNOWN];
	bool wrong;
};

static void
on_finding(void *arg, const struct scan_found *f)
{
	struct check *c = arg;

	for (size_t i = 0; i < KNOWN; i++) {
		size_t n = strlen(known[i].file);

		if (f->path.len < n || memcmp(f->path.ptr + f->path.len - n,
					      known[i].file, n) != 0)
			continue;
		if (known[i].type == NULL)
			c->wrong = true;
		else if (span_eq(f->finding->type, span_str(known[i].type)) &&
			 f->finding->offset == known[i].offset)
			c->found[i] = true;
	}
}

static void
on_object(void *arg, const struct object *o)
{
	struct check *c = arg;

	if (o->coverage != COVERAGE_FULL)
		c->wrong = true;
}

static void
on_cursor(void *arg, struct span cursor, const struct scan_progress *sum)
{
	(void)arg;
	(void)cursor;
	(void)sum;
}

static bool
make_files(int dir)
{
	bool ok = true;

	for (size_t i = 0; i < KNOWN && ok; i++) {
		size_t n = strlen(known[i].text);
		int fd = openat(dir, known[i].file,
				O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

		ok = fd >= 0 && write(fd, known[i].text, n) == (ssize_t)n;
		if (fd >= 0 && close(fd) != 0)
			ok = false;
	}
	return ok;
}

static void
remove_files(const char *path, int dir)
{
	for (size_t i = 0; i < KNOWN; i++)
		unlinkat(dir, known[i].file, 0);
	close(dir);
	rmdir(path);
}

static const char *
scan_files(const char *path, struct check *c)
{
	const struct scan_options options = {.sources = agent_sources};
	const struct scan_sink sink = {.arg = c,
				       .finding = on_finding,
				       .object = on_object,
				       .cursor = on_cursor};
	const struct scan_order order = {
	    .paths = {span_str(path)}, .path_count = 1, .jobs = 1};
	const char *wrong = NULL;
	struct scan *s;
	struct buf why;

	buf_init(&why, 4096);
	if (scan_open(&order, &options, &sink, &s, &why) != ST_OK)
		return "the scanner cannot be started";
	while (scan_step(s) == ST_OK) {
		struct pollfd p = {.fd = scan_fd(s), .events = POLLIN};

		if (poll(&p, 1, scan_wait_ms(s)) < 0 && errno != EINTR)
			break;
	}
	if (scan_outcome(s) != SCAN_DONE) {
		fprintf(stderr, "trawl: %s\n", scan_message(s));
		wrong = "the scan failed";
	}
	scan_close(s);
	buf_fini(&why);
	return wrong;
}

int
command_selftest(int argc, char **argv)
{
	char path[] = "/tmp/trawl-selftest.XXXXXX";
	struct check c = {0};
	const char *wrong = NULL;
	int dir = -1;

	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		puts("usage: trawl selftest");
		return EXIT_DONE;
	}
	if (argc > 1) {
		fputs("usage: trawl selftest\n", stderr);
		return EXIT_USAGE;
	}
	if (mkdtemp(path) != NULL)
		dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0) {
		fputs("selftest: cannot make a folder in /tmp\n", stderr);
		return EXIT_ERROR;
	}
	wrong = make_files(dir) ? scan_files(path, &c) : "cannot write to /tmp";
	remove_files(path, dir);
	for (size_t i = 0; i < KNOWN && wrong == NULL; i++)
		if (known[i].type != NULL && !c.found[i])
			wrong = known[i].type;
	if (wrong == NULL && c.wrong)
		wrong = "something was found that is not there";
	if (wrong != NULL) {
		fprintf(stderr, "selftest: FAILED: %s\n", wrong);
		return EXIT_ERROR;
	}
	printf("selftest: ok, %zu examples\n", KNOWN);
	return EXIT_DONE;
}
