#ifndef MASTER_API_OUT_H
#define MASTER_API_OUT_H

#include "base/json.h"
#include "master/store/q_agents.h"
#include "master/store/q_findings.h"
#include "master/store/q_scans.h"
#include "master/store/q_targets.h"

/* out: rows of the store as the JSON of openapi.yaml. */

void out_id(struct json *j, const char *key, uint64_t id);     /* 0: null */
void out_ms(struct json *j, const char *key, int64_t ms);      /* 0: null */
void out_text(struct json *j, const char *key, struct span s); /* "": null */

/* The members only, so that a caller may add others. */
void out_finding(struct json *j, const struct finding_row *r);
void out_match(struct json *j, const struct match_row *m);
void out_reasons(struct json *j, uint64_t reasons); /* a list of texts */
void out_also(struct json *j, struct span ids);     /* a list of ids */
/*
 * A line of an export: the keys of `trawl scan`, in its order, then where it
 * comes from.
 */
void out_line(struct json *j, const struct finding_row *f,
	      const struct match_row *m);
void out_node(struct json *j, const struct node_row *r);
void out_crumb(struct json *j, const struct node_row *r);
void out_agent(struct json *j, const struct agent_row *r);

/* "Cardholder data" for "card"; the id itself when it is not known. */
struct span out_category(struct span id);

const char *out_level(unsigned level); /* "strict", "broad" */

/* "-rw-r--r--"; dst has 11 bytes. */
void out_mode(uint32_t mode, char dst[11]);

/* Progress of a scan or a task; rate in bytes a second. */
struct out_progress {
	unsigned state; /* enum task_state */
	uint64_t done_objects, done_bytes, total_objects, total_bytes;
	bool total_exact;
	uint64_t rate, matches, partial, unread;
	struct span current;
	int64_t moved; /* ms */
};
#define OUT_STALLED_MS 60000
void out_progress(struct json *j, const struct out_progress *p, int64_t now);

#endif
