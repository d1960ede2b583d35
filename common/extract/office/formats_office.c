#include "extract/format.h"

/* Documents of office programs: zips of XML, and rich text. */
const struct format_group formats_office = {.name = "office"};
