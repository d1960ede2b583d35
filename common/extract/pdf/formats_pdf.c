#include "extract/format.h"

/* Pages. */
const struct format_group formats_pdf = {.name = "pdf"};
