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

int
command_types(int argc, char **argv)
{
	const struct detect_options o = {0};
	struct detector *d = NULL;
	struct buf why;
	bool tsv = argc == 3 && strcmp(argv[1], "--format") == 0 &&
		   strcmp(argv[2], "tsv") == 0;
	bool table =
	    argc == 1 || (argc == 3 && strcmp(argv[1], "--format") == 0 &&
			  strcmp(argv[2], "table") == 0);

	if (!tsv && !table) {
		fputs("usage: trawl types [--format table|tsv]\n", stderr);
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
