#include <stdio.h>
#include <string.h>

#include "agent/trawl/commands.h"
#include "agent/trawl/wrap.h"
#include "base/buf.h"
#include "detect/catalogue/list.h"

static void
on_profile(void *arg, const struct list_profile *p)
{
	struct wrap w = {
	    .to = stdout, .width = wrap_width(), .indent = 17, .column = 17};

	(void)arg;
	printf("%-16s %4zu types  version %u of %s  %s\n%17s", p->id, p->types,
	       p->version, p->date, p->name, "");
	wrap_text(&w, span_str(p->about));
	putchar('\n');
}

int
command_profiles(int argc, char **argv)
{
	static const char usage[] =
	    "usage: trawl profiles [--rules FOLDER]\n\n"
	    "Lists the choices of data types that have a name, for\n"
	    "trawl scan --profile and trawl types --profile.\n";
	struct detect_options o = {0};
	const char *own = NULL;
	struct buf why;
	enum status st;

	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		fputs(usage, stdout);
		return EXIT_DONE;
	}
	if (argc == 3 && strcmp(argv[1], "--rules") == 0)
		own = argv[2];
	if (argc != 1 && own == NULL) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	o.rules = &own;
	o.rule_count = own != NULL;
	buf_init(&why, 4096);
	st = list_profiles(&o, on_profile, NULL, &why);
	if (st != ST_OK)
		fprintf(stderr, "trawl: %.*s\n", (int)why.len,
			why.len > 0 ? (const char *)why.data : "");
	buf_fini(&why);
	return st == ST_OK ? EXIT_DONE : EXIT_ERROR;
}
