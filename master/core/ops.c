#include "master/core/ops.h"

#include <string.h>

#include "base/log.h"
#include "master/core/flow.h"
#include "master/core/say.h"

static const struct op {
	const char *name;
	op_fn *run;
	bool operator_only; /* only at run/admin.sock */
	bool reads;         /* needs no working disk */
} ops[] = {
    {"setup.create", op_setup_create, false, false},
    {"setup.code", op_setup_code, true, false},
    {"user.password", op_user_password, false, false},
    {"session.create", op_session_create, false, false},
    {"session.touch", op_session_touch, false, false},
    {"session.delete", op_session_delete, false, false},
    {"session.refused", op_session_refused, false, false},
    {"token.create", op_token_create, false, false},
    {"token.delete", op_token_delete, false, false},
    {"agent.verify", op_agent_verify, false, false},
    {"agent.block", op_agent_block, false, false},
    {"agent.unblock", op_agent_unblock, false, false},
    {"agent.remove", op_agent_remove, false, false},
    {"agent.move", op_agent_move, false, false},
    {"scan.create", op_scan_create, false, false},
    {"scan.pause", op_scan_pause, false, false},
    {"scan.resume", op_scan_resume, false, false},
    {"scan.stop", op_scan_stop, false, false},
    {"remote.create", op_remote_create, false, false},
    {"remote.change", op_remote_change, false, false},
    {"remote.remove", op_remote_remove, false, false},
    {"remote.try", op_remote_try, false, true},
    {"remote.tried", op_remote_tried, false, true},
    {"proxies.create", op_proxies_create, false, false},
    {"proxies.change", op_proxies_change, false, false},
    {"proxies.remove", op_proxies_remove, false, false},
    {"finding.state", op_finding_state, false, false},
    {"finding.bulk", op_finding_bulk, false, false},
    {"status", op_status, false, true},
    {"agents.live", op_agents_live, false, true},
};

static const struct op *
find(struct span name)
{
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		if (span_eq(span_str(ops[i].name), name))
			return &ops[i];
	return NULL;
}

static void
run(struct ask *a, const struct op *op)
{
	if (op->operator_only && a->who.user != PEER_USER_OPERATOR) {
		answer_problem(a->reply, 403, "Only the command line may.");
		return;
	}
	if (!op->reads && a->core->trouble != STORE_WELL) {
		answer_problem(a->reply,
			       a->core->trouble == STORE_NO_SPACE ? 507 : 503,
			       a->core->trouble_text);
		return;
	}
	op->run(a);
	if (a->reply->http == 0)
		answer_problem(a->reply, 500, "There is no answer.");
}

void
ops_run(struct core *c, const struct actor *who, struct span op,
	struct span args, struct answer *r)
{
	struct ask a = {.core = c, .who = *who, .reply = r};
	const struct op *row = find(op);
	json_t *root = args.len == 0
			   ? json_object()
			   : json_loadb((const char *)args.ptr, args.len,
					JSON_REJECT_DUPLICATES, NULL);

	a.args = root;
	if (row == NULL)
		answer_problem(r, 404, "There is no such operation.");
	else if (!json_is_object(root))
		answer_problem(r, 400, "The arguments are no JSON object.");
	else
		run(&a, row);
	json_decref(root);
}

void
ops_ask(struct core *c, struct span body)
{
	struct peer_ask ask;
	struct peer_answer answer;
	struct answer r;
	struct actor who;

	if (peer_ask_unpack(body, &ask) != ST_OK) {
		log_error("api sent what cannot be read kind=ASK");
		return;
	}
	answer_init(&r);
	who = (struct actor){.user = ask.user, .address = ask.address};
	/* The operator is who stands at the admin socket, never api. */
	if (who.user == PEER_USER_OPERATOR)
		who.user = 0;
	ops_run(c, &who, ask.op, ask.args, &r);
	answer = (struct peer_answer){
	    .tag = ask.tag, .http = r.http, .body = buf_span(&r.body)};
	say_answer(c, &answer);
	answer_fini(&r);
}
