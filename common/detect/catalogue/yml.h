#ifndef DETECT_CATALOGUE_YML_H
#define DETECT_CATALOGUE_YML_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * yml: the bytes of a catalogue file as a tree whose nodes know their line.
 *
 * A strict corner of YAML 1.1: one document of maps, lists and scalars. No
 * aliases, anchors or tags, no key twice in a map.
 * Owner:  nodes and their text live in the arena of the caller.
 * Limits: YML_BYTES, YML_NODES, YML_DEPTH.
 */
#define YML_BYTES (256 * 1024)
#define YML_NODES 20000
#define YML_DEPTH 14

enum yml_kind { YML_SCALAR, YML_LIST, YML_MAP };

struct yml_node {
	enum yml_kind kind;
	unsigned line;    /* from 1 */
	const char *key;  /* within a map, else NULL */
	const char *text; /* of a scalar, NUL-terminated */
	size_t len;       /* of text; no NUL is inside */
	size_t count;     /* of children */
	struct yml_node *first, *next;
};

/* On failure *why has ":LINE: what is wrong", to go behind a file's name. */
NODISCARD enum status yml_parse(struct span bytes, struct arena *a,
				struct yml_node **root, struct buf *why);
/* The same where nodes may go before keys and texts do. */
NODISCARD enum status yml_parse_apart(struct span bytes, struct arena *nodes,
				      struct arena *texts,
				      struct yml_node **root, struct buf *why);
/* The same, by the reader of all YAML alone; what is plain takes longer. */
NODISCARD enum status yml_parse_any(struct span bytes, struct arena *nodes,
				    struct arena *texts, struct yml_node **root,
				    struct buf *why);

/* NULL when the map has no such key. */
const struct yml_node *yml_find(const struct yml_node *map, const char *key);

#endif
