#ifndef EXTRACT_DATA_JSON_H
#define EXTRACT_DATA_JSON_H

#include "extract/data/track.h"

/*
 * json: key paths as the language of the web writes them, counting from 0:
 * "customers[3].card.number". Of one document a line: "line 88 card.number".
 */
bool json_is(struct format_look *l);
bool json_is_lines(struct format_look *l);
enum status json_part(struct extractor *x, struct part *p);
enum status json_lines_part(struct extractor *x, struct part *p);

#endif
