#ifndef EXTRACT_PDF_LOCK_H
#define EXTRACT_PDF_LOCK_H

#include "extract/pdf/file.h"

/*
 * lock: how a file is encrypted, and by which password: the empty one, which
 * all readers try, or one of those of the scan. Sets crypt, or locked.
 */
void pdf_lock_open(struct pdf_file *f);

#endif
