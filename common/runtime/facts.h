#ifndef RUNTIME_FACTS_H
#define RUNTIME_FACTS_H

#include "sys/host.h"
#include "wire/codec_session.h"

/*
 * facts: what the master is told of this host, when it is enrolled and when it
 * says hello. The texts are those of *h.
 */
void facts_of_host(const struct host *h, struct host_facts *f);

#endif
