#ifndef EXTRACT_DATA_JET_H
#define EXTRACT_DATA_JET_H

#include "extract/format.h"

/*
 * jet: databases of Access (.mdb of 97 to 2003, .accdb), all tables that have
 * rows, also hidden ones and those of the system. "row 88 customers.card": rows
 * count from 1 in the order in which they are stored; a row that was deleted is
 * "deleted row 3 customers.card". Memos, pictures and attached files stand
 * behind their rows, the latter two as members.
 */
bool jet_is_database(struct format_look *l);
NODISCARD enum status jet_part(struct extractor *x, struct part *p);

#endif
