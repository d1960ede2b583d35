#ifndef STORE_Q_TARGETS_H
#define STORE_Q_TARGETS_H

#include <stdbool.h>
#include <stdint.h>

#include "master/store/store.h"

/*
 * q_targets: what is looked at, as a tree: group > host > folders > files.
 * Counts are of open and confirmed findings, of the node and all below.
 *
 * An id of the tree is text: "" the root, "g:NAME" a group, "t:7" a target,
 * "d:7" a folder, "o:7" a file.
 */
enum node_kind { NODE_GROUP, NODE_TARGET, NODE_FOLDER, NODE_OBJECT };

struct node_row {
	enum node_kind kind;
	char id[32];      /* of groups: empty, id is "g:" + name */
	struct span name; /* last part of the path; bytes */
	struct span path; /* whole path of folders and files */
	uint64_t findings, critical, matches;
	bool children;            /* it can be opened */
	uint64_t target;          /* 0 for groups */
	uint64_t agent;           /* of a target, else 0 */
	uint8_t state;            /* of that agent: enum agent_state */
	bool online;              /* that agent */
	int64_t scanned;          /* end of its last whole scan, or 0 */
	uint8_t coverage, reason; /* of a file */
	/* of a target on another host, or empty; why its last task failed, or
	 * waits */
	struct span url, message;
};
typedef enum status node_fn(void *arg, const struct node_row *row);

/*
 * Children of a node by name, those behind the first `after` rows; folders come
 * before files. ST_MALFORMED: no such kind of id. A folder with nothing in it
 * but one folder is passed through: what is listed is the first level that has
 * a choice.
 */
struct node_page {
	uint64_t after;
	uint32_t limit;
	bool more; /* out: there are others */
};
NODISCARD enum status q_targets_children(struct store *s, struct span parent,
					 struct node_page *page, node_fn *fn,
					 void *arg);

/* The node itself; ST_NOTFOUND. */
NODISCARD enum status q_targets_node(struct store *s, struct span id,
				     node_fn *fn, void *arg);

/* From the root down to the node: what a breadcrumb shows. */
NODISCARD enum status q_targets_way(struct store *s, struct span id,
				    node_fn *fn, void *arg);

struct target_row {
	uint64_t id, agent; /* agent 0: it was removed */
	struct span kind, name, group;
	int64_t created, scanned;
	uint64_t findings, critical, matches, objects;
	uint64_t last_scan; /* id, 0: none */
};
typedef enum status target_fn(void *arg, const struct target_row *row);
NODISCARD enum status q_target_get(struct store *s, uint64_t id, target_fn *fn,
				   void *arg);

/*
 * Writing, core only: the target of an agent, made when there is none. *id is 0
 * for a proxy, whose own host is none.
 */
NODISCARD enum status q_target_of_agent(struct store *s, uint64_t agent,
					struct span name, struct span group,
					int64_t now, uint64_t *id);

#endif
