#ifndef DETECT_WORDS_GENERAL_H
#define DETECT_WORDS_GENERAL_H

#include "detect/catalogue/catalogue.h"

/*
 * general: words that the ids of many countries have, as "VAT number" or "TIN".
 *
 * They tell the kind of a number and not whose it is: what no list in the
 * catalogue says, its files say together. A word is general that types of so
 * many countries have as theirs and none of the world has. Ids have it among
 * their words_general, those without a list of their own all in one set.
 */
#define GENERAL_COUNTRIES 8

/* Once the words of all types are known. */
NODISCARD enum status general_words(struct catalogue *c);

#endif
