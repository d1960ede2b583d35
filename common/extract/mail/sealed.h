#ifndef EXTRACT_MAIL_SEALED_H
#define EXTRACT_MAIL_SEALED_H

#include "extract/format.h"
#include "extract/job.h"

/*
 * sealed: what is encrypted or signed as a whole. S/MIME and other CMS
 * (RFC 5652): encrypted content is reported, signed content is read. PGP
 * messages are reported.
 */
bool sealed_is_cms(struct format_look *l);
NODISCARD enum status sealed_cms(struct extractor *x, struct part *p);
NODISCARD enum status sealed_pgp(struct extractor *x, struct part *p);

#endif
