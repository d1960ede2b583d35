#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>

#include "sys/sandbox.h"

enum status
sandbox_limit(const struct sandbox_limits *l)
{
	const struct {
		int what;
		bool set;
		uint64_t value;
	} all[] = {
#ifndef TRAWL_SAN /* shadow memory is larger than any sane limit */
	    {RLIMIT_AS, l->address_space > 0, l->address_space},
#endif
	    {RLIMIT_FSIZE, true, l->file_size},
	    {RLIMIT_NOFILE, l->open_files > 0, l->open_files},
	    {RLIMIT_CPU, l->cpu_seconds > 0, l->cpu_seconds},
	    {RLIMIT_CORE, true, 0},
	};

	/* Over RLIMIT_FSIZE a write fails instead of killing a log line. */
	if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR)
		return status_of_errno(errno);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct rlimit r = {all[i].value, all[i].value};

		if (all[i].set &&
		    setrlimit((__rlimit_resource_t)all[i].what, &r) != 0)
			return status_of_errno(errno);
	}
	return ST_OK;
}
