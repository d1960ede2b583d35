#ifndef MODEL_OBJECT_H
#define MODEL_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/*
 * object: one file (row set, message, page) and what became of it: a line of
 * the coverage ledger. Every object that the walk met ends as exactly one.
 */
enum coverage {
	COVERAGE_FULL = 1,    /* every byte and member was read */
	COVERAGE_PARTIAL = 2, /* some of it was, reason says what not */
	COVERAGE_NONE = 3,    /* nothing was */
};

/*
 * Why an object is not fully read: code for machines, a word for counts ("2
 * damaged"), words for people.
 */
#define COVER_TABLE(X)                                                         \
	X(COVER_OK, "ok", "fully read", "fully read")                          \
	X(COVER_DENIED, "denied", "denied", "no permission to read it")        \
	X(COVER_VANISHED, "vanished", "vanished",                              \
	  "it was gone before it could be read")                               \
	X(COVER_CHANGED, "changed", "changed while read",                      \
	  "it changed while it was read")                                      \
	X(COVER_IO, "io", "unreadable", "reading failed")                      \
	X(COVER_SPECIAL, "special", "special files",                           \
	  "a device, socket or pipe is not content")                           \
	X(COVER_LOOP, "loop", "loops", "a link that leads back to itself")     \
	X(COVER_LINK, "link", "links", "a link that is not followed")          \
	X(COVER_MALFORMED, "malformed", "damaged",                             \
	  "damaged, read up to the damage")                                    \
	X(COVER_TRUNCATED, "truncated", "cut short",                           \
	  "it ends before it should")                                          \
	X(COVER_ENCRYPTED, "encrypted", "encrypted",                           \
	  "encrypted, no password is known")                                   \
	X(COVER_UNSUPPORTED, "unsupported", "of an unknown method",            \
	  "a method we cannot read")                                           \
	X(COVER_DEPTH, "depth", "nested too deep",                             \
	  "nested deeper than the limit")                                      \
	X(COVER_MEMBERS, "members", "with too many members",                   \
	  "more members than the limit")                                       \
	X(COVER_BYTES, "bytes", "too large unpacked",                          \
	  "unpacks to more bytes than the limit")                              \
	X(COVER_RATIO, "ratio", "suspected bombs",                             \
	  "unpacks to a suspicious ratio (bomb)")                              \
	X(COVER_TIME, "time", "too slow", "took longer than the limit")        \
	X(COVER_MATCHES, "matches", "with too many matches",                   \
	  "more matches than the limit")                                       \
	X(COVER_CRASHED, "crashed", "crashing their reader",                   \
	  "the reader of its format crashed on it")                            \
	X(COVER_HOLES, "holes", "sparse",                                      \
	  "holes of a sparse file hold no bytes")                              \
	X(COVER_STOPPED, "stopped", "not reached",                             \
	  "the scan was stopped before")                                       \
	X(COVER_NAME, "name", "with too long a name", "the name is too long")  \
	X(COVER_MOUNT, "mount", "other file systems",                          \
	  "another file system that is not followed")                          \
	X(COVER_MEMORY, "memory", "too large for memory",                      \
	  "too large to be opened in memory")                                  \
	X(COVER_VOLUME, "volume", "lacking volumes",                           \
	  "one of several volumes, others are missing")                        \
	X(COVER_MEDIA, "media", "pictures or sound",                           \
	  "pictures or sound, no text was looked for in them")                 \
	X(COVER_SAMPLE, "sample", "sampled",                                   \
	  "a sample of it was read, as it was ordered")                        \
	X(COVER_OWN, "own", "of Trawl's own",                                  \
	  "Trawl's own patterns and examples, not content")

enum cover_reason {
#define COVER_ENUM(code, name, brief, text) code,
	COVER_TABLE(COVER_ENUM)
#undef COVER_ENUM
	    COVER__COUNT
};

const char *cover_name(unsigned reason); /* "denied"; "unknown" */
const char *cover_brief(unsigned reason);
const char *cover_text(unsigned reason);
bool cover_find(struct span name, uint8_t *reason);
/* Whether it keeps "all was read" from being true: a link holds no content,
 * nor does what Trawl wrote itself. */
bool cover_counts(unsigned reason);
const char *coverage_name(unsigned coverage); /* "full", "partial", "none" */

struct object {
	struct span path;   /* as found; bytes, not always UTF-8 */
	struct span place;  /* what inside was not read, or empty */
	struct span parser; /* what read or met that place, "zip"; or empty */
	uint64_t size;      /* bytes by its metadata */
	uint64_t read;      /* bytes read of it */
	int64_t mtime;      /* seconds since 1970 */
	uint32_t mode;      /* st_mode, 0 when the source has none */
	uint32_t uid, gid;
	uint8_t coverage; /* enum coverage */
	uint8_t reason;   /* enum cover_reason */
	uint32_t members; /* met inside, 0 for plain files */
	uint32_t members_partial, members_unread; /* of these */
	uint32_t notes; /* places that were not read, NOTE_MAX of them named */
};

/* Bytes of it that were not read; a folder has none. */
uint64_t object_unread(const struct object *o);

#endif
