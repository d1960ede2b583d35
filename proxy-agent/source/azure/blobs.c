#include "proxy-agent/source/azure/blobs.h"

#include <string.h>

#include "base/str.h"
#include "proxy-agent/session/xml.h"
#include "proxy-agent/source/stamp.h"

#define FIELD_MAX (128 * 1024) /* a message has up to 64 KiB, in base64 */

struct reader {
	struct azure_page *p;
	enum status (*take)(void *arg, const struct azure_blob *e);
	void *arg;
	bool list; /* it is a list of theirs */
	enum status st;
};

static void
each(struct azure_page *p, void (*what)(struct buf *b))
{
	struct buf *const all[] = {&p->name,  &p->snapshot, &p->version,
				   &p->stamp, &p->etag,     &p->tier,
				   &p->kind,  &p->text,     &p->next};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		what(all[i]);
}

static void
init_one(struct buf *b)
{
	buf_init(b, FIELD_MAX);
}

void
azure_page_init(struct azure_page *p)
{
	memset(p, 0, sizeof(*p));
	each(p, init_one);
}

void
azure_page_fini(struct azure_page *p)
{
	each(p, buf_fini);
}

static void
end_entry(struct reader *r, bool folder)
{
	struct azure_page *p = r->p;
	const struct azure_blob e = {
	    .name = buf_span(&p->name),
	    .snapshot = buf_span(&p->snapshot),
	    .version = buf_span(&p->version),
	    .etag = buf_span(&p->etag),
	    .text = buf_span(&p->text),
	    .size = p->size,
	    .mtime = stamp_parse(buf_span(&p->stamp)),
	    .current = p->current,
	    .folder = folder,
	    .archived = str_is(buf_span(&p->tier), "Archive"),
	};
	struct buf *const own[] = {&p->name,  &p->snapshot, &p->version,
				   &p->stamp, &p->etag,     &p->tier,
				   &p->kind,  &p->text};

	p->count++;
	if (!str_is(buf_span(&p->kind), "directory") && e.name.len > 0)
		r->st = r->take(r->arg, &e);
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		buf_clear(own[i]);
	p->size = 0;
	p->current = false;
}

static void
on_leaf(struct reader *r, const char *name, struct span text)
{
	struct azure_page *p = r->p;
	const struct {
		const char *name;
		struct buf *to;
	} rows[] = {
	    {"Name", &p->name},           {"MessageId", &p->name},
	    {"Snapshot", &p->snapshot},   {"VersionId", &p->version},
	    {"Last-Modified", &p->stamp}, {"InsertionTime", &p->stamp},
	    {"Etag", &p->etag},           {"AccessTier", &p->tier},
	    {"ResourceType", &p->kind},   {"MessageText", &p->text},
	    {"NextMarker", &p->next},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].name, name) != 0)
			continue;
		buf_clear(rows[i].to);
		r->st = buf_add(rows[i].to, text.ptr, text.len);
		return;
	}
	if (strcmp(name, "Content-Length") == 0)
		r->st = str_to_u64(text, 0, INT64_MAX, &p->size);
	if (strcmp(name, "IsCurrentVersion") == 0)
		p->current = str_is(text, "true");
}

static void
on_close(void *arg, const char *in, const char *name, struct span text)
{
	struct reader *r = arg;
	bool top = strcmp(in, "Blobs") == 0 || strcmp(in, "Containers") == 0 ||
		   strcmp(in, "Queues") == 0 ||
		   strcmp(in, "QueueMessagesList") == 0;

	if (r->st != ST_OK)
		return;
	if (top)
		end_entry(r, strcmp(name, "BlobPrefix") == 0);
	else if (in[0] == 0)
		r->list = strcmp(name, "EnumerationResults") == 0 ||
			  strcmp(name, "QueueMessagesList") == 0;
	else if (strcmp(in, "Metadata") != 0)
		on_leaf(r, name, text);
}

enum status
azure_page_read(struct azure_page *p, struct span xml,
		enum status (*take)(void *arg, const struct azure_blob *e),
		void *arg)
{
	struct reader r = {.p = p, .take = take, .arg = arg};
	const struct xml_hear hear = {.close = on_close, .arg = &r};
	enum status st;

	azure_page_fini(p);
	azure_page_init(p);
	/* an answer may begin with a mark of its byte order */
	if (xml.len >= 3 && memcmp(xml.ptr, "\xEF\xBB\xBF", 3) == 0)
		xml = span_skip(xml, 3);
	st = xml_parse(&hear, xml);
	if (st == ST_OK && r.st == ST_OK && !r.list)
		return ST_MALFORMED;
	return st == ST_OK ? r.st : st;
}
