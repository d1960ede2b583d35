#include "extract/format.h"

/* Messages and what holds many of them. */
const struct format_group formats_mail = {.name = "mail"};
