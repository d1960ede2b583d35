#include <sys/prctl.h>
#include <unistd.h>

#include "agent/worker/scanner.h"
#include "base/log.h"
#include "sys/proc.h"

/* trawl-scanner: what trawl-agent starts for each task. */
int
main(void)
{
	log_setup("trawl-scanner", LOG_INFO);
	proc_harden();
	prctl(PR_SET_NAME, "trawl-scanner", 0, 0, 0);
	return scanner_run(STDIN_FILENO, STDOUT_FILENO);
}
