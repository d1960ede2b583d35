#include <inttypes.h>
#include <stdio.h>

#include "base/str.h"
#include "master/store/node_row.h"

#define WAY_MAX 256 /* folders one above the other that are shown */

/* "t:7" to its letter and number; groups have a name instead. */
static enum status
read_id(struct span id, char *kind, uint64_t *number)
{
	*number = 0;
	*kind = 0;
	if (id.len == 0)
		return ST_OK;
	if (id.len < 2 || id.ptr[1] != ':')
		return ST_MALFORMED;
	*kind = (char)id.ptr[0];
	if (*kind == 'g')
		return ST_OK;
	if (*kind != 't' && *kind != 'd' && *kind != 'o')
		return ST_MALFORMED;
	return str_to_u64(span_skip(id, 2), 1, INT64_MAX, number) == ST_OK
		   ? ST_OK
		   : ST_MALFORMED;
}

/* ---- pages -----------------------------------------------------------------
 */

struct page {
	uint64_t skip;
	uint32_t left;
	bool more;
	node_fn *fn;
	void *arg;
};

/* LIMIT and OFFSET are the last two of the query; counts what it gave. */
static enum status
give(struct sql *q, node_row_fn *read, struct page *p, uint64_t *given)
{
	struct node_row row;
	enum status st;

	sql_int(q, (int64_t)p->left + 1);
	sql_num(q, p->skip);
	while ((st = sql_step(q)) == ST_OK) {
		if (p->left == 0) {
			p->more = true;
			break;
		}
		read(q, &row);
		p->left--;
		(*given)++;
		st = p->fn(p->arg, &row);
		if (st != ST_OK)
			break;
	}
	sql_close(q);
	return st == ST_EOF ? ST_OK : st;
}

static enum status
count_folders(struct store *s, uint64_t folder, int64_t *folders,
	      int64_t *objects)
{
	struct sql q;
	enum status st;

	sql_open(&q, s, "SELECT count(*) FROM folder WHERE parent = ?");
	sql_num(&q, folder);
	st = sql_number(&q, folders);
	if (st != ST_OK)
		return st;
	sql_open(&q, s,
		 "SELECT EXISTS (SELECT 1 FROM object WHERE folder = ?)");
	sql_num(&q, folder);
	return sql_number(&q, objects);
}

/* Down while there is nothing in it but one other folder. */
static enum status
fold_down(struct store *s, uint64_t *folder, int64_t *folders)
{
	int64_t objects = 0;
	enum status st = count_folders(s, *folder, folders, &objects);

	while (st == ST_OK && *folders == 1 && objects == 0) {
		struct sql q;
		int64_t id = 0;

		sql_open(&q, s, "SELECT id FROM folder WHERE parent = ?");
		sql_num(&q, *folder);
		st = sql_number(&q, &id);
		*folder = (uint64_t)id;
		if (st == ST_OK)
			st = count_folders(s, *folder, folders, &objects);
	}
	return st;
}

static enum status
folder_children(struct store *s, uint64_t folder, struct page *p)
{
	int64_t folders = 0;
	uint64_t given = 0;
	struct sql q;
	enum status st = fold_down(s, &folder, &folders);

	if (st != ST_OK)
		return st;
	if (p->skip < (uint64_t)folders) {
		sql_open(&q, s,
			 NODE_FOLDER_COLUMNS
			 " WHERE d.parent = ?"
			 " ORDER BY d.path LIMIT ? OFFSET ?");
		sql_num(&q, folder);
		st = give(&q, node_row_folder, p, &given);
		p->skip = 0;
	} else {
		p->skip -= (uint64_t)folders;
	}
	if (st != ST_OK || p->more)
		return st;
	sql_open(&q, s,
		 NODE_OBJECT_COLUMNS " WHERE o.folder = ? ORDER BY o.path"
				     " LIMIT ? OFFSET ?");
	sql_num(&q, folder);
	return give(&q, node_row_object, p, &given);
}

static enum status
root_folder(struct store *s, uint64_t target, uint64_t *folder)
{
	struct sql q;
	int64_t id = 0;
	enum status st;

	sql_open(&q, s,
		 "SELECT id FROM folder WHERE target = ? AND path = x''");
	sql_num(&q, target);
	st = sql_number(&q, &id);
	*folder = (uint64_t)id;
	return st;
}

static enum status
children(struct store *s, struct span parent, struct page *p)
{
	uint64_t number, given = 0;
	char kind;
	struct sql q;
	enum status st = read_id(parent, &kind, &number);

	if (st != ST_OK)
		return st;
	if (kind == 0) {
		sql_open(&q, s,
			 NODE_GROUP_COLUMNS
			 " WHERE hidden = 0 GROUP BY grp ORDER BY grp"
			 " LIMIT ? OFFSET ?");
		return give(&q, node_row_group, p, &given);
	}
	if (kind == 'g') {
		sql_open(&q, s,
			 NODE_TARGET_COLUMNS " WHERE t.grp = ? AND t.hidden = 0"
					     " ORDER BY t.name, t.id"
					     " LIMIT ? OFFSET ?");
		sql_text(&q, span_skip(parent, 2));
		return give(&q, node_row_target, p, &given);
	}
	if (kind == 'o')
		return ST_OK;
	if (kind == 't') {
		st = root_folder(s, number, &number);
		if (st != ST_OK) /* never scanned */
			return st == ST_NOTFOUND ? ST_OK : st;
	}
	return folder_children(s, number, p);
}

enum status
q_targets_children(struct store *s, struct span parent, struct node_page *page,
		   node_fn *fn, void *arg)
{
	struct page p = {
	    .skip = page->after, .left = page->limit, .fn = fn, .arg = arg};
	enum status st = children(s, parent, &p);

	page->more = p.more;
	return st;
}

static enum status
one(struct sql *q, node_row_fn *read, node_fn *fn, void *arg)
{
	struct node_row row;
	enum status st = sql_step(q);

	if (st == ST_OK) {
		read(q, &row);
		st = fn(arg, &row);
	} else if (st == ST_EOF) {
		st = ST_NOTFOUND;
	}
	sql_close(q);
	return st;
}

enum status
q_targets_node(struct store *s, struct span id, node_fn *fn, void *arg)
{
	uint64_t number;
	char kind;
	struct sql q;
	enum status st = read_id(id, &kind, &number);

	if (st != ST_OK || kind == 0)
		return st == ST_OK ? ST_NOTFOUND : st;
	if (kind == 'g') {
		sql_open(&q, s,
			 NODE_GROUP_COLUMNS " WHERE grp = ? GROUP BY grp");
		sql_text(&q, span_skip(id, 2));
		return one(&q, node_row_group, fn, arg);
	}
	if (kind == 't')
		sql_open(&q, s, NODE_TARGET_COLUMNS " WHERE t.id = ?");
	else if (kind == 'd')
		sql_open(&q, s, NODE_FOLDER_COLUMNS " WHERE d.id = ?");
	else
		sql_open(&q, s, NODE_OBJECT_COLUMNS " WHERE o.id = ?");
	sql_num(&q, number);
	return one(&q,
		   kind == 't'   ? node_row_target
		   : kind == 'd' ? node_row_folder
				 : node_row_object,
		   fn, arg);
}

/* ---- the way down to a node ------------------------------------------------
 */

static enum status
group_of(struct store *s, uint64_t target, node_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 NODE_GROUP_COLUMNS " WHERE grp = (SELECT grp FROM target"
				    " WHERE id = ?) GROUP BY grp");
	sql_num(&q, target);
	return one(&q, node_row_group, fn, arg);
}

static enum status
give_node(struct store *s, char kind, uint64_t id, node_fn *fn, void *arg)
{
	char text[32];

	snprintf(text, sizeof(text), "%c:%" PRIu64, kind, id);
	return q_targets_node(s, span_str(text), fn, arg);
}

/* Folders above one, the root left out, as it is the target itself. */
static enum status
climb(struct store *s, uint64_t folder, uint64_t way[WAY_MAX], size_t *n)
{
	enum status st = ST_OK;

	*n = 0;
	while (st == ST_OK && folder != 0 && *n < WAY_MAX) {
		uint64_t parent = 0;

		st = sql_number_of(
		    s, "SELECT ifnull(parent, 0) FROM folder WHERE id = ?",
		    folder, &parent);
		if (parent != 0)
			way[(*n)++] = folder;
		folder = parent;
	}
	return st;
}

static enum status
find_place(struct store *s, char kind, uint64_t number, uint64_t *target,
	   uint64_t *folder)
{
	enum status st = ST_OK;

	*folder = kind == 'd' ? number : 0;
	*target = kind == 't' ? number : 0;
	if (kind == 'o')
		st = sql_number_of(s, "SELECT folder FROM object WHERE id = ?",
				   number, folder);
	if (st == ST_OK && *folder != 0)
		st = sql_number_of(s, "SELECT target FROM folder WHERE id = ?",
				   *folder, target);
	return st;
}

enum status
q_targets_way(struct store *s, struct span id, node_fn *fn, void *arg)
{
	uint64_t number, target, folder, way[WAY_MAX];
	size_t n = 0;
	char kind;
	enum status st = read_id(id, &kind, &number);

	if (st != ST_OK || kind == 0)
		return st;
	if (kind == 'g')
		return q_targets_node(s, id, fn, arg);
	st = find_place(s, kind, number, &target, &folder);
	if (st == ST_OK)
		st = climb(s, folder, way, &n);
	if (st == ST_OK)
		st = group_of(s, target, fn, arg);
	if (st == ST_OK)
		st = give_node(s, 't', target, fn, arg);
	while (st == ST_OK && n > 0)
		st = give_node(s, 'd', way[--n], fn, arg);
	if (st == ST_OK && kind == 'o')
		st = give_node(s, 'o', number, fn, arg);
	return st;
}
