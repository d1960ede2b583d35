#ifndef EXTRACT_MAIL_TNEF_H
#define EXTRACT_MAIL_TNEF_H

#include "extract/job.h"

/*
 * tnef: what Outlook sends as winmail.dat ([MS-OXTNEF]): attributes one after
 * the other, some of them lists of properties. Text goes out at the name of
 * its property, attachments as members with theirs.
 */
#define TNEF_MAGIC "\x78\x9f\x3e\x22"

NODISCARD enum status tnef_part(struct extractor *x, struct part *p);

#endif
