#ifndef CORE_OPS_H
#define CORE_OPS_H

#include "base/span.h"
#include "master/core/answer.h"

/*
 * ops: the table of what may be asked; what each takes and gives is in ops.md.
 * A new one is a function in one of the ops_*.c files and a line in the table.
 */
typedef void op_fn(struct ask *a);

/* JSON arguments; always leaves an answer in *r. */
void ops_run(struct core *c, const struct actor *who, struct span op,
	     struct span args, struct answer *r);

/* A packed peer_ask from api. */
void ops_ask(struct core *c, struct span body);

op_fn op_setup_create, op_setup_code, op_user_password;
op_fn op_session_create, op_session_touch, op_session_delete,
    op_session_refused;
op_fn op_token_create, op_token_delete;
op_fn op_agent_verify, op_agent_block, op_agent_unblock, op_agent_remove,
    op_agent_move;
op_fn op_scan_create, op_scan_pause, op_scan_resume, op_scan_stop;
op_fn op_remote_create, op_remote_change, op_remote_remove;
op_fn op_remote_try, op_remote_tried;
op_fn op_proxies_create, op_proxies_change, op_proxies_remove;
op_fn op_finding_state, op_finding_bulk;
op_fn op_status, op_agents_live;

#endif
