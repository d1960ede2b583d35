#include <stdio.h>
#include <string.h>

#include "agent/trawl/commands.h"
#include "base/buf.h"
#include "detect/detect.h"

static void
print(const struct detector *d, bool tsv)
{
	struct type_info t;

	if (tsv)
		puts("type_id\tname\tcategory\trisk\tcountries\tsource");
	for (size_t i = 0; i < detector_type_count(d); i++) {
		detector_type(d, i, &t);
		if (tsv)
			printf("%s\t%s\t%s\t%s\t%s\t%s\n", t.id, t.name,
			       t.category, t.risk, t.countries, t.source);
		else
			printf("%-30s %-9s %-10s %s\n", t.id, t.risk,
			       t.category, t.name);
	}
}

static const char usage[] = "usage: trawl types [--format table|tsv]\n";

/* The word behind --format; "table" without one, NULL when that is wrong. */
static const char *
format_of(int argc, char **argv)
{
	static const char flag[] = "--format=";

	if (argc == 1)
		return "table";
	if (argc == 3 && strcmp(argv[1], "--format") == 0)
		return argv[2];
	if (argc == 2 && strncmp(argv[1], flag, sizeof(flag) - 1) == 0)
		return argv[1] + sizeof(flag) - 1;
	return NULL;
}

int
command_types(int argc, char **argv)
{
	const struct detect_options o = {0};
	const char *format = format_of(argc, argv);
	bool tsv = format != NULL && strcmp(format, "tsv") == 0;
	struct detector *d = NULL;
	struct buf why;

	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		fputs(usage, stdout);
		return EXIT_DONE;
	}
	if (format == NULL || (!tsv && strcmp(format, "table") != 0)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	buf_init(&why, 4096);
	if (detector_open(&o, &d, &why) != ST_OK) {
		fprintf(stderr, "trawl: %.*s\n", (int)why.len,
			why.len > 0 ? (const char *)why.data : "");
		buf_fini(&why);
		return EXIT_ERROR;
	}
	print(d, tsv);
	detector_close(d);
	buf_fini(&why);
	return EXIT_DONE;
}
