#ifndef EXTRACT_DATA_DBF_H
#define EXTRACT_DATA_DBF_H

#include "extract/job.h"

/*
 * dbf: tables of dBase, FoxPro and their kin: "row 88 card", "deleted row 3
 * card". Memos stand in a file of their own, which is read as text.
 */
bool dbf_is(struct format_look *l);
enum status dbf_part(struct extractor *x, struct part *p);

#endif
