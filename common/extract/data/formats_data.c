#include "extract/format.h"

/* Tables, records and what is keyed. */
const struct format_group formats_data = {.name = "data"};
