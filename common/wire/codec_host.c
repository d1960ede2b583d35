#include "wire/codec_host.h"

#include "wire/proto.h"

#define ADDRESS_MAX 64 /* bytes of an address in text */

void
host_fill(const struct host_facts *m, Trawl__HostFacts *p,
	  ProtobufCBinaryData *addresses)
{
	trawl__host_facts__init(p);
	for (size_t i = 0; i < m->address_count; i++)
		addresses[i] = proto_bytes(m->addresses[i]);
	p->name = proto_bytes(m->name);
	p->os = proto_bytes(m->os);
	p->kernel = proto_bytes(m->kernel);
	p->arch = proto_bytes(m->arch);
	p->cpus = m->cpus;
	p->memory = m->memory;
	p->n_addresses = m->address_count;
	p->addresses = addresses;
}

bool
host_take(const Trawl__HostFacts *p, struct host_facts *m)
{
	if (p == NULL)
		return true;
	if (p->n_addresses > HOST_ADDRESSES_MAX)
		return false;
	m->address_count = p->n_addresses;
	for (size_t i = 0; i < p->n_addresses; i++)
		if (!proto_text(p->addresses[i], ADDRESS_MAX, &m->addresses[i]))
			return false;
	m->cpus = p->cpus;
	m->memory = p->memory;
	return proto_text(p->name, NAME_MAX_LEN, &m->name) &&
	       proto_text(p->os, NAME_MAX_LEN, &m->os) &&
	       proto_text(p->kernel, NAME_MAX_LEN, &m->kernel) &&
	       proto_text(p->arch, NAME_MAX_LEN, &m->arch);
}
