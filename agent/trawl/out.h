#ifndef AGENT_TRAWL_OUT_H
#define AGENT_TRAWL_OUT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/json.h"
#include "scan/scan.h"

/*
 * out: findings as text, in one of several formats. A format is a row of the
 * table in out.c and a file of its own.
 */
struct out {
	const struct out_format *format;
	struct buf text;  /* not yet written */
	struct json json; /* of a format that is one document */
	struct buf last;  /* path of the row before */
	struct buf head;  /* what begins each row of this path */
	uint64_t rows;
	bool closed; /* nothing can be written any more */
	bool gone;   /* since its reader has what it wanted: no words on it */
};

struct out_format {
	const char *name;
	void (*begin)(struct out *o);
	void (*row)(struct out *o, const struct scan_found *f);
	void (*end)(struct out *o);
};

extern const struct out_format out_jsonl, out_table, out_sarif, out_csv;

/* By name, NULL when there is none. */
const struct out_format *out_find(const char *name);

void out_init(struct out *o, const struct out_format *f);
void out_row(struct out *o, const struct scan_found *f);
void out_flush(struct out *o); /* to standard output */
void out_end(struct out *o);   /* with flush and out_fini() */
void out_fini(struct out *o);

/* For formats: what of a match may be shown, and text that never fails but
 * for want of memory, which ends the program. */
struct span out_match(const struct scan_found *f);
const char *out_level(const struct finding *f);
/* The key "also" with a list of types, when there are others. */
void out_also(struct json *j, const struct finding *f);
void out_add(struct out *o, const char *s);
void out_bytes(struct out *o, struct span s);
void out_need(enum status st);

/* For a terminal: what it would obey is shown, not sent. Gives its width. */
size_t out_shown(struct buf *to, struct span s);

#endif
