#include "extract/format.h"

/* Compound files: older office documents and messages. */
const struct format_group formats_ole = {.name = "ole"};
