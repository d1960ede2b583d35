#ifndef MODEL_LANGUAGES_H
#define MODEL_LANGUAGES_H

#include <stdbool.h>

#include "base/span.h"

/*
 * languages: of text in pictures, as Tesseract names its data: "eng,deu",
 * "chi_sim". Commas between them, blanks around them do no harm.
 */
#define LANGUAGES_MAX  8  /* in a list */
#define LANGUAGE_MAX   32 /* bytes of a name */
#define LANGUAGES_RULE "up to 8 names of languages as eng or chi_sim"

bool language_good(struct span name);  /* letters, digits and _ */
bool languages_good(struct span list); /* 1 to LANGUAGES_MAX good names */

#endif
