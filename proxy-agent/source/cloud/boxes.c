#include "proxy-agent/source/cloud/boxes.h"

#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/source/cloud/cloud.h"
#include "proxy-agent/source/cloud/json.h"
#include "proxy-agent/source/stamp.h"

#define URL_CAP 16384
#define LONGEST 1500 /* bytes of a path that may stand for an id */

enum { FOLDER = 1 };

/* ---- Dropbox ---------------------------------------------------------------
 */

/* The argument of a download may stand in its address, too. */
static enum status
dropbox_url(const struct cloud *c, struct span id, struct buf *to)
{
	struct buf arg;
	struct json j;
	enum status st = cloud_content_url(c, "/2/files/download?arg=", id, to);

	buf_init(&arg, URL_CAP);
	json_init(&j, &arg);
	json_map(&j);
	json_put_str(&j, "path", id);
	json_end(&j);
	if (st == ST_OK)
		st = json_done(&j);
	if (st == ST_OK)
		st = href_escape(buf_span(&arg), "", to);
	buf_fini(&arg);
	return st;
}

static enum status
dropbox_entry(struct cloud *c, const struct tree_place *p, json_t *o)
{
	struct span tag = cloud_text(o, ".tag");
	struct tree_entry e = {
	    .id = cloud_text(o, "id"),
	    .name = cloud_text(o, "name"),
	    .mtime = stamp_parse(cloud_text(o, "server_modified")),
	    .version = cloud_text(o, "rev"),
	    .kind = str_is(tag, "folder") ? FOLDER : TREE_FILE,
	};
	struct buf url;
	enum status st;

	(void)p;
	if (e.id.len == 0 || e.name.len == 0)
		return ST_MALFORMED;
	if (!str_is(tag, "folder") && !str_is(tag, "file"))
		return ST_OK;
	e.unsized = !cloud_number(o, "size", &e.size);
	if (json_is_false(cloud_at(o, "is_downloadable"))) {
		e.reason = COVER_UNSUPPORTED;
		e.detail = "a document of Dropbox's own, which is no file";
	}
	buf_init(&url, URL_CAP);
	st = dropbox_url(c, e.id, &url);
	e.url = buf_span(&url);
	if (st == ST_OK)
		cloud_add(c, &e);
	buf_fini(&url);
	return st;
}

/* ---- changes: by path, where an id would not be told of what is gone ---- */

static struct span
path_of(struct span id)
{
	return id;
}

/* A folder is called by its path: what is in it is found by that. */
static enum status
trim_dropbox(json_t *o, bool folder, struct span path)
{
	static const char *const names[] = {".tag",
					    "id",
					    "name",
					    "size",
					    "server_modified",
					    "rev",
					    "is_downloadable",
					    NULL};

	if (folder &&
	    json_object_set_new(
		o, "id", json_stringn((const char *)path.ptr, path.len)) != 0)
		return ST_NOMEM;
	cloud_keep_only(o, names);
	return ST_OK;
}

static enum status
dropbox_change(json_t *o, struct mirror_change *to, struct buf *room)
{
	struct span tag = cloud_text(o, ".tag"),
		    path = cloud_text(o, "path_lower");
	enum status st = buf_add(room, path.ptr, path.len);
	size_t n;

	if (st != ST_OK || path.len > LONGEST)
		return ST_LIMIT;
	if (path.len < 2 || path.ptr[0] != '/')
		return ST_MALFORMED;
	to->key = to->parent = buf_span(room);
	for (n = to->key.len - 1; n > 0 && to->key.ptr[n] != '/';)
		n--;
	to->parent.len = n > 0 ? n : 1;
	to->gone = str_is(tag, "deleted");
	to->clears = !str_is(tag, "folder");
	return trim_dropbox(o, !to->clears, to->key);
}

static const struct cloud_changes dropbox_changes = {
    .more = "/2/files/list_folder/continue",
    .more_post = "{\"cursor\":<next>}",
    .entries = "entries",
    .next = "cursor",
    .position = "cursor",
    .go_on = "has_more",
    .root = "/",
    .key = path_of,
    .read = dropbox_change,
};

static const struct cloud_list dropbox_lists[] = {
    {.kind = FOLDER,
     .ask = "/2/files/list_folder",
     .post = "{\"path\":<id>,\"limit\":2000}",
     .more = "/2/files/list_folder/continue",
     .more_post = "{\"cursor\":<next>}",
     .entries = "entries",
     .next = "cursor",
     .go_on = "has_more",
     .entry = dropbox_entry,
     .changes = &dropbox_changes,
     .all = "/2/files/list_folder",
     .all_post = "{\"path\":\"\",\"recursive\":true,\"limit\":2000}"},
    {0},
};

/* ---- Box -------------------------------------------------------------------
 */

static enum status
box_entry(struct cloud *c, const struct tree_place *p, json_t *o)
{
	struct span type = cloud_text(o, "type");
	struct tree_entry e = {
	    .id = cloud_text(o, "id"),
	    .name = cloud_text(o, "name"),
	    .mtime = stamp_parse(cloud_text(o, "modified_at")),
	    .version = cloud_text(o, "sha1"),
	    .kind = str_is(type, "folder") ? FOLDER : TREE_FILE,
	};
	struct buf url;
	enum status st;

	(void)p;
	if (e.id.len == 0 || e.name.len == 0)
		return ST_MALFORMED;
	if (str_is(type, "web_link")) {
		e.reason = COVER_LINK;
		e.detail = "a link to a page elsewhere";
	}
	e.unsized = !cloud_number(o, "size", &e.size);
	buf_init(&url, URL_CAP);
	st = cloud_url(c, "/2.0/files/{id}/content", e.id, &url);
	e.url = buf_span(&url);
	if (st == ST_OK)
		cloud_add(c, &e);
	buf_fini(&url);
	return st;
}

#define BOX_ITEMS                                                              \
	"/2.0/folders/{id}/items?usemarker=true&limit=1000"                    \
	"&fields=id,type,name,size,modified_at,sha1"

static const struct cloud_list box_lists[] = {
    {.kind = FOLDER,
     .ask = BOX_ITEMS,
     .more = BOX_ITEMS "&marker={next}",
     .entries = "entries",
     .next = "next_marker",
     .entry = box_entry},
    {0},
};

/* ---- sources ---------------------------------------------------------------
 */

static enum status
open_dropbox(const struct source_target *t, struct source **out)
{
	static const struct cloud_kind kind = {
	    .form = "dropbox://USER@DOMAIN/[FOLDER]",
	    .vendor = "dropbox",
	    .lists = dropbox_lists,
	    .root = FOLDER,
	    .root_id = "",
	};

	return cloud_open(&kind, t, out);
}

static enum status
open_box(const struct source_target *t, struct source **out)
{
	static const struct cloud_kind kind = {
	    .form = "box://USER@DOMAIN/[FOLDER]",
	    .vendor = "box",
	    .lists = box_lists,
	    .root = FOLDER,
	    .root_id = "0",
	};

	return cloud_open(&kind, t, out);
}

const struct source_ops dropbox_source = CLOUD_SOURCE("dropbox", open_dropbox);
const struct source_ops box_source = CLOUD_SOURCE("box", open_box);
