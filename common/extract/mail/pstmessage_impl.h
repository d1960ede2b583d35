/*
 * A message, or what else has properties, as the files of it share it:
 * `pstowner` opens it, `psttext` tells its texts and numbers, `pstbinary` its
 * header and bodies, `pstattach` what hangs below it, `pstmessage` all of it.
 */
#ifndef EXTRACT_MAIL_PSTMESSAGE_IMPL_H
#define EXTRACT_MAIL_PSTMESSAGE_IMPL_H

#include <stdbool.h>

#include "extract/mail/chars.h"
#include "extract/mail/pstmessage.h"

#define NAME_MAX_LEN 512
#define HEADERS      0x007d /* fields as they came over the net */

/* Whose properties are read. */
struct owner {
	struct extractor *x;
	struct pst *s;
	struct pst_heap heap;
	struct pst_properties list;
	struct chars_page *page; /* of text that is not wide */
};

/* False: it has no properties that can be read. */
bool pst_owner_open(struct pst *s, const struct pst_node *n, struct owner *o);
void pst_owner_close(struct owner *o);
/* The page of text that is not wide. */
struct chars_page *pst_page_of(const struct pst *s,
			       const struct pst_properties *l);

/* The type of a property. */
bool pst_is_text(unsigned type);
/* Its texts and numbers, and those of its recipients. */
enum status pst_text(struct owner *o);
/* All but the content of an attachment, which has its own name. */
enum status pst_binaries(struct owner *o);
/* Attachments, and other nodes below it. */
enum status pst_below(struct owner *o);

#endif
