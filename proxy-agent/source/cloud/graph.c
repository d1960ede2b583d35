#include "proxy-agent/source/cloud/graph.h"

#include <string.h>

#include "base/str.h"
#include "proxy-agent/source/cloud/cloud.h"
#include "proxy-agent/source/cloud/json.h"
#include "proxy-agent/source/stamp.h"

#define ID_CAP  2048
#define URL_CAP 8192
#define SCOPE   "https://graph.microsoft.com/.default"

enum { /* containers */
       EVERYBODY = 1,
       DRIVE_OF_USER, /* user */
       FOLDER,        /* drive/item */
       HOST,          /* its name */
       SITE,          /* site */
       LIBRARY,       /* drive */
       MAILBOX,       /* user */
       MAIL_FOLDER,   /* user/folder */
};

#define ITEMS                                                                  \
	"?$top=500&$select=id,name,size,lastModifiedDateTime,cTag,folder,"     \
	"file,"                                                                \
	"package,remoteItem,parentReference"
#define USERS    "?$top=500&$select=id,userPrincipalName"
#define SITES    "$select=id,webUrl,name"
#define FOLDERS  "?$top=100&includeHiddenFolders=true&$select=id,displayName"
#define MESSAGES "?$top=500&$select=id,subject,receivedDateTime,changeKey"

/* ---- files -----------------------------------------------------------------
 */

static enum status
take_user(struct cloud *c, json_t *o, unsigned kind)
{
	const struct tree_entry e = {.kind = kind,
				     .id = cloud_text(o, "id"),
				     .name =
					 cloud_text(o, "userPrincipalName")};

	if (e.id.len == 0 || e.name.len == 0)
		return ST_MALFORMED;
	cloud_add(c, &e);
	return ST_OK;
}

static enum status
user_with_files(struct cloud *c, const struct tree_place *p, json_t *o)
{
	(void)p;
	return take_user(c, o, DRIVE_OF_USER);
}

/* What is a file, what a folder, what neither. */
static void
take_facet(json_t *o, struct tree_entry *e)
{
	if (cloud_at(o, "remoteItem") != NULL) {
		e->reason = COVER_LINK;
		e->detail = "it lies in another drive";
	} else if (cloud_at(o, "folder") != NULL) {
		e->kind = FOLDER;
	} else if (cloud_at(o, "package") != NULL) {
		e->reason = COVER_UNSUPPORTED;
		e->detail = "a notebook, which has no file that can be read";
	}
}

static enum status
drive_item(struct cloud *c, const struct tree_place *p, json_t *o)
{
	struct span drive = cloud_text(o, "parentReference/driveId");
	struct span id = cloud_text(o, "id");
	struct tree_entry e = {
	    .name = cloud_text(o, "name"),
	    .mtime = stamp_parse(cloud_text(o, "lastModifiedDateTime")),
	    .version = cloud_text(o, "cTag"),
	};
	struct buf both, url;
	enum status st;

	/* in a list of changes only the one that a renaming changes, too */
	if (e.version.len == 0)
		e.version = cloud_text(o, "eTag");

	/* those of a folder are in its drive */
	if (drive.len == 0 && p->kind == FOLDER)
		drive = span_of(p->id.ptr, str_find(p->id, '/'));
	if (id.len == 0 || e.name.len == 0 || drive.len == 0)
		return ST_MALFORMED;
	e.unsized = !cloud_number(o, "size", &e.size);
	take_facet(o, &e);
	buf_init(&both, ID_CAP);
	buf_init(&url, URL_CAP);
	st = buf_add(&both, drive.ptr, drive.len);
	if (st == ST_OK)
		st = buf_add_byte(&both, '/');
	if (st == ST_OK)
		st = buf_add(&both, id.ptr, id.len);
	e.id = buf_span(&both);
	if (st == ST_OK)
		st = cloud_url(c, "/drives/{a}/items/{b}/content", e.id, &url);
	e.url = buf_span(&url);
	if (st == ST_OK)
		cloud_add(c, &e);
	buf_fini(&both);
	buf_fini(&url);
	return st;
}

/* ---- changes of a drive ---- */

/* "drive/item" */
static struct span
item_of(struct span id)
{
	return span_skip(id, str_find(id, '/') + 1);
}

/* What is in a facet is not looked at, and long. */
static enum status
trim(json_t *o)
{
	static const char *const names[] = {
	    "id",         "name",
	    "size",       "lastModifiedDateTime",
	    "cTag",       "eTag",
	    "folder",     "package",
	    "remoteItem", "parentReference",
	    NULL};
	static const char *const of_parent[] = {"driveId", NULL};

	cloud_keep_only(o, names);
	cloud_keep_only(cloud_at(o, "parentReference"), of_parent);
	for (size_t i = 6; i < 9; i++)
		if (cloud_at(o, names[i]) != NULL &&
		    json_object_set_new(o, names[i], json_object()) != 0)
			return ST_NOMEM;
	return ST_OK;
}

static enum status
change(json_t *o, struct mirror_change *to, struct buf *room)
{
	struct span parent = cloud_text(o, "parentReference/id");
	enum status st = buf_add(room, parent.ptr, parent.len);

	to->key = cloud_text(o, "id");
	to->gone = cloud_at(o, "deleted") != NULL;
	if (st != ST_OK || to->gone || cloud_at(o, "root") != NULL)
		return to->key.len == 0 ? ST_MALFORMED : st;
	to->parent = buf_span(room);
	if (to->key.len == 0 || parent.len == 0)
		return ST_MALFORMED;
	return trim(o);
}

static const struct cloud_changes changes = {
    .entries = "value",
    .next = "@odata.nextLink",
    .position = "@odata.deltaLink",
    .key = item_of,
    .read = change,
};

/* ---- sites -----------------------------------------------------------------
 */

/* "https://contoso.sharepoint.com/sites/team" is "sites/team". */
static enum status
site(struct cloud *c, const struct tree_place *p, json_t *o)
{
	struct span url = cloud_text(o, "webUrl");
	struct tree_entry e = {
	    .kind = SITE, .id = cloud_text(o, "id"), .whole = true};
	size_t n;

	if (!str_starts(url, "https://") || e.id.len == 0)
		return ST_MALFORMED;
	url = span_of(url.ptr + 8, url.len - 8);
	n = str_find(url, '/');
	/* a search finds the sites of all hosts of the customer */
	if (p->kind == HOST && !span_eq(span_of(url.ptr, n), p->id))
		return ST_OK;
	e.name = span_skip(url, n + 1);
	if (p->kind == SITE)
		e.name = cloud_text(o, "name");
	if (e.name.len == 0)
		e.name = span_str("root");
	cloud_add(c, &e);
	return ST_OK;
}

static enum status
library(struct cloud *c, const struct tree_place *p, json_t *o)
{
	(void)p;
	return cloud_add_named(c, LIBRARY, o);
}

/* /sites/team is one name. */
static size_t
joined(struct span path)
{
	return str_starts(path, "/sites/") || str_starts(path, "/teams/") ? 2
									  : 0;
}

/* ---- mail ------------------------------------------------------------------
 */

static enum status
user_with_mail(struct cloud *c, const struct tree_place *p, json_t *o)
{
	(void)p;
	return take_user(c, o, MAILBOX);
}

/* "user/id", the id of what stands in a mailbox. */
static enum status
in_mailbox(const struct tree_place *p, json_t *o, struct buf *to)
{
	struct span id = cloud_text(o, "id");
	enum status st = buf_add(to, p->id.ptr, str_find(p->id, '/'));

	if (id.len == 0)
		return ST_MALFORMED;
	if (st == ST_OK)
		st = buf_add_byte(to, '/');
	return st == ST_OK ? buf_add(to, id.ptr, id.len) : st;
}

static enum status
mail_folder(struct cloud *c, const struct tree_place *p, json_t *o)
{
	struct tree_entry e = {.kind = MAIL_FOLDER,
			       .name = cloud_text(o, "displayName")};
	struct buf id;
	enum status st;

	buf_init(&id, ID_CAP);
	st = in_mailbox(p, o, &id);
	e.id = buf_span(&id);
	if (st == ST_OK)
		cloud_add(c, &e);
	buf_fini(&id);
	return st;
}

static enum status
message(struct cloud *c, const struct tree_place *p, json_t *o)
{
	struct tree_entry e = {
	    .name = cloud_text(o, "subject"),
	    .mtime = stamp_parse(cloud_text(o, "receivedDateTime")),
	    .version = cloud_text(o, "changeKey"),
	    .unsized = true,
	    .alike = true,
	};
	struct buf id, url;
	enum status st;

	if (e.name.len == 0)
		e.name = span_str("(no subject)");
	buf_init(&id, ID_CAP);
	buf_init(&url, URL_CAP);
	st = in_mailbox(p, o, &id);
	if (st == ST_OK)
		st = cloud_url(c, "/users/{a}/messages/{b}/$value",
			       buf_span(&id), &url);
	e.id = span_skip(buf_span(&id), str_find(buf_span(&id), '/') + 1);
	e.url = buf_span(&url);
	if (st == ST_OK)
		cloud_add(c, &e);
	buf_fini(&id);
	buf_fini(&url);
	return st;
}

/* ---- lists -----------------------------------------------------------------
 */

#define GRAPH_LIST .entries = "value", .next = "@odata.nextLink"

static const struct cloud_list lists[] = {
    {.kind = EVERYBODY,
     .ask = "/users" USERS,
     .one = "/users/{want}?$select=id,userPrincipalName",
     .entry = user_with_files,
     GRAPH_LIST},
    {.kind = DRIVE_OF_USER,
     .ask = "/users/{id}/drive/root/children" ITEMS,
     .entry = drive_item,
     .maybe = true,
     .changes = &changes,
     .all = "/users/{id}/drive/root/delta?$top=1000",
     GRAPH_LIST},
    {.kind = FOLDER,
     .ask = "/drives/{a}/items/{b}/children" ITEMS,
     .entry = drive_item,
     .changes = &changes,
     GRAPH_LIST},
    {.kind = HOST, .ask = "/sites?search=*&" SITES, .entry = site, GRAPH_LIST},
    {.kind = SITE,
     .ask = "/sites/{id}/drives?$select=id,name",
     .entry = library,
     GRAPH_LIST},
    {.kind = SITE,
     .ask = "/sites/{id}/sites?" SITES,
     .entry = site,
     GRAPH_LIST},
    {.kind = LIBRARY,
     .ask = "/drives/{id}/root/children" ITEMS,
     .entry = drive_item,
     .changes = &changes,
     .all = "/drives/{id}/root/delta?$top=1000",
     GRAPH_LIST},
    {0},
};

/* A container of its own for mail: people have other things there. */
static const struct cloud_list mail_lists[] = {
    {.kind = EVERYBODY,
     .ask = "/users" USERS,
     .one = "/users/{want}?$select=id,userPrincipalName",
     .entry = user_with_mail,
     GRAPH_LIST},
    {.kind = MAILBOX,
     .ask = "/users/{id}/mailFolders" FOLDERS,
     .entry = mail_folder,
     .maybe = true,
     GRAPH_LIST},
    {.kind = MAIL_FOLDER,
     .ask = "/users/{a}/mailFolders/{b}/messages" MESSAGES,
     .entry = message,
     GRAPH_LIST},
    {.kind = MAIL_FOLDER,
     .ask = "/users/{a}/mailFolders/{b}/childFolders" FOLDERS,
     .entry = mail_folder,
     GRAPH_LIST},
    {0},
};

/* ---- sources ---------------------------------------------------------------
 */

static enum status
open_onedrive(const struct source_target *t, struct source **out)
{
	static const struct cloud_kind kind = {
	    .form = "onedrive://TENANT/[USER[/FOLDER]]",
	    .vendor = "microsoft",
	    .scope = SCOPE,
	    .lists = lists,
	    .root = EVERYBODY,
	    .root_id = "everybody",
	    .by_tenant = true,
	    .for_all = true,
	};

	return cloud_open(&kind, t, out);
}

static enum status
open_sharepoint(const struct source_target *t, struct source **out)
{
	static const struct cloud_kind kind = {
	    .form = "sharepoint://HOST/[sites/NAME[/LIBRARY]]",
	    .vendor = "microsoft",
	    .scope = SCOPE,
	    .lists = lists,
	    .root = HOST,
	    .root_id = "{host}",
	    .by_tenant = true,
	    .joined = joined,
	    .for_all = true,
	};

	return cloud_open(&kind, t, out);
}

static enum status
open_outlook(const struct source_target *t, struct source **out)
{
	static const struct cloud_kind kind = {
	    .form = "outlook://TENANT/[USER[/FOLDER]]",
	    .vendor = "microsoft",
	    .scope = SCOPE,
	    .lists = mail_lists,
	    .root = EVERYBODY,
	    .root_id = "everybody",
	    .by_tenant = true,
	};

	return cloud_open(&kind, t, out);
}

const struct source_ops onedrive_source =
    CLOUD_SOURCE("onedrive", open_onedrive);
const struct source_ops sharepoint_source =
    CLOUD_SOURCE("sharepoint", open_sharepoint);
const struct source_ops outlook_source = CLOUD_SOURCE("outlook", open_outlook);
