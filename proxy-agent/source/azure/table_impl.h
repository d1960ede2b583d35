/*
 * Tables of an account as the files of it share them: `azure_table_open` takes
 * the target apart, `azure_table_ask` asks for lists, `azure_table_rows` turns
 * pages of rows into the form of model/rows.h, `azure_table` gives the tables.
 * One thread.
 */
#ifndef PROXY_AGENT_SOURCE_AZURE_TABLE_IMPL_H
#define PROXY_AGENT_SOURCE_AZURE_TABLE_IMPL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "proxy-agent/source/azure/azure.h"
#include "proxy-agent/source/azure/site.h"
#include "proxy-agent/source/turns.h"

/* Tables have no columns of their own: each row says what it has. */
struct column {
	char *name;
	bool binary;
};

struct source {
	struct azure_site site;
	struct buf tables; /* names, each with a NUL behind */
	size_t tables_at;
	struct buf marker; /* of their next page */
	struct buf table, query, after, page, path, detail;
	struct buf partition, row; /* where the next page of rows begins */
	struct turns table_turns, row_turns;
	struct column *columns;
	uint32_t count, told; /* of the columns; those the reader knows */
	struct buf out;       /* what read() gives next */
	struct buf cell;
	uint64_t rows;
	bool one, ended, browse, sizes, begun, done;
	bool cut;  /* behind what is in `out` the rows cannot be read */
	bool torn; /* the list of tables is not sound: still to be told */
};

enum status azure_table_open(const struct source_target *t,
			     struct source **out);
void azure_table_close(struct source *s);

/* A page of names, or of rows; the tree that has it is to be given back. */
enum status azure_table_ask_names(struct source *s, struct azure_answer *got,
				  json_t **tree);
enum status azure_table_ask_rows(struct source *s, struct azure_answer *got,
				 json_t **tree);

/* The next page of names into s->tables. */
enum status azure_table_list(struct source *s, struct azure_answer *got);
/* The next page of rows to s->out. */
enum status azure_table_put_page(struct source *s, struct azure_answer *got);
void azure_table_forget_columns(struct source *s);
/* All that was known of the table at hand. */
void azure_table_forget(struct source *s);

#endif
