#ifndef EXTRACT_DATA_MARKUP_H
#define EXTRACT_DATA_MARKUP_H

#include "extract/data/track.h"

/*
 * markup: XML and HTML by line and element: "line 12 customers/card@number",
 * "line 12 customers comment".
 */
bool xml_is(struct format_look *l);
enum status xml_part(struct extractor *x, struct part *p);
bool html_is(struct format_look *l);
enum status html_part(struct extractor *x, struct part *p);

#endif
