#ifndef PROXY_AGENT_PROXY_H
#define PROXY_AGENT_PROXY_H

#include <limits.h>

#include "model/session.h"
#include "proxy-agent/keeper/keeper.h"
#include "proxy-agent/keeper/store.h"
#include "runtime/settings.h"

/*
 * proxy: what makes a proxy agent of an agent: where its readers and its
 * credentials are, and what it tells the master that it can read.
 */
struct proxy {
	char programs[PATH_MAX]; /* folder of trawl-source and its kin, or "" */
	char store[PATH_MAX];    /* folder of credentials */
	struct keeper_config keeper;
	struct span kinds[HELLO_KINDS_MAX]; /* whose readers are installed */
	size_t kind_count;
	struct store_name names[HELLO_CREDENTIALS_MAX]; /* as last told */
};

/* Where things are; once, before rights are dropped. arg: struct proxy. */
void proxy_begin(void *arg, const struct settings *s);

/* Kinds and the names of credentials, as they are now. */
void proxy_offer(void *arg, struct agent_hello *m);

#endif
