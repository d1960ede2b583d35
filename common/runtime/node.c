#include "runtime/node.h"

#include "base/log.h"
#include "runtime/jobs.h"
#include "runtime/node_impl.h"
#include "runtime/spawn.h"

/* Scans that were under way go on without waiting for the master. */
static void
go_on_offline(struct node *n)
{
	struct buf key;

	buf_init(&key, FINGERPRINT_KEY_LEN + 1);
	if (state_read(n->state, "fingerprint.key", &key) == ST_OK &&
	    key.len == FINGERPRINT_KEY_LEN) {
		jobs_allow(n->jobs, true);
		jobs_key(n->jobs, key.data);
	}
	buf_fini(&key);
}

int
node_run(const struct node_config *c)
{
	struct node n = {.config = c, .spool_dir = -1, .code = 1};
	enum status st = node_open(&n);

	if (st == ST_OK) {
		go_on_offline(&n);
		node_report(&n);
		if (loop_run(n.loop) != ST_OK)
			n.code = 1;
	} else {
		log_error("the agent cannot start reason=\"%s\"",
			  status_text(st));
		/* Only a person can change what it found. */
		if (st == ST_NOTFOUND || st == ST_MALFORMED || st == ST_DENIED)
			n.code = SPAWN_EXIT_FINAL;
	}
	if (n.leaving)
		state_remove(n.state, "status"); /* nothing runs */
	node_close(&n);
	return n.code;
}
