#ifndef EXTRACT_MAIL_PST_H
#define EXTRACT_MAIL_PST_H

#include "extract/format.h"

/*
 * pst: Outlook stores (.pst, .ost; [MS-PST]) of all three kinds: ANSI, Unicode
 * and that of Outlook 2013 with packed blocks. Read by offset, so that a store
 * may have any size. Every node is read once, in the order of their numbers,
 * whether a folder lists it or not.
 *
 * "Inbox/42 → scan.pdf": the folder as Outlook shows it and the number of the
 * message in it, from 1. A password keeps nothing from being read: it is a
 * property that Outlook compares with.
 */
bool pst_is_store(struct format_look *l);
NODISCARD enum status pst_part(struct extractor *x, struct part *p);

#endif
