#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extract/data/jet_impl.h"

#define CATALOG    2
#define TABLE_KIND 1
#define PAGE_MASK  0xffffffu
#define NAMES_MAX  (1u << 16)

static void
add_name(struct jet_reader *r, const struct table_name *n)
{
	size_t room = r->name_room == 0 ? 64 : r->name_room * 2;
	struct table_name *p;

	if (r->name_count >= NAMES_MAX)
		return;
	if (r->name_count == r->name_room) {
		p = realloc(r->names, room * sizeof(*p));
		if (p == NULL)
			return;
		r->names = p;
		r->name_room = room;
	}
	r->names[r->name_count++] = *n;
}

/* A row of the catalog: what a table is called. */
static enum status
see_name(struct jet_reader *r)
{
	struct table_name n = {0};
	long kind = 0;

	for (unsigned i = 0; i < r->table->count; i++) {
		const struct jet_column *c = &r->table->columns[i];
		struct span s;
		size_t len;

		if (!jet_record_value(r->j, &r->record, c, &s))
			continue;
		len = jet_value_text(r->j, c, s, r->text, sizeof(r->text) - 1);
		r->text[len] = 0;
		if (strcmp(c->name, "Name") == 0)
			snprintf(n.text, sizeof(n.text), "%.*s",
				 (int)sizeof(n.text) - 1, r->text);
		else if (strcmp(c->name, "Id") == 0)
			n.page =
			    (uint32_t)strtol(r->text, NULL, 10) & PAGE_MASK;
		else if (strcmp(c->name, "Type") == 0)
			kind = strtol(r->text, NULL, 10);
	}
	if (kind == TABLE_KIND)
		add_name(r, &n);
	return ST_OK;
}

void
jet_catalog_read(struct jet_reader *r)
{
	if (jet_table_read(r->j, CATALOG, r->table))
		(void)jet_each_row(r, false, see_name);
	r->led_count = 0;
}

void
jet_catalog_name(struct jet_reader *r)
{
	for (size_t i = 0; i < r->name_count; i++)
		if (r->names[i].page == r->table->page) {
			memcpy(r->table->name, r->names[i].text,
			       sizeof(r->table->name));
			return;
		}
	snprintf(r->table->name, sizeof(r->table->name), "table %u",
		 r->table->page);
}
