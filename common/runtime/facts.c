#include "runtime/facts.h"

void
facts_of_host(const struct host *h, struct host_facts *f)
{
	f->name = span_str(h->name);
	f->os = span_str(h->os);
	f->kernel = span_str(h->kernel);
	f->arch = span_str(h->arch);
	f->cpus = h->cpus;
	f->memory = h->memory;
	for (size_t i = 0; i < h->address_count; i++)
		f->addresses[i] = span_str(h->addresses[i]);
	f->address_count = h->address_count;
}
