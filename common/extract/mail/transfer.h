#ifndef EXTRACT_MAIL_TRANSFER_H
#define EXTRACT_MAIL_TRANSFER_H

#include "extract/mail/chars.h"
#include "extract/mail/coder.h"
#include "extract/mail/lines.h"

/*
 * transfer: what a part of a message holds: its lines up to where they stop,
 * decoded, and to UTF-8 when its charset is said.
 */
struct transfer {
	struct lines *lines;
	struct coder coder;
	struct span in;          /* of lines, still to be decoded */
	uint8_t few[64];         /* decoded, still to be given */
	size_t at, len;          /* of few */
	bool ended, cut;         /* cut: base64 ends within a quartet */
	struct span mark;        /* goes out first, or empty */
	struct chars_page *page; /* NULL: as it is */
	uint8_t raw[1024];       /* before it is converted */
	size_t held;
	uint8_t out[16]; /* for who asks for less than that */
	size_t out_at, out_len;
};

void transfer_init(struct transfer *t, struct lines *l, enum coding coding);
/* Convert from a charset; mark: say so by a byte order mark (for HTML). */
void transfer_charset(struct transfer *t, struct chars_page *page, bool mark);
/* Once it was read. */
void transfer_fini(struct transfer *t);

enum status transfer_read(void *arg, void *dst, size_t n, size_t *got);

#endif
