#include "agent/trawl/passwords.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "extract/extract.h"

static bool
complain(const char *file, const char *what)
{
	fprintf(stderr, "trawl: cannot use the passwords of %s: %s\n", file,
		what);
	return false;
}

/* All of the file; a buffer of the C library would keep a copy. */
static enum status
read_all(struct buf *to, FILE *f)
{
	enum status st;

	setbuf(f, NULL);
	do {
		char c[512];
		size_t n = fread(c, 1, sizeof(c), f);

		if (n == 0)
			return ferror(f) ? ST_IO : ST_OK;
		st = buf_add(to, c, n);
		explicit_bzero(c, sizeof(c));
	} while (st == ST_OK);
	return st;
}

static bool
split(struct passwords *p)
{
	struct span rest = buf_span(&p->text), line;

	p->list = calloc(EXTRACT_PASSWORDS_MAX, sizeof(*p->list));
	if (p->list == NULL)
		return false;
	while (rest.len > 0 && str_next(&rest, '\n', &line)) {
		if (line.len > 0 && line.ptr[line.len - 1] == '\r')
			line.len--;
		if (line.len == 0)
			continue;
		if (p->count == EXTRACT_PASSWORDS_MAX)
			return false;
		p->list[p->count++] = line;
	}
	return true;
}

bool
passwords_open(struct passwords *p, const char *file)
{
	FILE *f = fopen(file, "re");
	enum status st;

	*p = (struct passwords){0};
	if (f == NULL) /* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
		return complain(file, strerror(errno));
	buf_init(&p->text, PASSWORDS_BYTES);
	st = read_all(&p->text, f);
	fclose(f);
	if (st == ST_LIMIT)
		return complain(file, "it is larger than 1 MiB");
	if (st != ST_OK)
		return complain(file, status_text(st));
	return split(p) || complain(file, "it has more than 4096 passwords");
}

void
passwords_close(struct passwords *p)
{
	free(p->list);
	buf_fini(&p->text);
}
