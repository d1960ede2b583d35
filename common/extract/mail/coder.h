#ifndef EXTRACT_MAIL_CODER_H
#define EXTRACT_MAIL_CODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/*
 * coder: transfer encodings, decoded piece by piece. What stands where nothing
 * of the encoding may stand is passed over in base64 and kept in
 * quoted-printable, as readers of mail do.
 */
enum coding {
	CODING_NONE, /* 7bit, 8bit, binary */
	CODING_QUOTED,
	CODING_BASE64,
	CODING_UU,
	CODING_YENC,
	CODING_OTHER, /* a word that we do not know: as it stands */
};

struct coder {
	enum coding coding;
	uint32_t bits; /* base64: of the quartet; quoted: the first digit */
	uint8_t have;  /* base64: digits; else where in an escape */
	bool word;     /* of a header (RFC 2047): '_' is a blank */
};

enum coding coder_find(struct span word); /* of Content-Transfer-Encoding */

/* Decodes s into dst, which has room for s.len + 2 bytes; bytes written. */
size_t coder_put(struct coder *c, struct span s, uint8_t *dst);
/* What a cut one still holds, at most 2 bytes; *cut: it was. */
size_t coder_end(struct coder *c, uint8_t *dst, bool *cut);

/* One line of uuencode; at most 63 bytes. */
size_t coder_uu(struct span line, uint8_t dst[64]);

#endif
