#ifndef TESTS_UNIT_DETECT_CHAIN_H
#define TESTS_UNIT_DETECT_CHAIN_H

#include "unit/detect/finds.h"

#include "base/str.h"
#include "detect/catalogue/field.h"
#include "detect/catalogue/rule.h"
#include "detect/check/check.h"

/* A chain of checks from its text, as a catalogue file has it. */
struct chain {
	struct catalogue cat;
	struct buf why;
	struct check_chain chain;
	enum status st;
};

/* `file` is where lists are looked for beside. */
static inline void
chain_read(struct chain *c, const char *file, const char *text)
{
	struct field_loader l = {.cat = &c->cat, .file = file, .why = &c->why};
	struct yml_node *root = NULL;
	const struct check *links = NULL;

	c->cat = (struct catalogue){.count = 0};
	c->chain = (struct check_chain){0};
	arena_init(&c->cat.arena, (size_t)16 << 20);
	buf_init(&c->why, 1 << 16);
	c->st = yml_parse(span_str(text), &c->cat.arena, &root, &c->why);
	if (c->st == ST_OK)
		c->st = rule_chain(&l, root, &links, &c->chain.count);
	c->chain.links = links;
}

static inline void
chain_free(struct chain *c)
{
	arena_fini(&c->cat.arena);
	buf_fini(&c->why);
}

/* Fails the test when the chain cannot be read. */
static inline bool
chain_holds(const char *text, const char *value)
{
	struct chain c;
	bool holds;

	chain_read(&c, "group/test.yaml", text);
	if (c.st != ST_OK)
		fail_msg("%s: %.*s", text, (int)c.why.len,
			 (const char *)c.why.data);
	holds = check_chain_holds(span_str(value), &c.chain);
	chain_free(&c);
	return holds;
}

#endif
