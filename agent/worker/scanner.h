#ifndef AGENT_WORKER_SCANNER_H
#define AGENT_WORKER_SCANNER_H

/*
 * scanner: one scan order, carried out for the agent. The order and what
 * becomes of it (pause, resume, stop) come in as records on descriptor `from`,
 * results go out as records on `to`, which is made non-blocking. It ends when
 * `from` is closed.
 *
 * The calling process gives up what it does not need for this scan, for good.
 * Returns the exit status: 0 also when the scan failed and END says so, 1 when
 * the records made no sense or could not be told.
 */
int scanner_run(int from, int to);

#endif
