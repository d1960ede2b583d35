#include "proxy-agent/session/soap.h"

#include <string.h>

#include "base/str.h"
#include "proxy-agent/session/stream.h"
#include "proxy-agent/session/xml.h"

#define PAGE "500"

/* ---- requests --------------------------------------------------------------
 */

#define SCHEMAS "http://schemas.microsoft.com/exchange/services/2006/"
#define HEAD                                                                   \
	"<?xml version=\"1.0\" encoding=\"utf-8\"?><s:Envelope xmlns:s="       \
	"\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:t=\"" SCHEMAS     \
	"types\" xmlns:m=\"" SCHEMAS "messages\"><s:Header>"                   \
	"<t:RequestServerVersion Version=\"Exchange2010_SP1\"/>"
#define BODY        "</s:Header><s:Body>"
#define TAIL        "</s:Body></s:Envelope>"
#define FIELD(name) "<t:FieldURI FieldURI=\"" name "\"/>"
#define SHAPE(kind, fields)                                                    \
	"<m:" kind "Shape><t:BaseShape>IdOnly</t:BaseShape>"                   \
	"<t:AdditionalProperties>" fields "</t:AdditionalProperties></m:" kind \
	"Shape>"

static enum status
escape(struct span s, struct buf *to)
{
	static const struct {
		uint8_t c;
		const char *as;
	} rows[] = {{'&', "&amp;"},
		    {'<', "&lt;"},
		    {'>', "&gt;"},
		    {'"', "&quot;"},
		    {'\'', "&apos;"}};
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < s.len; i++) {
		const char *as = NULL;

		for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++)
			if (rows[k].c == s.ptr[i])
				as = rows[k].as;
		if (s.ptr[i] < ' ')
			return ST_MALFORMED;
		st = as != NULL ? buf_add_str(to, as)
				: buf_add_byte(to, s.ptr[i]);
	}
	return st;
}

/* Text with what others said between its two halves. */
static enum status
around(const char *before, struct span s, const char *behind, struct buf *to)
{
	enum status st = buf_add_str(to, before);

	if (st == ST_OK)
		st = escape(s, to);
	return st == ST_OK ? buf_add_str(to, behind) : st;
}

static enum status
head(const struct soap_who *w, struct buf *to)
{
	enum status st = buf_add_str(to, HEAD);

	if (st == ST_OK && w->mailbox.len > 0 && !w->delegate)
		st = around("<t:ExchangeImpersonation><t:ConnectingSID>"
			    "<t:PrimarySmtpAddress>",
			    w->mailbox,
			    "</t:PrimarySmtpAddress></t:ConnectingSID>"
			    "</t:ExchangeImpersonation>",
			    to);
	return st == ST_OK ? buf_add_str(to, BODY) : st;
}

static enum status
parent(const struct soap_who *w, struct span id, struct buf *to)
{
	enum status st;

	if (id.len > 0)
		return around("<t:FolderId Id=\"", id, "\"/>", to);
	st = buf_add_str(to, "<t:DistinguishedFolderId Id=\"msgfolderroot\">");
	if (st == ST_OK && w->mailbox.len > 0 && w->delegate)
		st = around("<t:Mailbox><t:EmailAddress>", w->mailbox,
			    "</t:EmailAddress></t:Mailbox>", to);
	return st == ST_OK ? buf_add_str(to, "</t:DistinguishedFolderId>") : st;
}

enum status
soap_find(const struct soap_who *w, bool items, struct span id, uint64_t offset,
	  struct buf *to)
{
	static const char folder_shape[] =
	    SHAPE("Folder", FIELD("folder:DisplayName"));
	static const char item_shape[] =
	    SHAPE("Item", FIELD("item:Subject") FIELD("item:Size")
			      FIELD("item:DateTimeReceived"));
	const char *what = items ? "Item" : "Folder";
	enum status st = head(w, to);

	if (st == ST_OK)
		st = buf_addf(to,
			      "<m:Find%s Traversal=\"Shallow\">%s"
			      "<m:IndexedPage%sView MaxEntriesReturned=\"" PAGE
			      "\" Offset=\"%llu\" BasePoint=\"Beginning\"/>"
			      "<m:ParentFolderIds>",
			      what, items ? item_shape : folder_shape, what,
			      (unsigned long long)offset);
	if (st == ST_OK)
		st = parent(w, id, to);
	return st == ST_OK
		   ? buf_addf(to, "</m:ParentFolderIds></m:Find%s>" TAIL, what)
		   : st;
}

enum status
soap_get(const struct soap_who *w, struct span id, struct buf *to)
{
	enum status st = head(w, to);

	return st == ST_OK
		   ? around("<m:GetItem><m:ItemShape><t:BaseShape>IdOnly"
			    "</t:BaseShape><t:IncludeMimeContent>true"
			    "</t:IncludeMimeContent></m:ItemShape><m:ItemIds>"
			    "<t:ItemId Id=\"",
			    id, "\"/></m:ItemIds></m:GetItem>" TAIL, to)
		   : st;
}

/* ---- answers ---------------------------------------------------------------
 */

static enum status
meaning(const char *code)
{
	static const struct {
		const char *code;
		enum status st;
	} rows[] = {
	    {"", ST_OK},
	    {"NoError", ST_OK},
	    {"ErrorServerBusy", ST_AGAIN},
	    {"ErrorMailboxStoreUnavailable", ST_AGAIN},
	    {"ErrorMailboxMoveInProgress", ST_AGAIN},
	    {"ErrorInternalServerTransientError", ST_AGAIN},
	    {"ErrorTimeoutExpired", ST_AGAIN},
	    {"ErrorItemNotFound", ST_NOTFOUND},
	    {"ErrorFolderNotFound", ST_NOTFOUND},
	    {"ErrorNonExistentMailbox", ST_NOTFOUND},
	    {"ErrorMimeContentConversionFailed", ST_UNSUPPORTED},
	    {"ErrorUnsupportedMimeConversion", ST_UNSUPPORTED},
	    {"ErrorInvalidPropertyRequest", ST_UNSUPPORTED},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].code, code) == 0)
			return rows[i].st;
	return ST_DENIED;
}

struct reading {
	void (*tell)(void *arg, const struct soap_element *e);
	void *arg;
	struct soap_answer *out;
	struct buf id, name, received, version,
	    value; /* value: name of a Value */
	uint64_t size;
	bool last, failed;
};

static void
set(struct reading *r, struct buf *to, struct span s)
{
	buf_clear(to);
	if (buf_add(to, s.ptr, s.len) != ST_OK)
		r->failed = true;
}

static void
on_attr(void *arg, const char *element, const char *name, struct span value)
{
	struct reading *r = arg;

	if (strcmp(name, "Id") == 0 && (strcmp(element, "ItemId") == 0 ||
					strcmp(element, "FolderId") == 0))
		set(r, &r->id, value);
	else if (strcmp(name, "ChangeKey") == 0 &&
		 strcmp(element, "ItemId") == 0)
		set(r, &r->version, value);
	else if (strcmp(element, "Value") == 0 && strcmp(name, "Name") == 0)
		set(r, &r->value, value);
	else if (strcmp(element, "RootFolder") != 0)
		return;
	else if (strcmp(name, "IndexedPagingOffset") == 0 &&
		 str_to_u64(value, 0, UINT32_MAX, &r->out->next) != ST_OK)
		r->failed = true;
	else if (strcmp(name, "IncludesLastItemInRange") == 0)
		r->last = str_is(value, "true");
}

static void
end_element(struct reading *r, bool folder)
{
	const struct soap_element e = {.folder = folder,
				       .id = buf_span(&r->id),
				       .name = buf_span(&r->name),
				       .received = buf_span(&r->received),
				       .version = buf_span(&r->version),
				       .size = r->size};

	if (r->id.len == 0)
		r->failed = true;
	else
		r->tell(r->arg, &e);
	buf_clear(&r->id);
	buf_clear(&r->name);
	buf_clear(&r->received);
	buf_clear(&r->version);
	r->size = 0;
}

static void
on_code(struct reading *r, const char *name, struct span text)
{
	if (strcmp(name, "ResponseCode") == 0)
		stream_words(r->out->code, sizeof(r->out->code), text);
	else if (strcmp(name, "MessageText") == 0 ||
		 strcmp(name, "faultstring") == 0)
		stream_words(r->out->text, sizeof(r->out->text), text);
	else if (strcmp(name, "Value") == 0 &&
		 str_is(buf_span(&r->value), "BackOffMilliseconds") &&
		 str_to_u64(text, 0, UINT32_MAX, &r->out->rest_ms) != ST_OK)
		r->out->rest_ms = 0;
}

static void
on_close(void *arg, const char *in, const char *name, struct span text)
{
	struct reading *r = arg;

	if (strcmp(in, "Items") == 0 || strcmp(in, "Folders") == 0)
		end_element(r, in[0] == 'F');
	else if (strcmp(name, "DisplayName") == 0 ||
		 strcmp(name, "Subject") == 0)
		set(r, &r->name, text);
	else if (strcmp(name, "DateTimeReceived") == 0)
		set(r, &r->received, text);
	else if (strcmp(name, "Size") == 0) {
		if (str_to_u64(text, 0, INT64_MAX, &r->size) != ST_OK)
			r->size = 0;
	} else {
		on_code(r, name, text);
	}
}

enum status
soap_read(struct span body,
	  void (*tell)(void *arg, const struct soap_element *e), void *arg,
	  struct soap_answer *out)
{
	struct reading r = {.tell = tell, .arg = arg, .out = out};
	const struct xml_hear hear = {
	    .attr = on_attr, .close = on_close, .arg = &r};
	enum status st;

	*out = (struct soap_answer){0};
	buf_init(&r.id, SOAP_ID);
	buf_init(&r.name, SOAP_TEXT);
	buf_init(&r.received, 64);
	buf_init(&r.version, SOAP_ID);
	buf_init(&r.value, 64);
	st = xml_parse(&hear, body);
	if (st == ST_OK && r.failed)
		st = ST_MALFORMED;
	if (r.last)
		out->next = 0;
	out->st = meaning(out->code);
	/* a fault without a code that we know of is no answer either */
	if (out->st == ST_OK && out->code[0] == 0)
		out->st = ST_DENIED;
	buf_fini(&r.id);
	buf_fini(&r.name);
	buf_fini(&r.received);
	buf_fini(&r.version);
	buf_fini(&r.value);
	return st;
}

/* What stands between a word and the next "<". */
static struct span
behind(struct span s, const char *word)
{
	const size_t n = strlen(word);
	const uint8_t *at = s.len == 0 ? NULL : memmem(s.ptr, s.len, word, n);

	if (at == NULL)
		return span_of("", 0);
	s = span_of(at + n, s.len - n - (size_t)(at - s.ptr));
	return span_of(s.ptr, str_find(s, '<'));
}

void
soap_glance(struct span body, struct soap_answer *out)
{
	*out = (struct soap_answer){0};
	stream_words(out->code, sizeof(out->code),
		     behind(body, "ResponseCode>"));
	stream_words(out->text, sizeof(out->text),
		     behind(body, "MessageText>"));
	if (str_to_u64(behind(body, "Name=\"BackOffMilliseconds\">"), 0,
		       UINT32_MAX, &out->rest_ms) != ST_OK)
		out->rest_ms = 0;
	out->st = meaning(out->code);
}
