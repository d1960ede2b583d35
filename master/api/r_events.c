#include <string.h>

#include "master/api/problem.h"
#include "master/api/resources.h"
#include "master/api/serve.h"
#include "master/api/sse.h"

/* The live stream; what it carries comes from core (events.c). */

void
r_events_get(struct request *rq, struct reply *rp)
{
	struct sse_join join = {
	    .last_id = rq->header[HEADER_LAST_EVENT_ID],
	    .ends = rq->actor.expires,
	};
	enum status st;

	memcpy(join.who, rq->actor.id, sizeof(join.who));
	st = sse_join(rq->api->sse, &join, &rp->events);
	if (st != ST_OK) {
		problem_say(rq, rp, 503, "too many live streams are open");
		rp->retry_after = 5;
		return;
	}
	rp->status = 200;
	rp->type = "text/event-stream";
}
