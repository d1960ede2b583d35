#ifndef EXTRACT_JOB_H
#define EXTRACT_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "extract/charset.h"
#include "extract/extract.h"
#include "extract/format.h"
#include "extract/names.h"
#include "extract/part.h"
#include "extract/spot.h"

/*
 * What the extractors of this room share while one object is read: its budget,
 * its place and where text and notes go. Internal to the room.
 */
#define JOB_DEPTH_MAX 16 /* no budget may ask for more */
#define JOB_LEVELS    (JOB_DEPTH_MAX + 2)
#define JOB_PLACE_MAX EXTRACT_PLACE_MAX
#define JOB_NAME_MAX  1024 /* bytes of one member's name in a place */

struct inflater;
struct again;
struct made;
struct track;
struct origin_map;

struct extract_kit {
	struct extract_options options;
	struct format_index formats;
	void *state[FORMAT_GROUPS_MAX]; /* of the groups, in their order */
};

/* What goes with a level of depth and is used again by the next there. */
struct job_level {
	uint8_t *buf; /* PART_BUF bytes */
	struct inflater *inflater;
	struct made *made;
	struct names_seen names; /* of the members of what is read there */
};

struct extractor {
	const struct extract_kit *kit;
	struct extract_kit *own; /* the same when it is closed with this */
	struct budget budget;
	const struct extract_sink *sink;
	struct extract_result *result;
	struct part root; /* the object itself */
	uint8_t *window;  /* EXTRACT_WINDOW bytes, of the leaf being read */
	uint8_t *raw;     /* PART_BUF bytes, before they are decoded */
	spot_next *spot;
	struct again *again;          /* what was decoded of the text at hand */
	struct track *track;          /* places in the text at hand */
	struct origin_map *map;       /* origins of decoded text */
	struct origin_map *folds;     /* offsets before folding */
	uint8_t *folded;              /* EXTRACT_WINDOW bytes */
	uint8_t *widths;              /* the same, of text that is decoded */
	uint16_t *pairs[PAIR__COUNT]; /* see charset_pair.h */
	struct job_level levels[JOB_LEVELS];
	char place[JOB_PLACE_MAX];
	size_t place_len;
	const char *parser; /* who reads at the moment */
	/* for the text that goes out next; see extract_window */
	const struct extract_where *where;
	bool made;
	struct span first;
	unsigned depth;
	uint64_t made_at; /* origin of the next text that is made */
	uint64_t output;  /* bytes unpacked so far */
	uint64_t windows; /* given to the sink so far */
	uint64_t kept;    /* bytes of members held in memory */
	int file;         /* of memory, see memfile.h; -1: there is none */
	bool file_used;
	uint64_t notes;
	int64_t cpu_seen; /* CPU clock when it was asked last, at `wall` */
	struct timespec wall;
	int64_t cpu_end;    /* CPU clock when time is up; 0: not started */
	int64_t member_end; /* the same for the outermost member */
	bool stop;          /* over budget, or the sink wants no more */
	bool stop_member;   /* only until the outermost member is left */
};

/* Before the first part of an object. */
void extract_begin(struct extractor *x, const struct extract_sink *sink,
		   struct extract_result *out);

/* Read a part by what it holds. */
NODISCARD enum status job_part(struct extractor *x, struct part *p);
/* The same, for a member one level further in, called `name`. */
NODISCARD enum status job_member(struct extractor *x, struct part *p,
				 struct span name);
/*
 * For values that may be files: what job_member() would make of these bytes.
 * Of text, that it is UTF-8 and has no places of its own.
 */
enum job_kind { JOB_FILE, JOB_KEYED, JOB_TEXT };
enum job_kind job_kind(const struct extractor *x, struct span s);
/* As bytes, whatever they hold: what a parser leaves over. */
NODISCARD enum status job_rest(struct extractor *x, struct part *p);

/*
 * The same in steps, for a parser that has more to say of a member once it was
 * read: between them the place is the member's. Neither counts it.
 */
struct job_outer {
	size_t place_len;
	uint64_t notes, windows;
	const struct extract_where *where;
	bool made;
	struct span first;
};
void job_begin_member(struct extractor *x, struct span name,
		      struct job_outer *o);
void job_end_member(struct extractor *x, const struct job_outer *o);

/* The place at hand was not fully read. */
void job_note(struct extractor *x, enum cover_reason why);
/* With further words, a short sentence or a few numbers. */
__attribute__((format(printf, 3, 4))) void job_note_words(struct extractor *x,
							  enum cover_reason why,
							  const char *words,
							  ...);
/* A member of the place at hand that is not given to job_member(). */
void job_note_member(struct extractor *x, struct span name,
		     enum cover_reason why, const char *words);
/* When reading a part ended before its time: why. job_part() does it itself. */
void job_note_failure(struct extractor *x, const struct part *p);
void job_over(struct extractor *x, enum cover_reason why); /* note and stop */

/* Account for n unpacked bytes, one more member; false: over budget. */
bool job_spend(struct extractor *x, uint64_t n);
bool job_count(struct extractor *x);
/* False: time is up. Ask now and then in every loop that input can prolong. */
bool job_in_time(struct extractor *x);

/* For a parser that takes over within a part: x->parser and the place. */
void job_say_where(struct extractor *x);

/* The way inside grows by a name; job_leave() with what job_enter() gave. */
size_t job_enter(struct extractor *x, struct span name);
void job_leave(struct extractor *x, size_t place_len);

/* The buffer and codec of the current depth; NULL: no memory. */
uint8_t *job_buf(struct extractor *x);
struct inflater *job_inflater(struct extractor *x);

/* What format_group.prepare() made for a group. */
void *job_group_state(const struct extractor *x, const struct format_group *g);

#endif
