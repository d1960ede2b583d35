#ifndef EXTRACT_IMAGE_MEDIA_H
#define EXTRACT_IMAGE_MEDIA_H

#include "extract/format.h"

/*
 * media: sound and moving pictures. What is said or shown there is not read,
 * which is noted; names of titles and the like are read as bytes.
 */
enum status media_part(struct extractor *x, struct part *p);
bool media_riff(struct format_look *l);  /* WAVE and AVI */
bool media_iso(struct format_look *l);   /* MP4, MOV, M4A */
bool media_frame(struct format_look *l); /* MP3 without a tag, AAC */

#endif
