/*
 * One archive that libarchive reads, as the files of it share it: `lib` is what
 * the library asks for, `lib_say` what its words mean, `lib_walk` the members.
 * One thread; the part is the caller's.
 */
#ifndef EXTRACT_ARCHIVE_LIB_IMPL_H
#define EXTRACT_ARCHIVE_LIB_IMPL_H

#include <archive.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "extract/archive/libarchive.h"
#include "extract/job.h"

/* What came of an archive. */
struct outcome {
	uint64_t count; /* headers that were read */
	bool broken;    /* it did not end as it should */
	bool sought;    /* it was not read in order */
};

/* One archive that is being read. */
struct lib {
	struct extractor *x;
	struct part *p;
	struct archive *a;
	uint64_t base; /* where it began */
	size_t unit;   /* bytes are given in multiples of it */
	size_t given;  /* bytes that the library looks at, not consumed */
	bool seeks, sought;
	bool placed; /* the part stands where it should already */
	/* data of the member at hand */
	const uint8_t *block;
	size_t len;
	la_int64_t gap;          /* zeros before the block */
	la_int64_t at;           /* offset in the member */
	bool broken;             /* the member ended by an error */
	bool over;               /* after which nothing more can be asked */
	bool quiet;              /* it is only tried */
	enum cover_reason first; /* why members cannot be read, if that holds
				    for those behind them, too */
};

/* False: no memory. Whoever opened it closes it. */
bool lib_open(struct lib *l, struct extractor *x, struct part *p);

/* With formats and filters chosen: ARCHIVE_OK, or what lib_note_break() says.
 */
int lib_start(struct lib *l);

/* Go to offset `to` of the archive, as far as the part still can. */
void lib_stand(struct lib *l, la_int64_t to);

/* The part stands behind what the archive used of it. */
void lib_close(struct lib *l);

/* What the last error means; `words` are the library's, fit to be shown. */
enum cover_reason lib_meaning(struct archive *a, char words[LIBARCHIVE_WORDS]);

/* The last error, as a note to the object. */
void lib_note_error(struct lib *l);

/* The same and where it broke, for whoever wants to look. */
void lib_note_break(struct lib *l);

/* The next block of the member; false at its end. */
bool lib_next_block(struct lib *l);

/* The data of the member at hand, as a part; lives as long as that. */
struct part lib_data(struct lib *l);

/* All members, and what people wrote beside their content. */
enum status lib_walk(struct lib *l, struct outcome *o);

#endif
