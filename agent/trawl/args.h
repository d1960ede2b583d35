#ifndef AGENT_TRAWL_ARGS_H
#define AGENT_TRAWL_ARGS_H

#include <stdbool.h>

#include "agent/trawl/choose.h"
#include "agent/trawl/out.h"
#include "agent/trawl/remote.h"
#include "base/buf.h"
#include "model/order.h"

/* args: what the command line of `trawl scan` asks for. */
struct scan_args {
	struct scan_order order; /* spans point into argv and choose */
	struct choose choose;
	const char *allow;     /* file, or NULL */
	const char *passwords; /* file, or NULL */
	struct buf limits;     /* of all --limit, as the order has them */
	const struct out_format *format;
	const char *coverage; /* file, or NULL */
	struct remote remote; /* targets on other hosts */
	bool reveal, fail_on_findings, help;
};

/* False after it has said on stderr what is wrong. */
bool args_parse(struct scan_args *a, int argc, char **argv);
void args_help(void);
void args_close(struct scan_args *a);

#endif
