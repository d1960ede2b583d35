#ifndef DETECT_CATALOGUE_TYPE_H
#define DETECT_CATALOGUE_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "detect/catalogue/class.h"
#include "detect/check/check.h"
#include "detect/id/shape.h"

/*
 * type: one data type as its catalogue file says it, ready for the engines.
 *
 * Owner: all of it lives in the arena of the catalogue and never changes once
 * that is loaded.
 */

/* What finds the stretches that the type looks at. */
enum token_kind {
	TOKEN_ID,      /* letters and digits, in groups or not */
	TOKEN_IBAN,    /* two letters, two digits, letters and digits */
	TOKEN_EMAIL,   /* around an @ */
	TOKEN_PHONE,   /* from a + or (, or digits where a word stands */
	TOKEN_PATTERN, /* an expression of the pattern engine */
	TOKEN_RUN,     /* a long run of letters and digits */
	TOKEN_IP,      /* dotted quads, groups with colons */
	TOKEN_MAC,     /* pairs of hexadecimal digits */
	TOKEN_SEED,    /* twelve words or more of small letters */
	TOKEN__COUNT
};

/* Leading digits as a number: of `digits` digits, from..to. */
struct prefix {
	uint32_t from, to;
	uint8_t digits; /* 1..9 */
};

/* Prefixes that may come in shapes, and what that is worth by itself. */
struct form {
	const struct prefix *prefixes; /* none: any digits */
	size_t prefix_count;
	const struct shape *shapes;
	size_t shape_count;
	uint8_t seps; /* a bit for each place of SHAPE_SEPARATORS from 1 */
	uint8_t score;
	const struct check *checks; /* behind those of the type */
	size_t check_count;
};

enum mask_style {
	MASK_EACH,  /* a dot for each hidden character, separators stay */
	MASK_FIXED, /* eight dots, whatever the length */
	MASK_EMAIL, /* first letter, dots, @, first letter, dots, last label */
	MASK_LINE,  /* the first line, then dots */
};

struct mask_rule {
	enum mask_style style;
	uint8_t first, last; /* letters and digits that stay */
};

/* What the pattern engine and the code behind it need of a TOKEN_PATTERN. */
struct pattern {
	const char *text;
	bool caseless;
	bool url;      /* the value begins with the scheme before its :// */
	bool assigned; /* it is a name; what is given to it counts */
	bool card;     /* it ends with the first digit of a card's number */
	bool has_value, has_more;
	struct class_run value; /* the match ends with it; only that counts */
	struct class_run more;  /* what follows and belongs to it */
	struct class_set edge;  /* must not stand right before or behind */
	/* the match goes on to the first text, then through the second */
	const char *until, *through; /* NULL: it does not */
};

#define TYPE_CHECKS 12 /* links of a chain */

/* What all of a cell is like that stands under one of these heads. */
#define CELL_BYTES 200
struct cell {
	/* globs for heads as table_head() writes them: "*first name" */
	const struct span *heads;
	size_t head_count;
	struct class_run like;
	const struct check *checks; /* see it with letters as capitals */
	size_t check_count;
	uint8_t score; /* without the head */
};

struct data_type {
	const char *id, *name, *category, *risk, *source;
	const char *countries; /* joined by commas */
	enum token_kind token;
	uint8_t base;    /* score of the shape alone; of an id: its form's */
	uint64_t stands; /* REASON() bits that the shape alone gives */
	const struct form *forms;
	size_t form_count;
	struct pattern pattern;
	const struct cell *cell;  /* NULL: a cell is like any other text */
	const struct span *heads; /* of a run: what it begins with */
	size_t head_count;
	const char *table; /* path of the list beside the file, or NULL */
	const struct check *checks;
	size_t check_count;
	struct mask_rule mask;
	const struct span *test_values; /* normalised */
	size_t test_count;
	const struct span *good, *bad; /* examples */
	size_t good_count, bad_count;
	/* one bit a word of the catalogue; NULL when there is none */
	const uint64_t *words_for, *words_against;
	const uint64_t *words_columns; /* count as key or head only */
	const uint64_t *words_general; /* of these: all of its kind share */
	bool by_default;               /* part of the default profile */
	bool own;                      /* not of the catalogue: of --rules */
	const char *file;
	/* the words of its own file, as written; lists of words are not here */
	const struct span *spoken, *headed;
	size_t spoken_count, headed_count;
	/* set when a detector is opened */
	bool wanted; /* reported */
	bool active; /* looked for: wanted, or needed to judge a wanted one */
};

#endif
