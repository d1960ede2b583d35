/*
 * extract_bench FILE...: the text of files through the extractors of a scan,
 * in this process and to nobody: what reading costs without finding. Prints
 * the bytes of text that came out.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "extract/extract.h"

static enum status
count(void *arg, const struct extract_window *w)
{
	uint64_t *total = arg;

	if (!w->again)
		*total += w->to - w->from;
	return ST_OK;
}

static void
ignore(void *arg, const struct extract_note *n)
{
	(void)arg;
	(void)n;
}

static bool
read_file(struct extractor *x, const char *name,
	  const struct extract_sink *sink)
{
	struct extract_input in = {.name = span_str(name)};
	struct extract_result result;
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	enum status status;
	struct stat st;
	void *p;

	if (fd < 0)
		return false;
	p = fstat(fd, &st) != 0 || st.st_size == 0
		? MAP_FAILED
		: mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (p == MAP_FAILED)
		return false;
	in.bytes = span_of(p, (size_t)st.st_size);
	in.size = in.bytes.len;
	status = extract_object(x, &in, sink, &result);
	munmap(p, in.bytes.len);
	return status == ST_OK;
}

int
main(int argc, char **argv)
{
	struct extract_options options;
	struct extractor *x;
	uint64_t total = 0;
	const struct extract_sink sink = {&total, count, ignore, NULL};

	extract_options_default(&options);
	if (extractor_alone(&options, &x) != ST_OK)
		return 1;
	for (int i = 1; i < argc; i++)
		if (!read_file(x, argv[i], &sink))
			fprintf(stderr, "%s: not read\n", argv[i]);
	extractor_close(x);
	printf("%llu bytes\n", (unsigned long long)total);
	return 0;
}
