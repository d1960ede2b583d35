#ifndef EXTRACT_OFFICE_RELS_H
#define EXTRACT_OFFICE_RELS_H

#include "extract/archive/zipview.h"
#include "extract/office/xml.h"

/*
 * rels: which part of a package of OOXML belongs to which. The member that says
 * so is read as text after that all the same: it holds the addresses of links.
 */
struct rel {
	size_t id, type, target; /* offsets of strings in `names` */
};

#define RELS_MAX 65536

struct rels {
	struct buf names;
	struct rel *list;
	size_t count, room;
	enum status st;
};

/* Of a part ("xl/workbook.xml"); empty when there are none. */
NODISCARD enum status rels_read(struct zip_view *v, struct span part,
				struct rels *r);
void rels_close(struct rels *r);

/* The end of its type's address: "worksheet". */
const char *rels_type(const struct rels *r, size_t i);
const char *rels_id(const struct rels *r, size_t i);
/* The member it leads to that nobody took; NULL: none, or it is outside. */
struct zip_entry *rels_target(const struct rels *r, size_t i,
			      const struct zip_view *v);
/* The same by an id. */
struct zip_entry *rels_find(const struct rels *r, struct span id,
			    const struct zip_view *v);

/*
 * Read a member by a walker only to know something: it stays for others.
 * ST_OK also when it cannot be unpacked.
 */
NODISCARD enum status rels_look(struct zip_view *v, struct zip_entry *e,
				const struct xml_walk *walk, void *arg);

#endif
