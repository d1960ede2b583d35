#ifndef EXTRACT_ARCHIVE_CODEC_H
#define EXTRACT_ARCHIVE_CODEC_H

#include <stdbool.h>

#include "extract/job.h"

/*
 * codec: compressed streams other than deflate, each by its library, a row of
 * functions. What was unpacked before damage or the end of input is given, and
 * input is consumed to the byte: what follows a stream stays in the part.
 */
struct codec {
	void *(*open)(void); /* ready for a stream; NULL: no memory */
	void (*close)(void *state);
	/*
	 * From in to out, as far as either goes; *used and *made say how far.
	 * ST_EOF: the stream ended, what is left of `in` is not its own.
	 * ST_MALFORMED, ST_UNSUPPORTED, ST_NOMEM: no more will come. ST_OK with
	 * neither used nor made: it needs more input.
	 */
	enum status (*run)(void *state, struct span in, uint8_t *out,
			   size_t room, size_t *used, size_t *made);
	/* Another stream of its kind begins with these bytes. */
	bool (*begins)(struct span head);
};

extern const struct codec codec_bzip2, codec_xz, codec_lzma, codec_zstd,
    codec_lz4;

/* One stream being read, or several that follow each other. */
struct codec_reader {
	const struct codec *codec;
	void *state; /* NULL between streams */
	struct part *from;
	uint64_t left; /* bytes of input that may still be consumed */
	bool more;     /* go on with the next stream of its kind */
	bool ended;
};

void codec_start(struct codec_reader *r, const struct codec *c,
		 struct part *from, uint64_t limit, bool more);
/*
 * Up to n bytes. ST_OK with *got 0: all ended as it should; ST_CLOSED: input
 * ended too early; the others as run() says. *got may be above 0 with each.
 */
NODISCARD enum status codec_read(struct codec_reader *r, void *dst, size_t n,
				 size_t *got);
void codec_stop(struct codec_reader *r);

/* Files that are such streams; for the table of formats. */
enum status codec_bzip2_part(struct extractor *x, struct part *p);
enum status codec_xz_part(struct extractor *x, struct part *p);
enum status codec_lzma_part(struct extractor *x, struct part *p);
enum status codec_zstd_part(struct extractor *x, struct part *p);
enum status codec_lz4_part(struct extractor *x, struct part *p);

#endif
