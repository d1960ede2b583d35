#include "gen/schema.h"
#include "master/api/problem.h"
#include "master/api/resources.h"
#include "master/api/serve.h"
#include "master/api/session.h"
#include "master/store/q_users.h"

#include "base/str.h"

/* What a visitor may know before signing in, and the contract itself. */

void
r_state_get(struct request *rq, struct reply *rp)
{
	bool any = false;
	enum status st = q_users_any(rq->db, &any);
	struct json j;

	if (st != ST_OK) {
		reply_failed(rq, rp, st, "reading the users");
		return;
	}
	st = session_find(rq);
	if (st != ST_OK && st != ST_DENIED) {
		reply_failed(rq, rp, st, "reading the session");
		return;
	}
	reply_json(rp, 200, &j);
	json_map(&j);
	json_put_bool(&j, "setup_required", !any);
	json_put_cstr(&j, "version", TRAWL_VERSION);
	json_put_cstr(&j, "fingerprint", rq->api->fingerprint);
	json_put_bool(&j, "signed_in", st == ST_OK);
	json_end(&j);
	reply_done(rq, rp, &j);
}

void
r_contract_get(struct request *rq, struct reply *rp)
{
	for (const struct schema_file *f = schema_api; f->path != NULL; f++) {
		if (!str_is(span_str(f->path), "openapi.yaml"))
			continue;
		rp->status = 200;
		rp->type = "application/yaml";
		if (buf_add(&rp->body, f->data, f->len) != ST_OK)
			reply_failed(rq, rp, ST_NOMEM, "the contract");
		return;
	}
	problem_say(rq, rp, 404, NULL);
}
