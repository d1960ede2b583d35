#ifndef EXTRACT_MAIL_HEADER_H
#define EXTRACT_MAIL_HEADER_H

#include "extract/job.h"
#include "extract/mail/chars.h"
#include "extract/mail/coder.h"
#include "extract/mail/lines.h"

/*
 * header: the fields of a message or of a part of one. Their text goes out as
 * a reader sees it, at "header Subject"; what they say about what follows is
 * kept.
 */
#define HEADER_FIELD                                                           \
	(32 * 1024) /* bytes of one field; more goes out as it is */

struct header {
	char type[80];  /* "text/plain", in lower case; "" */
	char smime[32]; /* smime-type, or protocol of multipart/encrypted */
	char charset[48];
	char boundary[LINES_BOUNDARY];
	char name[JOB_NAME_MAX + 1]; /* of a file, UTF-8; "" */
	enum coding coding;
	char coding_word[32];
	bool attached; /* Content-Disposition says so */
	bool any;      /* there was a field */
};

/*
 * The fields up to and with the empty line behind them. before: a line that
 * stood before them, or empty.
 */
NODISCARD enum status header_read(struct extractor *x, struct lines *l,
				  struct span before, struct header *h);

#endif
