#ifndef EXTRACT_PDF_FILE_H
#define EXTRACT_PDF_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "extract/job.h"
#include "extract/pdf/crypt.h"
#include "extract/pdf/syntax.h"

struct pdf_place;

/*
 * file: the objects of a PDF. Its table of where they stand is not read: every
 * object is found by its own head, so that a file without a table, or with a
 * wrong one, has the same objects as a whole one, and what an update left
 * behind is found as well. Those in streams of objects are there, too.
 */
#define PDF_OBJECTS_MAX (2 * 1024 * 1024)
#define PDF_CHAIN_MAX   32 /* references to references, filters */

struct pdf_object {
	uint32_t num, gen;
	uint32_t seq; /* later ones take the place of earlier ones */
	bool packed;  /* in a stream of objects: its strings are plain */
	bool seen;    /* it went out */
	struct span raw;
	struct span body; /* bytes of its stream, or ptr NULL */
};

/* A value, and the object it stands in. */
struct pdf_value {
	struct span raw;
	struct pdf_object *in;
};

struct pdf_file {
	struct extractor *x;
	struct span bytes;
	struct pdf_object *objects; /* in the order of the file */
	uint32_t count, room;
	struct pdf_place *order; /* of objects, by number and then by seq */
	uint32_t ordered;
	struct buf *stores; /* what streams of objects unpack to */
	size_t store_count;
	struct span trailer; /* the last one */
	struct span sealer;  /* the last one that says how it is encrypted */
	struct pdf_crypt crypt;
	bool locked; /* no password opens it */
	bool damaged;
};

NODISCARD enum status pdf_open(struct extractor *x, struct span bytes,
			       struct pdf_file *f);
void pdf_close(struct pdf_file *f);

struct pdf_object *pdf_object(struct pdf_file *f, uint32_t num); /* or NULL */
/* The value of a key, references followed; raw is empty when there is none. */
struct pdf_value pdf_at(struct pdf_file *f, struct pdf_value dict,
			const char *key);
/* A raw value that stands in `in`, references followed. */
struct pdf_value pdf_follow(struct pdf_file *f, struct span raw,
			    struct pdf_object *in);
struct pdf_value pdf_root(struct pdf_file *f, const char *key); /* of trailer */

/* The bytes of a string, decrypted. */
NODISCARD enum status pdf_bytes(struct pdf_file *f, struct pdf_value v,
				struct buf *to);

#endif
