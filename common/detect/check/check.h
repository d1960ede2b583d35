#ifndef DETECT_CHECK_CHECK_H
#define DETECT_CHECK_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

/*
 * check: the validators by name, which a catalogue file combines into chains.
 *
 * A check looks at the normalised value and nothing else: no clock, no file, no
 * memory of another value; it allocates nothing. schema/catalogue/README.md
 * lists them with their parameters for people.
 *
 * Owner:  parameters are plain structs in the arena of the catalogue, filled
 *         and prepared once when it is loaded (rule_checks.c).
 * Limits: a slice that does not lie in the value fails.
 */

struct check;
struct check_op;

typedef bool check_fn(struct span value, const struct check *c);

/* Half open, as in Python: negative counts from the end. */
struct check_slice {
	int32_t from, to;
};
#define CHECK_END INT32_MAX /* `to` of a slice that goes to the end */

/* One link of a chain. */
struct check {
	const struct check_op *op;
	check_fn *run;      /* what prepare chose; op->run otherwise */
	const void *params; /* as op->params says; NULL when it takes none */
	uint64_t reason;    /* REASON() bits when it holds */
	/*
	 * 0: a value that fails is none. Above: it stays, and gets so many
	 * points when it passes.
	 */
	uint8_t bonus;
	bool sliced;               /* false: the whole value */
	struct check_slice slice;  /* of what is picked */
	struct check_slice *picks; /* glued together before; NULL: the value */
	size_t pick_count;
};

struct check_chain {
	const struct check *links;
	size_t count;
};

/* ---- what a check may be told -------------------------------------------- */

#define CHECK_NONE INT32_MIN /* a number that was not given */

struct check_numbers {
	const int32_t *v;
	size_t n;
};

struct check_texts {
	const struct span *v;
	size_t n;
};

struct check_chains {
	const struct check_chain *v;
	size_t n;
};

#define CHECK_LETTERS 26

/* The field of the struct that a parameter fills is of the type named here. */
enum check_param_kind {
	CHECK_NUMBER,  /* int32_t, low..high */
	CHECK_FLAG,    /* bool */
	CHECK_TEXT,    /* struct span */
	CHECK_NUMBERS, /* struct check_numbers, each low..high; one or a list */
	CHECK_TEXTS,   /* struct check_texts */
	CHECK_VALUES,  /* int32_t[CHECK_LETTERS]: list from A on, or a map */
	CHECK_CHOICE,  /* int32_t, place in choices */
	CHECK_CHOICES, /* uint32_t, a bit for each place in choices */
	CHECK_FILE,    /* struct check_texts: first column of a file beside */
	CHECK_CHAINS,  /* struct check_chains */
};

struct check_param {
	const char *name; /* NULL ends a table */
	enum check_param_kind kind;
	size_t at; /* offset of the field */
	bool must;
	int32_t low, high;
	const char *const *choices; /* NULL ends it */
};

/* What is wrong with parameters that are each right. */
struct check_wrong {
	const char *param, *what;
};

/*
 * Turns what was read into what is fast to run. May choose c->run and take the
 * slice over (c->sliced = false). False with *why, or with why->param NULL when
 * memory ran out.
 */
typedef bool check_prepare_fn(struct arena *a, struct check *c, void *params,
			      struct check_wrong *why);

struct check_op {
	const char *name; /* NULL ends a table */
	check_fn *run;
	uint64_t reason;
	const struct check_param *params; /* NULL: none */
	size_t size;                      /* bytes of the struct behind them */
	const void *fresh;                /* its defaults; NULL: zero */
	check_prepare_fn *prepare;        /* NULL: nothing to do */
};

/* NULL when there is none of that name. */
const struct check_op *check_find(struct span name);

/* The i-th of all, NULL behind the last: for lists and tests. */
const struct check_op *check_at(size_t i);

/* ---- running ------------------------------------------------------------- */

/* The bytes of picks that a check may glue. */
#define CHECK_PICKED 128

bool check_run(struct span value, const struct check *c);

/* All that give no bonus hold. */
bool check_chain_holds(struct span value, const struct check_chain *chain);

/* False when the slice does not lie in v or is empty. */
bool check_cut(struct span v, struct check_slice s, struct span *out);

/* Luhn in base ten over the whole value, and no bonus. */
bool check_is_luhn(const struct check *c);

/* 0-9 A-Z as 0..35; 36 for any other byte. */
unsigned check_value36(uint8_t c);

#endif
