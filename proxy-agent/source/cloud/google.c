#include "proxy-agent/source/cloud/google.h"

#include <string.h>

#include "base/str.h"
#include "proxy-agent/source/cloud/cloud.h"
#include "proxy-agent/source/cloud/json.h"
#include "proxy-agent/source/days.h"
#include "proxy-agent/source/stamp.h"

#define URL_CAP 16384
#define APPS    "application/vnd.google-apps."
#define OFFICE  "application/vnd.openxmlformats-officedocument."

enum { /* containers */
       ACCOUNT = 1,
       FOLDER, /* its id */
       SHARED_WITH_ME,
       BUCKET, /* bucket/prefix */
       MAILBOX,
};

/* ---- Drive -----------------------------------------------------------------
 */

/* What a document of Google's own is exported as; NULL: nothing is it. */
static const struct {
	const char *type, *as;
} exports[] = {
    {"document", OFFICE "wordprocessingml.document"},
    {"spreadsheet", OFFICE "spreadsheetml.sheet"},
    {"presentation", OFFICE "presentationml.presentation"},
    {"drawing", "application/pdf"},
    {"script", "application/vnd.google-apps.script+json"},
    {"jam", "application/pdf"},
};

static enum status
export_url(const struct cloud *c, struct span type, struct span id,
	   struct tree_entry *e, struct buf *to)
{
	enum status st;

	for (size_t i = 0; i < sizeof(exports) / sizeof(exports[0]); i++) {
		if (!str_is(type, exports[i].type))
			continue;
		e->unsized = true;
		st = cloud_url(c, "/drive/v3/files/{id}/export?mimeType=", id,
			       to);
		for (const char *p = exports[i].as; st == ST_OK && *p; p++)
			st = *p == '+' ? buf_add_str(to, "%2B")
				       : buf_add_byte(to, (uint8_t)*p);
		return st;
	}
	e->reason = COVER_UNSUPPORTED;
	e->detail = "a thing of Google's own that cannot be exported";
	return ST_OK;
}

static enum status
take_type(const struct cloud *c, json_t *o, struct tree_entry *e,
	  struct buf *url)
{
	struct span type = cloud_text(o, "mimeType");

	if (!str_starts(type, APPS)) {
		e->unsized = !cloud_number(o, "size", &e->size);
		return cloud_url(
		    c, "/drive/v3/files/{id}?alt=media&supportsAllDrives=true",
		    e->id, url);
	}
	type = span_skip(type, strlen(APPS));
	if (str_is(type, "folder")) {
		e->kind = FOLDER;
		return ST_OK;
	}
	if (str_is(type, "shortcut")) {
		e->reason = COVER_LINK;
		e->detail = "a shortcut to what lies elsewhere";
		return ST_OK;
	}
	return export_url(c, type, e->id, e, url);
}

static enum status
drive_file(struct cloud *c, const struct tree_place *p, json_t *o)
{
	struct tree_entry e = {
	    .id = cloud_text(o, "id"),
	    .name = cloud_text(o, "name"),
	    .mtime = stamp_parse(cloud_text(o, "modifiedTime")),
	    .version = cloud_text(o, "md5Checksum"),
	};
	struct buf url;
	enum status st;

	(void)p;
	if (e.id.len == 0 || e.name.len == 0)
		return ST_MALFORMED;
	if (e.version.len == 0) /* Google's own: it counts every change */
		e.version = cloud_text(o, "version");
	buf_init(&url, URL_CAP);
	st = take_type(c, o, &e, &url);
	if (json_is_false(cloud_at(o, "capabilities/canDownload"))) {
		e.reason = COVER_DENIED;
		e.detail = "its owner lets nobody download it";
	}
	e.url = buf_span(&url);
	if (st == ST_OK)
		cloud_add(c, &e);
	buf_fini(&url);
	return st;
}

static enum status
shared_drive(struct cloud *c, const struct tree_place *p, json_t *o)
{
	(void)p;
	return cloud_add_named(c, FOLDER, o);
}

/* What everybody has without a list of it. */
static enum status
own_places(struct cloud *c, const struct tree_place *p, json_t *o)
{
	const struct tree_entry places[] = {
	    {.kind = FOLDER,
	     .id = span_str("root"),
	     .name = span_str("My Drive")},
	    {.kind = SHARED_WITH_ME,
	     .id = span_str("shared"),
	     .name = span_str("Shared with me")},
	};

	(void)p;
	(void)o;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		cloud_add(c, &places[i]);
	return ST_OK;
}

#define FIELDS                                                                 \
	"&pageSize=1000&supportsAllDrives=true&includeItemsFromAllDrives=true" \
	"&fields=nextPageToken,files(id,name,mimeType,size,modifiedTime,"      \
	"md5Checksum,version,capabilities/canDownload)"
#define FILES  "/drive/v3/files?q="
#define IN     "%27{id}%27%20in%20parents%20and%20trashed%3Dfalse" FIELDS
#define WITH   "sharedWithMe%20and%20trashed%3Dfalse" FIELDS
#define DRIVES "/drive/v3/drives?pageSize=100"
#define NEXT   "&pageToken={next}"

static const struct cloud_list drive_lists[] = {
    {.kind = ACCOUNT, .entry = own_places},
    {.kind = ACCOUNT,
     .ask = DRIVES,
     .more = DRIVES NEXT,
     .entries = "drives",
     .next = "nextPageToken",
     .sparse = true,
     .entry = shared_drive},
    {.kind = FOLDER,
     .ask = FILES IN,
     .more = FILES IN NEXT,
     .entries = "files",
     .next = "nextPageToken",
     .sparse = true,
     .entry = drive_file},
    {.kind = SHARED_WITH_ME,
     .ask = FILES WITH,
     .more = FILES WITH NEXT,
     .entries = "files",
     .next = "nextPageToken",
     .sparse = true,
     .entry = drive_file},
    {0},
};

/* ---- Cloud Storage ---------------------------------------------------------
 */

static enum status
object_url(const struct cloud *c, struct span bucket, struct span name,
	   struct buf *to)
{
	struct buf both;
	enum status st;

	buf_init(&both, URL_CAP);
	st = buf_add(&both, bucket.ptr, bucket.len);
	if (st == ST_OK)
		st = buf_add_byte(&both, '/');
	if (st == ST_OK)
		st = buf_add(&both, name.ptr, name.len);
	if (st == ST_OK)
		st = cloud_url(c, "/storage/v1/b/{a}/o/{b}?alt=media",
			       buf_span(&both), to);
	buf_fini(&both);
	return st;
}

static enum status
object(struct cloud *c, const struct tree_place *p, json_t *o)
{
	struct tree_entry e = {
	    .name = cloud_text(o, "name"),
	    .mtime = stamp_parse(cloud_text(o, "updated")),
	    .version = cloud_text(o, "generation"),
	    .whole = true,
	};
	struct span bucket = span_of(p->id.ptr, str_find(p->id, '/'));
	struct buf url;
	enum status st;

	e.id = e.name;
	if (e.name.len == 0)
		return ST_MALFORMED;
	e.unsized = !cloud_number(o, "size", &e.size);
	if (e.size == 0 && !e.unsized && str_ends(e.name, "/"))
		return ST_OK; /* it stands for a folder */
	buf_init(&url, URL_CAP);
	st = object_url(c, bucket, e.name, &url);
	e.url = buf_span(&url);
	if (st == ST_OK)
		cloud_add(c, &e);
	buf_fini(&url);
	return st;
}

#define OBJECTS                                                                \
	"/storage/v1/b/{a}/o?maxResults=1000&prefix={b}"                       \
	"&fields=nextPageToken,items(name,size,updated,generation)"

static const struct cloud_list storage_lists[] = {
    {.kind = BUCKET,
     .ask = OBJECTS,
     .more = OBJECTS NEXT,
     .entries = "items",
     .next = "nextPageToken",
     .sparse = true,
     .entry = object},
    {0},
};

/* ---- mail ------------------------------------------------------------------
 */

/* Labels are no folders: a message may have many, and is read once. */
static enum status
message(struct cloud *c, const struct tree_place *p, json_t *o)
{
	struct tree_entry e = {.id = cloud_text(o, "id"), .unsized = true};
	struct buf url;
	enum status st;

	(void)p;
	e.name = e.version = e.id; /* a message is never another one */
	if (e.id.len == 0)
		return ST_MALFORMED;
	buf_init(&url, URL_CAP);
	st = cloud_url(c, "/gmail/v1/users/me/messages/{id}?format=raw", e.id,
		       &url);
	e.url = buf_span(&url);
	if (st == ST_OK)
		cloud_add(c, &e);
	buf_fini(&url);
	return st;
}

/* Days, and whatever else Gmail can search for: "label:work -in:spam". */
static enum status
search(const struct source_target *t, struct buf *to)
{
	struct span own = source_option(t, "query");
	struct days days;
	enum status st = days_read(t, &days);
	size_t from = to->len;

	if (st == ST_OK)
		st = days_gmail(&days, to);
	if (st == ST_OK && own.len > 0 && to->len > from)
		st = buf_add_byte(to, ' ');
	return st == ST_OK ? buf_add(to, own.ptr, own.len) : st;
}

#define MESSAGES                                                               \
	"/gmail/v1/users/me/messages?maxResults=500&includeSpamTrash=true"     \
	"&q={b}"

static const struct cloud_list mail_lists[] = {
    {.kind = MAILBOX,
     .ask = MESSAGES,
     .more = MESSAGES NEXT,
     .entries = "messages",
     .next = "nextPageToken",
     .sparse = true,
     .entry = message},
    {0},
};

/* ---- sources ---------------------------------------------------------------
 */

static enum status
open_drive(const struct source_target *t, struct source **out)
{
	static const struct cloud_kind kind = {
	    .form = "gdrive://USER@DOMAIN/[My Drive[/FOLDER]]",
	    .vendor = "google",
	    .scope = "https://www.googleapis.com/auth/drive.readonly",
	    .lists = drive_lists,
	    .root = ACCOUNT,
	    .root_id = "account",
	    .for_person = true,
	};

	return cloud_open(&kind, t, out);
}

static enum status
open_storage(const struct source_target *t, struct source **out)
{
	static const struct cloud_kind kind = {
	    .form = "gcs://BUCKET/[PREFIX]",
	    .vendor = "google-storage",
	    .scope = "https://www.googleapis.com/auth/devstorage.read_only",
	    .lists = storage_lists,
	    .root = BUCKET,
	    .root_id = "{host}/{path}",
	    .flat = true,
	};

	return cloud_open(&kind, t, out);
}

static enum status
open_mail(const struct source_target *t, struct source **out)
{
	static const struct inner_form raw = {"\"raw\"", '"', '"'};
	static const struct cloud_kind kind = {
	    .form = "gmail://USER@DOMAIN/",
	    .vendor = "google-mail",
	    .scope = "https://www.googleapis.com/auth/gmail.readonly",
	    .lists = mail_lists,
	    .root = MAILBOX,
	    .root_id = "me/",
	    .search = search,
	    .for_person = true,
	    .inner = &raw,
	};

	return cloud_open(&kind, t, out);
}

const struct source_ops gmail_source = CLOUD_SOURCE("gmail", open_mail);
const struct source_ops gdrive_source = CLOUD_SOURCE("gdrive", open_drive);
const struct source_ops gcs_source = CLOUD_SOURCE("gcs", open_storage);
