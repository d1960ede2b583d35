#ifndef EXTRACT_DATA_LINES_H
#define EXTRACT_DATA_LINES_H

#include "extract/data/track.h"

/*
 * lines: text whose lines say where they belong.
 *
 *	YAML        "line 12 customers[3].card"
 *	settings    "line 12 section.key"
 *	SQL dumps   "line 12 customers", with the column where a dump names them
 *	logs        "line 12"
 */
bool yaml_is(struct format_look *l);
extern const struct track_kind yaml_places;
bool ini_is(struct format_look *l);
extern const struct track_kind ini_places;
bool sqldump_is(struct format_look *l);
extern const struct track_kind sqldump_places;
bool log_is(struct format_look *l);
extern const struct track_kind log_places;

/* The beginning of the line at hand, kept while it is read. */
#define LINE_KEPT 256
struct line {
	uint64_t number; /* from 0 */
	uint64_t len;    /* bytes of it so far */
	uint8_t kept[LINE_KEPT];
};

static inline struct span
line_span(const struct line *l)
{
	return span_of(l->kept,
		       l->len < LINE_KEPT ? (size_t)l->len : LINE_KEPT);
}

/* Take bytes up to the end of a line; true: it ended, s is behind it. */
bool line_take(struct line *l, struct span *s);
void line_next(struct line *l);

/* The next line of a head, without what ends it. */
bool line_of_head(struct span *rest, struct span *line);

/* Bytes before a character, all of them when there is none. */
size_t line_until(struct span s, const char *any);

#endif
