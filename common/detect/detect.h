#ifndef DETECT_DETECT_H
#define DETECT_DETECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "model/holds.h"
#include "model/match.h"

/*
 * detect: text to matches. Pure: sees no file, no path, no socket.
 *
 * A detector is the compiled catalogue: it is made once, never changes and may
 * be shared by threads and by forked processes. A scratch belongs to one
 * thread and holds what a scan needs, so that scanning allocates nothing.
 */
struct detector;
struct detect_scratch;

struct detect_options {
	/*
	 * Folder with <group>/<id>.yaml. NULL: $TRAWL_CATALOGUE, else the
	 * installed one, else schema/catalogue beside the program's build.
	 */
	const char *catalogue;
	/*
	 * Files for compiled patterns, or NULL for none: each choice of types
	 * has its own, "cache-KEY", and a few are kept. They must lie in a
	 * folder that nobody else writes. One that is missing, foreign or
	 * damaged is made anew in silence; failing to write it is no failure.
	 */
	const char *cache;
	/*
	 * Told before expressions are compiled, which takes seconds and is
	 * done once when there is a cache; NULL: nobody asks.
	 */
	void (*compiling)(size_t expressions);
	/*
	 * ids, globs (* and ?) and "profile:NAME"; 0 of them: the profile
	 * `default`
	 */
	const struct span *types;
	size_t type_count;
	/*
	 * Files, and folders, with types of one's own; such a folder may have
	 * profiles/ too. They are looked for beside what a profile chooses, or
	 * when they are named. Borrowed while the detector is open.
	 */
	const char *const *rules;
	size_t rule_count;
	bool replace; /* theirs may have the id of one of the catalogue */
	unsigned min_confidence; /* 0: DETECT_MIN_CONFIDENCE */
};

#define DETECT_MIN_CONFIDENCE 50

/*
 * How a caller cuts long text into windows: at least LEAD bytes before `from`
 * unless the text begins there, at least TAIL bytes behind `to` unless the text
 * ends there. Matches are the same however the text is cut.
 */
#define DETECT_LEAD 2048
#define DETECT_TAIL (16 * 1024)

/*
 * On failure *why is filled with a sentence that names file, line and field;
 * the caller has called buf_init() on it.
 */
NODISCARD enum status detector_open(const struct detect_options *o,
				    struct detector **out, struct buf *why);
void detector_close(struct detector *d);

NODISCARD enum status detect_scratch_open(const struct detector *d,
					  struct detect_scratch **out);
void detect_scratch_close(struct detect_scratch *s); /* wipes */

/*
 * Find in text[0..len) every match that starts in [from, to). `sink` is called
 * in order of offset. Bytes may be UTF-8, Latin-1 or anything else.
 */
typedef void detect_sink(void *arg, const struct match *m);
void detect_text(const struct detector *d, struct detect_scratch *s,
		 struct span text, size_t from, size_t to, detect_sink *sink,
		 void *arg);

/*
 * From within `sink`: the masked surroundings of the match it is given, UTF-8
 * on one line, good until the sink returns. Costs more than to find the match,
 * so only who shows it asks for it.
 */
struct span detect_context(struct detect_scratch *s);

/*
 * The first lines of the part that the next windows come from, as many as are
 * at hand up to DETECT_TABLE bytes. When they are of a table, matches know the
 * heads of its columns, and what its columns hold. What is known holds until
 * the next call; a scratch starts with nothing. Give the same with every window
 * of a part, and the windows in order; a copy is taken of nothing, so that
 * `first` may go.
 */
#define DETECT_TABLE ((size_t)16 * 1024)
void detect_table(struct detect_scratch *s, struct span first);

/*
 * Whoever knows of the next texts what their places can hold is asked, within
 * detect_text(), for the place at an offset; NULL: nobody knows. It must say
 * the same however the text is cut.
 */
typedef enum holds detect_holds_fn(void *arg, size_t off);
void detect_holds(struct detect_scratch *s, detect_holds_fn *fn, void *arg);

/*
 * A value as match.value has it: without separators, letters as the type wants
 * them. False when there is no such type, or `room` bytes are too few.
 */
bool detect_value(const struct detector *d, struct span type, struct span raw,
		  uint8_t *out, size_t room, size_t *len);

/* What a catalogue file says of a type, for lists and the console. */
struct type_info {
	const char *id, *name, *category; /* "card_visa", "Visa", "card" */
	const char *risk;                 /* "critical" "high" "medium" "low" */
	const char *countries;            /* "US", "*", "DE,AT" */
	const char *source;               /* standard or registry of the rule */
};
size_t detector_type_count(const struct detector *d);
void detector_type(const struct detector *d, size_t i, struct type_info *out);

#endif
