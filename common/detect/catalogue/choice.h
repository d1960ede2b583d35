#ifndef DETECT_CATALOGUE_CHOICE_H
#define DETECT_CATALOGUE_CHOICE_H

#include "detect/catalogue/catalogue.h"
#include "detect/detect.h"

/*
 * choice: which data types of a catalogue are wanted.
 *
 * What options.types has are ids, globs of ids and "profile:NAME"; each must
 * name something. Without any it is the profile `default`, or what is found by
 * default where a catalogue has no such profile. Types of one's own are wanted
 * too, unless ids alone are named.
 */
NODISCARD enum status choice_make(struct catalogue *c,
				  const struct detect_options *o,
				  struct buf *why);

#endif
