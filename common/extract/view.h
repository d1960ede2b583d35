#ifndef EXTRACT_VIEW_H
#define EXTRACT_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "extract/job.h"
#include "extract/origin.h"

/*
 * view: a stretch of text as it reads once it is decoded, given to the sink
 * behind the text itself. One level: what comes out is not looked at again.
 * Each byte knows the original bytes that it was made of.
 *
 * The one table of limits. A view costs at most its own length and what it
 * shows around itself; of every kind there is one at a time.
 */
#define VIEW_ROOM    (96 * 1024) /* decoded bytes held; longer ones are cut */
#define VIEW_LEAD    512  /* bytes of text shown before the first escape */
#define VIEW_BEFORE  128  /* of these, where a match may begin */
#define VIEW_BEHIND  128  /* bytes after the last escape where one may begin */
#define VIEW_QUIET   512  /* bytes without an escape end a stretch */
#define VIEW_BASE64  24   /* characters of base64, its padding among them */
#define VIEW_PROMISE 20   /* of these, the first that must decode to text */
#define VIEW_JUDGED  768  /* decoded bytes that are judged together */
#define VIEW_ODD     8    /* of so many bytes one may be none of text */
#define VIEW_INDENT  16   /* blanks before a further line of base64 */
#define VIEW_RUN     6    /* characters of a run of wide text, at least */
#define VIEW_RUN_PRE 128  /* characters of other scripts shown before them */
#define VIEW_RUN_GAP 1024 /* bytes without a run end a view of runs */
#define VIEW_RUN_SEE 2048 /* characters by which its byte order is told */

/* A window of text that is looked through for encodings. */
struct view_text {
	struct span text;
	uint64_t base;   /* offset of text[0] in all of the text */
	size_t from, to; /* what is this window's */
	const struct text_origin *origin;
};

struct view {
	struct extractor *x;
	uint8_t *text; /* VIEW_ROOM bytes */
	struct origin_span *spans;
	uint64_t base;
	size_t len;
	size_t from; /* matches begin at or behind it */
	size_t near; /* and before it, unless SIZE_MAX */
	bool open;
	enum status st; /* why nothing more comes out */
};

/* Opens without anything, for what begins at origin `base`. */
void view_bare(struct view *v, struct extractor *x, uint64_t base);
/* Opens with the VIEW_LEAD bytes of text before `at`. */
void view_open(struct view *v, struct extractor *x, const struct view_text *t,
	       size_t at);
/* Origins are those of the object. */
void view_put(struct view *v, uint8_t c, uint64_t from, uint64_t to);
/* The rest goes out. */
void view_close(struct view *v);
void view_drop(struct view *v); /* nothing more goes out */
void view_free(struct view *v);

#endif
