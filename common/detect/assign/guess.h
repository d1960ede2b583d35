#ifndef DETECT_ASSIGN_GUESS_H
#define DETECT_ASSIGN_GUESS_H

#include <stdbool.h>

#include "base/span.h"

/*
 * guess: what a person put where a secret belongs: one, or words about one?
 *
 * Random bytes change between letters, capitals and digits at every other
 * place; names of things, paths and sentences do not. Neither looks further
 * than the value, which is at most GUESS_MAX bytes.
 */
#define GUESS_MAX 512

/* Made by a machine: 16 characters or more, random, no UUID, path or name. */
bool guess_token(struct span v);

/*
 * Chosen by a person or better: letters with digits or signs among them, and
 * more than the words that manuals and templates write in its place.
 */
bool guess_password(struct span v);

/* A mark of a template, a call, a variable, a format or an expression. */
bool guess_template(struct span v);

/* Of words like password, your, changeme, test and 123 nothing is left over. */
bool guess_stop_words(struct span v);

#endif
