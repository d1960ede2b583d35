#include "sys/host.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/str.h"
#include "sys/file.h"

/* Cut to fit: what a machine says of itself is shown, never decided on. */
static void
keep(char *dst, size_t room, struct span s)
{
	if (s.len >= room)
		s.len = room - 1;
	if (str_copy(dst, room, s) != ST_OK)
		dst[0] = '\0';
}

void
host_os_name(const char *text, size_t len, char *dst, size_t room)
{
	struct span rest = span_of(text, len), line;

	dst[0] = '\0';
	while (str_next(&rest, '\n', &line)) {
		if (!str_starts(line, "PRETTY_NAME="))
			continue;
		line = str_trim(span_skip(line, strlen("PRETTY_NAME=")));
		if (line.len >= 2 &&
		    (line.ptr[0] == '"' || line.ptr[0] == '\''))
			line = span_of(line.ptr + 1, line.len - 2);
		keep(dst, room, line);
		return;
	}
}

static void
look_os(struct host *h)
{
	struct buf text;

	buf_init(&text, 65536);
	/* /etc/os-release is a link to the first in most systems. */
	if (file_read("/usr/lib/os-release", &text) == ST_OK ||
	    file_read("/etc/os-release", &text) == ST_OK)
		host_os_name((const char *)text.data, text.len, h->os,
			     sizeof(h->os));
	buf_fini(&text);
}

static unsigned
usable_cpus(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return 1;
	return (unsigned)CPU_COUNT(&set);
}

/* The limit of our own cgroup (version 2), when there is one. */
static uint64_t
cgroup_memory(void)
{
	struct buf text;
	uint64_t limit = UINT64_MAX;

	buf_init(&text, 64);
	if (file_read("/sys/fs/cgroup/memory.max", &text) == ST_OK &&
	    str_to_u64(str_trim(buf_span(&text)), 1, UINT64_MAX, &limit) !=
		ST_OK)
		limit = UINT64_MAX; /* "max" */
	buf_fini(&text);
	return limit;
}

static uint64_t
look_memory(void)
{
	struct sysinfo si;
	uint64_t machine, limit = cgroup_memory();

	if (sysinfo(&si) != 0)
		return 0;
	machine = (uint64_t)si.totalram * si.mem_unit;
	return machine < limit ? machine : limit;
}

/* The text of an address that others can reach; false for all others. */
static bool
address_text(const struct sockaddr *sa, char dst[46])
{
	if (sa == NULL)
		return false;
	if (sa->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, sa, sizeof(in));
		return inet_ntop(AF_INET, &in.sin_addr, dst, 46) != NULL;
	}
	if (sa->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, sa, sizeof(in6));
		if (IN6_IS_ADDR_LINKLOCAL(&in6.sin6_addr))
			return false;
		return inet_ntop(AF_INET6, &in6.sin6_addr, dst, 46) != NULL;
	}
	return false;
}

static void
look_addresses(struct host *h)
{
	struct ifaddrs *all;

	if (getifaddrs(&all) != 0)
		return;
	for (const struct ifaddrs *i = all; i != NULL; i = i->ifa_next) {
		if ((i->ifa_flags & IFF_LOOPBACK) != 0 ||
		    (i->ifa_flags & IFF_UP) == 0)
			continue;
		if (h->address_count == HOST_ADDRESSES_MAX)
			break;
		if (address_text(i->ifa_addr, h->addresses[h->address_count]))
			h->address_count++;
	}
	freeifaddrs(all);
}

enum status
host_look(struct host *out)
{
	struct utsname u;

	memset(out, 0, sizeof(*out));
	if (uname(&u) != 0)
		return ST_IO;
	keep(out->name, sizeof(out->name), span_str(u.nodename));
	keep(out->kernel, sizeof(out->kernel), span_str(u.release));
	keep(out->arch, sizeof(out->arch), span_str(u.machine));
	look_os(out);
	out->cpus = usable_cpus();
	out->memory = look_memory();
	look_addresses(out);
	return ST_OK;
}

uint32_t
host_load_permille(void)
{
	double load;

	if (getloadavg(&load, 1) != 1 || load < 0)
		return 0;
	return load > 1000000 ? 1000000000 : (uint32_t)(load * 1000);
}
