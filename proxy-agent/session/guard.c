#include "proxy-agent/session/guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

struct address {
	uint8_t bytes[16]; /* of IPv4: the first four */
	bool v4;
};

struct range {
	uint8_t bytes[16];
	uint8_t bits;
	bool loopback;
	const char *why;
};

#define LINK_LOCAL                                                             \
	"a link-local address, where clouds keep credentials of this machine"
#define METADATA "the metadata service of a cloud"
#define NOBODY   "not the address of one host"

static const struct range v4_ranges[] = {
    {{0}, 8, false, NOBODY},
    {{100, 100, 100, 200}, 32, false, METADATA},
    {{127}, 8, true, "this machine itself"},
    {{168, 63, 129, 16}, 32, false, METADATA},
    {{169, 254}, 16, false, LINK_LOCAL},
    {{192, 0, 0, 192}, 32, false, METADATA},
    {{224}, 3, false, NOBODY},
};

static const struct range v6_ranges[] = {
    {{0}, 128, false, NOBODY},
    {{[15] = 1}, 128, true, "this machine itself"},
    {{0xFD, 0, 0x0E, 0xC2, [15] = 0x54}, 120, false, METADATA},
    {{0xFD, 0, 0x0E, 0xC2}, 64, false, METADATA},
    {{0xFD, 0x20, 0, 0xCE}, 32, false, METADATA},
    {{0xFE, 0x80}, 10, false, LINK_LOCAL},
    {{0xFF}, 8, false, NOBODY},
};

/* Where an IPv4 address stands in IPv6 addresses that begin so. */
static const struct {
	uint8_t bytes[16];
	uint8_t bits, at;
} carriers[] = {
    {{[10] = 0xFF, 0xFF}, 96, 12},         /* mapped */
    {{0, 0x64, 0xFF, 0x9B}, 96, 12},       /* NAT64 */
    {{0, 0x64, 0xFF, 0x9B, 0, 1}, 48, 12}, /* NAT64 of a site */
    {{0x20, 0x02}, 16, 2},                 /* 6to4 */
};

static bool
begins(const uint8_t *bytes, const uint8_t *with, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;
	uint8_t mask = (uint8_t)(0xFF00 >> rest);

	return memcmp(bytes, with, whole) == 0 &&
	       (rest == 0 || ((bytes[whole] ^ with[whole]) & mask) == 0);
}

static void
unwrap(struct address *a)
{
	uint8_t inner[4];

	for (size_t i = 0; i < sizeof(carriers) / sizeof(carriers[0]); i++)
		if (begins(a->bytes, carriers[i].bytes, carriers[i].bits)) {
			memcpy(inner, a->bytes + carriers[i].at, 4);
			memcpy(a->bytes, inner, 4);
			a->v4 = true;
			return;
		}
}

static bool
read_address(const struct sockaddr *sa, struct address *out)
{
	*out = (struct address){0};
	if (sa->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, sa, sizeof(in));
		memcpy(out->bytes, &in.sin_addr, 4);
		out->v4 = true;
		return true;
	}
	if (sa->sa_family == AF_INET6) {
		struct sockaddr_in6 in;

		memcpy(&in, sa, sizeof(in));
		memcpy(out->bytes, &in.sin6_addr, 16);
		unwrap(out);
		return true;
	}
	return false;
}

/* The host that is written as this very address. */
static bool
is_named(const struct address *a, struct span home)
{
	char text[INET6_ADDRSTRLEN];
	struct address named = {0};

	if (home.len == 0 || home.len >= sizeof(text))
		return false;
	memcpy(text, home.ptr, home.len);
	text[home.len] = 0;
	if (inet_pton(AF_INET, text, named.bytes) == 1)
		named.v4 = true;
	else if (inet_pton(AF_INET6, text, named.bytes) == 1)
		unwrap(&named);
	else
		return false;
	return named.v4 == a->v4 &&
	       memcmp(named.bytes, a->bytes, a->v4 ? 4 : 16) == 0;
}

const char *
guard_refuses(const struct sockaddr *address, struct span home,
	      struct span host)
{
	const struct range *table = v6_ranges;
	size_t count = sizeof(v6_ranges) / sizeof(v6_ranges[0]);
	struct address a;

	if (!read_address(address, &a))
		return "neither IPv4 nor IPv6";
	if (a.v4) {
		table = v4_ranges;
		count = sizeof(v4_ranges) / sizeof(v4_ranges[0]);
	}
	for (size_t i = 0; i < count; i++) {
		if (!begins(a.bytes, table[i].bytes, table[i].bits))
			continue;
		if (table[i].loopback && span_eq(home, host))
			return NULL;
		return is_named(&a, home) ? NULL : table[i].why;
	}
	return NULL;
}
