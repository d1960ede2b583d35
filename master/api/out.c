#include "master/api/out.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/str.h"
#include "model/match.h"
#include "model/object.h"
#include "model/task.h"

void
out_id(struct json *j, const char *key, uint64_t id)
{
	char text[24];

	json_key(j, key);
	if (id == 0) {
		json_nil(j);
		return;
	}
	snprintf(text, sizeof(text), "%" PRIu64, id);
	json_cstr(j, text);
}

void
out_ms(struct json *j, const char *key, int64_t ms)
{
	json_put_time(j, key, ms * 1000);
}

const char *
out_level(unsigned level)
{
	return level == LEVEL_STRICT ? "strict" : "broad";
}

struct span
out_category(struct span id)
{
	static const struct {
		const char *id, *name;
	} names[] = {
	    {"card", "Cardholder data"},
	    {"pci", "Cardholder data"},
	    {"bank", "Bank accounts"},
	    {"finance", "Bank accounts"},
	    {"financial", "Bank accounts"},
	    {"secret", "Secrets"},
	    {"secrets", "Secrets"},
	    {"credential", "Secrets"},
	    {"personal", "Personal data"},
	    {"pii", "Personal data"},
	    {"national_id", "National ids"},
	    {"contact", "Contact data"},
	    {"health", "Health data"},
	    {"passport", "Passports"},
	    {"tax", "Tax numbers"},
	    {"vat", "VAT numbers"},
	    {"ssn", "Social security"},
	    {"company", "Company numbers"},
	    {"device", "Devices"},
	    {"vehicle", "Vehicles"},
	    {"address", "Addresses"},
	    {"person", "Persons"},
	    {"education", "Education"},
	    {"special", "Special categories"},
	    {"crypto", "Wallets"},
	    {"network", "Networks"},
	    {"drivers_license", "Driving licences"},
	    {"other", "Other data"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_is(id, names[i].id))
			return span_str(names[i].name);
	return id;
}

void
out_finding(struct json *j, const struct finding_row *r)
{
	out_id(j, "id", r->id);
	json_put_cstr(j, "risk", risk_word(r->risk));
	json_put_str(j, "type", r->type);
	json_put_str(j, "type_name", r->type_title);
	json_put_str(j, "category", r->category);
	out_id(j, "target", r->target);
	out_id(j, "agent", r->agent);
	json_put_str(j, "host", r->target_name);
	json_put_str(j, "group", r->group);
	json_put_str(j, "path", r->path);
	json_put_u64(j, "matches", r->matches);
	json_put_u64(j, "confidence", r->confidence);
	json_put_cstr(j, "level", out_level(r->level));
	json_put_cstr(j, "state", finding_state_word(r->state));
	out_id(j, "scan", r->scan);
	out_ms(j, "first_seen", r->first_seen);
	out_ms(j, "last_seen", r->last_seen);
}

void
out_reasons(struct json *j, uint64_t reasons)
{
	json_list(j);
	for (unsigned bit = 0; bit < 64; bit++)
		if ((reasons & REASON(bit)) != 0 && reason_text(bit) != NULL)
			json_cstr(j, reason_text(bit));
	json_end(j);
}

void
out_also(struct json *j, struct span ids)
{
	struct span id;

	json_list(j);
	while (str_next(&ids, ',', &id))
		json_str(j, id);
	json_end(j);
}

void
out_match(struct json *j, const struct match_row *m)
{
	char print[2 * FINGERPRINT_LEN + 1];

	for (size_t i = 0; i < FINGERPRINT_LEN; i++)
		snprintf(print + 2 * i, 3, "%02x", m->fingerprint[i]);
	json_put_str(j, "place", m->place);
	json_put_u64(j, "offset", m->offset);
	json_put_u64(j, "length", m->length);
	json_put_u64(j, "confidence", m->confidence);
	json_put_cstr(j, "level", out_level(m->level));
	json_key(j, "reasons");
	out_reasons(j, m->reasons);
	json_key(j, "also");
	out_also(j, m->also);
	json_put_str(j, "masked", m->masked);
	json_put_str(j, "context", m->context);
	json_put_cstr(j, "fingerprint", print);
}

static void
put_number_text(struct json *j, const char *key, uint64_t id)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, id);
	json_put_cstr(j, key, text);
}

void
out_line(struct json *j, const struct finding_row *f, const struct match_row *m)
{
	json_map(j);
	json_put_str(j, "path", f->path);
	json_put_str(j, "place", m->place);
	json_put_str(j, "type", f->type);
	json_put_u64(j, "offset", m->offset);
	json_put_u64(j, "length", m->length);
	json_put_str(j, "match", m->masked);
	json_put_u64(j, "confidence", m->confidence);
	json_put_cstr(j, "level", out_level(m->level));
	json_key(j, "reasons");
	out_reasons(j, m->reasons);
	if (m->also.len > 0) {
		json_key(j, "also");
		out_also(j, m->also);
	}
	json_put_str(j, "target", f->target_name);
	put_number_text(j, "agent", f->agent);
	put_number_text(j, "scan", f->scan);
	json_put_cstr(j, "state", finding_state_word(f->state));
	json_end(j);
}

static const char *
kind_word(enum node_kind kind)
{
	switch (kind) {
	case NODE_GROUP:
		return "group";
	case NODE_TARGET:
		return "host";
	case NODE_FOLDER:
		return "folder";
	case NODE_OBJECT:
		break;
	}
	return "file";
}

static void
put_node_id(struct json *j, const struct node_row *r)
{
	char text[256];

	if (r->kind != NODE_GROUP) {
		json_put_cstr(j, "id", r->id);
		return;
	}
	snprintf(text, sizeof(text), "g:%.*s", (int)r->name.len,
		 (const char *)r->name.ptr);
	json_put_cstr(j, "id", text);
}

void
out_crumb(struct json *j, const struct node_row *r)
{
	put_node_id(j, r);
	json_put_cstr(j, "kind", kind_word(r->kind));
	json_put_str(j, "name", r->name);
}

static const char *
node_state(const struct node_row *r)
{
	if (r->kind == NODE_OBJECT && r->coverage == COVERAGE_PARTIAL)
		return "partial";
	if (r->kind == NODE_OBJECT && r->coverage == COVERAGE_NONE)
		return "unread";
	if (r->kind == NODE_TARGET && r->scanned == 0)
		return "never";
	return "scanned";
}

void
out_text(struct json *j, const char *key, struct span text)
{
	json_key(j, key);
	if (text.len > 0)
		json_str(j, text);
	else
		json_nil(j);
}

void
out_node(struct json *j, const struct node_row *r)
{
	bool below = r->kind == NODE_FOLDER || r->kind == NODE_OBJECT;

	out_crumb(j, r);
	json_key(j, "path");
	if (below)
		json_str(j, r->path);
	else
		json_nil(j);
	out_id(j, "target", r->target);
	out_id(j, "agent", r->agent);
	json_key(j, "online");
	if (r->kind == NODE_TARGET && r->url.len == 0)
		json_bool(j, r->online);
	else
		json_nil(j);
	json_put_u64(j, "findings", r->findings);
	json_put_u64(j, "critical", r->critical);
	json_put_u64(j, "matches", r->matches);
	json_put_cstr(j, "state", node_state(r));
	json_key(j, "reason");
	if (r->kind == NODE_OBJECT && r->reason != COVER_OK)
		json_cstr(j, cover_text(r->reason));
	else
		json_nil(j);
	out_ms(j, "last_scan", r->scanned);
	json_put_bool(j, "has_children", r->children);
	out_text(j, "url", r->url);
	out_text(j, "message", r->message);
}

static void
put_lines(struct json *j, const char *key, struct span lines)
{
	struct span line;

	json_key(j, key);
	json_list(j);
	while (str_next(&lines, '\n', &line))
		if (line.len > 0)
			json_str(j, line);
	json_end(j);
}

/* Share of all its cores; what was said before it went is out of date. */
static void
put_load(struct json *j, const struct agent_row *r)
{
	json_key(j, "load");
	if (!r->online || r->load == LOAD_UNKNOWN || r->cpus == 0)
		json_nil(j);
	else
		json_double(j, (double)r->load / (double)r->cpus / 1000);
}

void
out_agent(struct json *j, const struct agent_row *r)
{
	out_id(j, "id", r->id);
	json_put_str(j, "name", r->name);
	json_put_str(j, "os", r->os);
	json_put_str(j, "kernel", r->kernel);
	json_put_str(j, "arch", r->arch);
	json_put_u64(j, "cpus", r->cpus);
	json_put_u64(j, "memory", r->memory);
	put_lines(j, "addresses", r->addresses);
	json_put_str(j, "address", r->address);
	json_put_cstr(j, "state", agent_state_word(r->state));
	json_put_bool(j, "online", r->online);
	out_ms(j, "last_seen", r->seen);
	json_put_str(j, "version", r->build);
	json_put_str(j, "fingerprint", r->fingerprint);
	json_put_u64(j, "tasks", r->running);
	out_ms(j, "certificate_ends", r->cert_until);
	put_load(j, r);
	out_ms(j, "enrolled", r->created);
	out_id(j, "target", r->target);
	json_put_str(j, "group", r->group);
	json_put_u64(j, "findings", r->findings);
	json_put_u64(j, "critical", r->critical);
	json_put_str(j, "program", r->program);
	put_lines(j, "kinds", r->kinds);
	put_lines(j, "credentials", r->credentials);
}

void
out_mode(uint32_t mode, char dst[11])
{
	static const char letters[] = "rwxrwxrwx-";

	dst[0] = '-';
	if (S_ISDIR(mode))
		dst[0] = 'd';
	if (S_ISLNK(mode))
		dst[0] = 'l';
	for (unsigned i = 0; i < 9; i++)
		dst[1 + i] = letters[(mode & (0400U >> i)) != 0 ? i : 9];
	if ((mode & S_ISUID) != 0)
		dst[3] = "Ss"[dst[3] == 'x'];
	if ((mode & S_ISGID) != 0)
		dst[6] = "Ss"[dst[6] == 'x'];
	if ((mode & S_ISVTX) != 0)
		dst[9] = "Tt"[dst[9] == 'x'];
	dst[10] = '\0';
}

/*
 * A range, not a promise: what is left at the present rate, a fifth less and a
 * quarter more; wider while little is read.
 */
static void
put_eta(struct json *j, const struct out_progress *p)
{
	uint64_t left, guess;
	bool early = p->done_bytes < p->total_bytes / 10;

	json_key(j, "eta_seconds");
	if (p->state != TASK_RUNNING || p->rate == 0 || !p->total_exact ||
	    p->total_bytes < p->done_bytes) {
		json_nil(j);
		return;
	}
	left = p->total_bytes - p->done_bytes;
	guess = left / p->rate;
	json_list(j);
	json_u64(j, early ? guess / 2 : guess - guess / 5);
	json_u64(j, early ? guess * 2 + 1 : guess + guess / 4 + 1);
	json_end(j);
}

static void
put_total(struct json *j, const char *key, uint64_t total)
{
	json_key(j, key);
	if (total == 0)
		json_nil(j);
	else
		json_u64(j, total);
}

void
out_progress(struct json *j, const struct out_progress *p, int64_t now)
{
	json_map(j);
	json_put_u64(j, "done_objects", p->done_objects);
	json_put_u64(j, "done_bytes", p->done_bytes);
	put_total(j, "total_objects", p->total_objects);
	put_total(j, "total_bytes", p->total_bytes);
	json_put_bool(j, "total_exact", p->total_exact);
	json_put_u64(j, "bytes_per_second", p->rate);
	put_eta(j, p);
	json_put_u64(j, "findings", p->matches);
	json_put_u64(j, "partial", p->partial);
	json_put_u64(j, "unread", p->unread);
	json_put_str(j, "current", p->current);
	json_put_bool(j, "stalled",
		      p->state == TASK_RUNNING && p->moved != 0 &&
			  now - p->moved > OUT_STALLED_MS);
	json_end(j);
}
