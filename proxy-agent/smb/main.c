#include <unistd.h>

#include "proxy-agent/reader/serve.h"
#include "proxy-agent/smb/crew.h"
#include "proxy-agent/smb/smb.h"

static const struct source_ops *const sources[] = {&smb_source, NULL};

/* trawl-source-smb: shares of Windows and Samba, by libsmbclient. */
int
main(void)
{
	if (crew_hire(serve_confine_crew, serve_confine) != ST_OK)
		return 1;
	return serve("trawl-source-smb", sources);
}
