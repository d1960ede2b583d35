#include <sys/prctl.h>
#include <unistd.h>

#include "base/log.h"
#include "proxy-agent/keeper/reach.h"
#include "proxy-agent/worker/scanner.h"
#include "sys/proc.h"

/* trawl-proxy-scanner: what trawl-proxy-agent starts for each task. */
int
main(void)
{
	log_setup("trawl-proxy-scanner", LOG_INFO);
	proc_harden();
	prctl(PR_SET_NAME, "trawl-pscanner", 0, 0, 0);
	return scanner_run(STDIN_FILENO, STDOUT_FILENO, REACH_FD);
}
