#ifndef EXTRACT_DATA_JSON_H
#define EXTRACT_DATA_JSON_H

#include "extract/data/track.h"

/*
 * json: key paths as the language of the web writes them, counting from 0:
 * "customers[3].card.number". Of one document a line: "line 88 card.number".
 */
bool json_is(struct format_look *l);
bool json_is_lines(struct format_look *l);
extern const struct track_kind json_places;
extern const struct track_kind json_lines_places;

#endif
