#include "extract/format.h"

/* Pictures: their metadata and the text in them. */
const struct format_group formats_image = {.name = "image"};
