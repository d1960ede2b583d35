#ifndef PROXY_AGENT_WORKER_SCANNER_H
#define PROXY_AGENT_WORKER_SCANNER_H

/*
 * scanner: one scan order of remote targets, carried out for the proxy agent:
 * as that of a node agent (agent/worker), but what reads its targets is started
 * by the supervisor, by the socket `reach` (keeper/reach.h).
 */
int scanner_run(int from, int to, int reach);

#endif
