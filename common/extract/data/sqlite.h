#ifndef EXTRACT_DATA_SQLITE_H
#define EXTRACT_DATA_SQLITE_H

#include "extract/job.h"

/*
 * sqlite: rows of every table ("row 88 customers.card"; the number is the
 * rowid), values that hold files as members, then what no table shows: pages
 * that were freed, bytes between rows, what follows the last page. A damaged
 * file is read page by page.
 *
 * Nothing of the file runs: no view, trigger, virtual table, generated column
 * or function. The part is seekable.
 */
#define SQLITE_MAGIC "SQLite format 3\0"
bool sqlite_is(struct format_look *l);
enum status sqlite_part(struct extractor *x, struct part *p);

/* Pages and bytes that no row shows; `all`: whatever a page is. */
enum status sqlite_pages(struct extractor *x, struct part *p, bool all);

/* Logs beside a database: pages written (-wal) or to be restored (-journal). */
bool sqlite_is_wal(struct format_look *l);
enum status sqlite_wal_part(struct extractor *x, struct part *p);
#define SQLITE_JOURNAL_MAGIC "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
enum status sqlite_journal_part(struct extractor *x, struct part *p);

#endif
