#ifndef EXTRACT_MAIL_CHARS_H
#define EXTRACT_MAIL_CHARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "extract/job.h"

/*
 * chars: text whose charset is said, by a label of mail or by the number of a
 * Windows code page, to UTF-8. Some of one byte are tables of ours
 * (chars_table.h); the others load plug-ins of the C library, so all of them
 * are opened before rights are lost. Also used by ole/.
 *
 * A label that we do not know, UTF-8 and ASCII give no page: the bytes go out
 * as they are and are guessed where nothing is said (charset.h).
 */
struct chars;
struct chars_page;

NODISCARD enum status chars_open(struct chars **out);
void chars_close(struct chars *c); /* takes NULL */
/* Those of this worker; NULL: there are none. */
struct chars *chars_of(const struct extractor *x);

struct chars_page *chars_label(struct chars *c, struct span label);
struct chars_page *chars_codepage(struct chars *c, unsigned number);

/* One text at a time for each page; false: another one is being read. */
bool chars_begin(struct chars_page *p);
void chars_end(struct chars_page *p);

/*
 * Convert what fits into room >= 8, dropping it from *in; bytes written. What
 * is no character becomes U+FFFD; one that is cut stays in *in until `end`.
 */
size_t chars_put(struct chars_page *p, struct span *in, bool end, uint8_t *dst,
		 size_t room);

/* All of a short text behind what `to` holds; a NULL page copies it. */
NODISCARD enum status chars_add(struct chars_page *p, struct span s,
				struct buf *to);

#endif
