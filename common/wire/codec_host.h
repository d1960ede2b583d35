#ifndef WIRE_CODEC_HOST_H
#define WIRE_CODEC_HOST_H

#include <stdbool.h>

#include "model/session.h"
#include "wire/pb/session.pb-c.h"

/* codec_host: host facts, which stand inside HELLO and ENROLL. */

/* addresses: HOST_ADDRESSES_MAX places that p points into. */
void host_fill(const struct host_facts *m, Trawl__HostFacts *p,
	       ProtobufCBinaryData *addresses);
/* p may be NULL: nothing was said. */
bool host_take(const Trawl__HostFacts *p, struct host_facts *m);

#endif
