#ifndef EXTRACT_DATA_MARKUP_H
#define EXTRACT_DATA_MARKUP_H

#include "extract/data/track.h"

/*
 * markup: XML and HTML by line and element: "line 12 customers/card@number",
 * "line 12 customers comment".
 */
bool xml_is(struct format_look *l);
extern const struct track_kind xml_places;
bool html_is(struct format_look *l);
extern const struct track_kind html_places;

#endif
