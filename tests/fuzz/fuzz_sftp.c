#include <stdlib.h>

#include "proxy-agent/session/sftp_wire.h"

/*
 * What a server sends: a packet is never longer than it says or than what is
 * there, its fields never lie outside it, and once one is missing nothing comes
 * out any more.
 */
static void
check_inside(struct span packet, struct span field)
{
	if (field.len > 0 && (field.ptr < packet.ptr ||
			      field.ptr + field.len > packet.ptr + packet.len))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span have = span_of(data, size), packet;

	while (wire_packet(have, 4096, &packet) == ST_OK) {
		struct wire_in in = {.rest = packet};
		struct sftp_attr a;

		if (packet.len == 0 || packet.len > 4096)
			abort();
		check_inside(have, packet);
		(void)wire_get_u8(&in);
		(void)wire_get_u32(&in);
		while (!in.bad && in.rest.len > 0) {
			check_inside(packet, wire_get_string(&in));
			if (!wire_get_attr(&in, &a) && !in.bad)
				abort();
			check_inside(packet, in.rest);
		}
		if (in.bad && wire_get_string(&in).len > 0)
			abort();
		have = span_skip(have, 4 + packet.len);
	}
	return 0;
}
