#ifndef DETECT_ENGINE_EXPR_H
#define DETECT_ENGINE_EXPR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "detect/catalogue/class.h"

/*
 * expr: an expression as a tree, as far as it is read here: bytes, sets, . \b
 * \d \w \s and their opposites, (?:), (?i:), (?-i:), | and repeats. It tells
 * what a match looks like; matching is the engine's.
 *
 * Owner: whoever called expr_init(); one tree is read after the other into it.
 */
enum expr_kind {
	EXPR_SET,      /* one byte of `set` */
	EXPR_BOUNDARY, /* \b */
	EXPR_SEQUENCE, /* of the nodes from `child` on by `next` */
	EXPR_CHOICE,   /* one of them */
	EXPR_REPEAT,   /* `child`, min to max times */
};

/* Repeats without a bound; no width is more than this. */
#define EXPR_ENDLESS 65535U

struct expr_node {
	enum expr_kind kind;
	uint16_t child, next; /* 0: none */
	uint32_t min, max;    /* of a repeat */
	uint32_t least, most; /* bytes it matches */
	struct class_set set;
};

struct expr {
	struct expr_node *node; /* the first is none */
	size_t count;
	uint16_t root;
};

NODISCARD enum status expr_init(struct expr *e);
void expr_fini(struct expr *e);

/* False: it is not understood. */
bool expr_read(struct expr *e, const char *text, bool caseless);

#endif
