#ifndef DETECT_ENGINE_ENGINE_H
#define DETECT_ENGINE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * engine: many expressions at once, by Hyperscan in block mode. The only room
 * that includes <hs.h> is engine*.c.
 *
 * Owner:   an engine never changes and may be shared by threads and forks. All
 *          of it lies in the arena of whoever opened it and goes with that; no
 *          pointer leads out of it. A scratch belongs to one thread.
 * Limits:  an expression reaches over at most ENGINE_WIDTH bytes, so that a
 *          match does not depend on how the text is cut; longer values go on
 *          in code behind it.
 */
#define ENGINE_WIDTH 256

struct engine;
struct engine_scratch;

struct engine_rule {
	const char *name; /* for messages: the id of the type */
	const char *text;
	bool caseless;
	bool start; /* where a match begins is wanted; not all can tell it */
	bool edged; /* one behind a letter that is not escaped does not count */
	bool digits; /* of its matches only those with a digit count */
	bool own;    /* somebody's own: refused when it is slow */
};

struct engine_options {
	struct arena *arena;
	/*
	 * First part of the name of a file for the compiled form, or NULL. The
	 * rest of it stands for rules, library and processor, see shelf.h. A
	 * file that is missing, damaged or not ours is written anew; that it
	 * cannot be written is no failure.
	 */
	const char *cache;
	/*
	 * Told the number of rules before it takes seconds, because the cache
	 * seems not to have all of them; or NULL.
	 */
	void (*compiling)(size_t rules);
};

NODISCARD enum status engine_open(const struct engine_rule *rules, size_t count,
				  const struct engine_options *o,
				  struct engine **out, struct buf *why);

/* The library and the processor: with others an engine is none. */
uint64_t engine_machine(void);

/* like: another one of the same engine, which is quicker; or NULL. */
NODISCARD enum status engine_scratch_open(const struct engine *e,
					  const struct engine_scratch *like,
					  struct engine_scratch **out);
void engine_scratch_close(struct engine_scratch *s);

/*
 * The rule is looked for only where keys can be: of its matches those that
 * hold a run, sieve_run(), are told; others may be or not.
 */
bool engine_wants_run(const struct engine *e, unsigned rule);

/*
 * Every end of a match, with its leftmost beginning when the rule wants it (any
 * place before it when it does not); return false to stop.
 * engine_scan() gives false when it was stopped.
 */
typedef bool engine_hit(void *arg, unsigned rule, size_t from, size_t to);
bool engine_scan(const struct engine *e, struct engine_scratch *s,
		 struct span text, engine_hit *hit, void *arg);

#endif
