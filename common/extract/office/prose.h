#ifndef EXTRACT_OFFICE_PROSE_H
#define EXTRACT_OFFICE_PROSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "extract/made.h"
#include "extract/office/xml.h"

/*
 * prose: paragraphs out of XML, as a reader sees them: runs are joined, cells
 * of a table stand in a row, text boxes and notes stand by themselves. What
 * nobody sees is text, too: what was deleted (the paragraph as it was before),
 * codes of fields, comments, values of attributes that say something.
 *
 * A table of elements says what each is; what it does not name has no text of
 * its own.
 */
enum prose_class {
	PROSE_PARA,  /* a line; may stand in another */
	PROSE_LINE,  /* the same, and its text is that of a reader */
	PROSE_TEXT,  /* its text is that of a reader */
	PROSE_CODE,  /* its text is told beside the paragraph */
	PROSE_TAB,   /* one, if it has no attributes but a style's */
	PROSE_BREAK, /* a line end within a paragraph */
	PROSE_BLANK, /* one, or as many as attribute c says */
	PROSE_DASH,
	PROSE_CELL,
	PROSE_ROW,
	PROSE_TABLE,
	PROSE_GONE, /* deleted: was there before */
	PROSE_NEW,  /* inserted: was not there */
	PROSE_ITEM, /* a comment, a note: counted by its words */
	PROSE_SIDE, /* of an item, with its number: notes of a slide */
};

struct prose_element {
	const char *name;
	enum prose_class class;
	const char *word; /* of an item, # is its number: "comment #" */
};

/* What prose_open() gives: its place in the table and one, or 0. */
#define PROSE_OTHER 0

#define PROSE_NEST  8
#define PROSE_WORDS 16
#define PROSE_TITLE 128

/* A paragraph being put together. */
struct prose_frame {
	struct buf now, before, aside;
	bool changed;
};

struct prose {
	struct extractor *x;
	struct made *m;
	const struct prose_element *elements;
	struct xml_names names;  /* of the elements */
	char title[PROSE_TITLE]; /* "slide 4 notes"; empty: the document */
	bool all_text;           /* of elements that the table does not name */
	char value[64];          /* what the next value is called */
	struct prose_frame frames[PROSE_NEST];
	unsigned paras;                 /* open within each other */
	unsigned text, code, gone, new; /* open elements of a class */
	unsigned cells, rows;
	bool apart; /* a tag stands between texts */
	uint32_t paragraph, table, row;
	const char *words[PROSE_WORDS]; /* of items, by their number */
	uint32_t counts[PROSE_WORDS];
	uint32_t items[PROSE_NEST]; /* word << 24 | number, open ones */
	unsigned item;
};

/* Around one or more parts; title NULL: none. */
NODISCARD enum status prose_begin(struct prose *pr, struct extractor *x,
				  const struct prose_element *elements,
				  const char *title);
NODISCARD enum status prose_end(struct prose *pr);

/* For walkers with more to say: what prose does with an event. */
unsigned prose_open(struct prose *pr, const struct xml_tag *t);
void prose_close(struct prose *pr, unsigned what);
/* The same by the name of an element, for what is no XML. */
void prose_enter(struct prose *pr, const char *name);
void prose_leave(struct prose *pr, const char *name);
void prose_text(void *arg, struct span s);
void prose_other(void *arg, struct span s);
/* Words beside the paragraph at hand. */
void prose_aside(struct prose *pr, struct span s);

/* An attribute whose value may be a person's: words, an address, a number. */
bool prose_says(const struct xml_attr *a);

/* All of it for one part; what is not well-formed is read as text after it. */
NODISCARD enum status prose_part(struct extractor *x, struct part *p,
				 const struct prose_element *elements,
				 const char *title);

#endif
