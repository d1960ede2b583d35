#ifndef EXTRACT_OLE_OLETEXT_H
#define EXTRACT_OLE_OLETEXT_H

#include "base/span.h"
#include "extract/made.h"
#include "extract/mail/chars.h"

/* oletext: characters as these files have them, to text that is made. */
void oletext_wide(struct made *m, struct span s); /* UTF-16, low byte first */
/* One byte a character; a NULL page is Latin 1. */
void oletext_bytes(struct made *m, struct chars_page *page, struct span s);

#endif
