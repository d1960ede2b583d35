#ifndef DETECT_ID_APART_H
#define DETECT_ID_APART_H

#include "detect/work.h"

/*
 * apart: the number of a card behind a word for it, written as no shape has it:
 * "4556  8245  9151  0220", over two lines, a digit a box, "PAN4556...".
 *
 * Shapes are of one byte between groups, and stand by themselves; what differs
 * is believed only where somebody says that a card follows, and only with the
 * check digit, the length and the prefix of a brand.
 */

/*
 * text[start] is the first digit behind a word that the type `how` looks for:
 * claimed as the brand, and as `how` behind it.
 */
void apart_at(struct detect_scratch *s, size_t start, uint16_t how);

#endif
