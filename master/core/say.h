#ifndef CORE_SAY_H
#define CORE_SAY_H

#include <stdint.h>

#include "master/core/state.h"

/*
 * say: messages to the neighbours. One that cannot be sent is logged and lost:
 * a neighbour that is gone comes back and is told afresh.
 */
void say_welcome_to(struct core *c, uint64_t conn, const struct hello_reply *m);
void say_enrolled_to(struct core *c, uint64_t conn,
		     const struct enroll_reply *m);
void say_renewed_to(struct core *c, uint64_t conn, const struct renew_reply *m);
void say_order_to(struct core *c, uint64_t conn, const struct task_order *m);
void say_control_to(struct core *c, uint64_t conn,
		    const struct task_control *m);
void say_ack_to(struct core *c, uint64_t conn, const struct stream_ack *m);
void say_nack_to(struct core *c, uint64_t conn, const struct stream_nack *m);
void say_try_to(struct core *c, uint64_t conn, const struct agent_ask *m);
void say_close_with_to(struct core *c, uint64_t conn,
		       const struct session_bye *m);
void say_close_to(struct core *c, uint64_t conn, enum bye_code code);

void say_sign(struct core *c, const struct pending *p);
void say_answer(struct core *c, const struct peer_answer *m);
void say_event(struct core *c, const char *type, struct span json);

#endif
