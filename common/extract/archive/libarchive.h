#ifndef EXTRACT_ARCHIVE_LIBARCHIVE_H
#define EXTRACT_ARCHIVE_LIBARCHIVE_H

#include <stdbool.h>

#include "extract/job.h"

/*
 * libarchive: archives and compressed streams that the library of that name
 * reads, each with the one format and filter that its content asked for.
 *
 * Every member is read by what it holds; a list of their names is a text of its
 * own, "names". What lies behind the end of an archive is read as bytes, and so
 * is an archive of which no member could be read.
 */
enum status libarchive_cpio(struct extractor *x, struct part *p);
enum status libarchive_ar(struct extractor *x, struct part *p);
enum status libarchive_7z(struct extractor *x, struct part *p); /* seeks */
enum status libarchive_cab(struct extractor *x, struct part *p);
enum status libarchive_iso(struct extractor *x, struct part *p);
enum status libarchive_rar(struct extractor *x, struct part *p);
enum status libarchive_rar5(struct extractor *x, struct part *p);
enum status libarchive_lha(struct extractor *x, struct part *p);
enum status libarchive_xar(struct extractor *x, struct part *p); /* seeks */

/*
 * One archive from the part's position on; *broken: it ends there by damage, at
 * a header that was not read (noted). For tar.c.
 */
enum status libarchive_tar(struct extractor *x, struct part *p, bool *broken);

/* One stream, or several one behind the other. */
enum status libarchive_lz4_legacy(struct extractor *x, struct part *p);
enum status libarchive_lzip(struct extractor *x, struct part *p);
enum status libarchive_compress(struct extractor *x, struct part *p);

/*
 * A zip of one member, seekable, for methods and encryptions that our own
 * reader has not. ST_EOF: it cannot be read, why and words tell. With `probe`
 * only its beginning is unpacked, without a note; else its content goes to
 * read(), and what is wrong with it is noted.
 */
#define LIBARCHIVE_WORDS 160
struct libarchive_zip {
	const char *password; /* or NULL */
	bool probe;
	enum status (*read)(void *arg, struct extractor *x, struct part *p);
	void *arg;
	enum cover_reason why;
	char words[LIBARCHIVE_WORDS];
};
enum status libarchive_zip(struct extractor *x, struct part *p,
			   struct libarchive_zip *z);

#endif
