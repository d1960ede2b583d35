#ifndef SYS_HOST_H
#define SYS_HOST_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* host: who this machine is. Fields that it does not tell are empty or 0. */
#define HOST_ADDRESSES_MAX 32

struct host {
	char name[256];   /* as uname says, without a domain added */
	char os[128];     /* "Debian GNU/Linux 12 (bookworm)" */
	char kernel[128]; /* "6.1.0-18-amd64" */
	char arch[32];    /* "x86_64" */
	unsigned cpus;    /* that this process may use */
	uint64_t memory;  /* bytes, the smaller of machine and cgroup */
	char addresses[HOST_ADDRESSES_MAX][46]; /* no loopback, no link-local */
	size_t address_count;
};

NODISCARD enum status host_look(struct host *out);

/* Value of PRETTY_NAME in the text of an os-release file; for tests. */
void host_os_name(const char *text, size_t len, char *dst, size_t room);

/* Load of the last minute in thousandths of one core. */
uint32_t host_load_permille(void);

#endif
