#include "agent/trawl/tally.h"

#include <inttypes.h>
#include <sys/stat.h>

#include "agent/trawl/out.h"
#include "base/clock.h"
#include "model/record.h"

#define NOTES_BYTES (4u << 20)

static void
write_line(struct tally *t, struct buf *line, struct json *j)
{
	json_end(j);
	out_need(json_done(j));
	out_need(buf_add_byte(line, '\n'));
	if (fwrite(line->data, 1, line->len, t->file) != line->len)
		t->failed = true;
	buf_fini(line);
}

void
tally_allowed(struct tally *t, unsigned line)
{
	size_t i = 0;

	t->allowed_sum++;
	while (i < t->allowed_count && t->allowed[i].line != line)
		i++;
	if (i == TALLY_LINES)
		i--;
	else if (i == t->allowed_count)
		t->allowed[t->allowed_count++].line = line;
	t->allowed[i].matches++;
}

void
tally_note(struct tally *t, const struct note *n)
{
	const struct record r = {.kind = RECORD_NOTE, .note = *n};

	if (t->file == NULL)
		return;
	if (t->notes.cap == 0)
		buf_init(&t->notes, NOTES_BYTES);
	/* past the cap the object still has its first reason */
	if (record_add(&t->notes, &r) == ST_NOMEM)
		out_need(ST_NOMEM);
}

static void
note_fields(struct json *j, const struct note *n)
{
	json_put_str(j, "place", n->place);
	json_put_cstr(j, "reason", cover_name(n->reason));
	json_put_cstr(j, "text", cover_text(n->reason));
	if (n->parser.len > 0)
		json_put_str(j, "parser", n->parser);
	if (n->detail.len > 0)
		json_put_str(j, "detail", n->detail);
}

static void
notes_list(const struct tally *t, struct json *j)
{
	struct span rest = buf_span(&t->notes);
	struct record r;
	size_t used;

	if (rest.len == 0)
		return;
	json_key(j, "notes");
	json_list(j);
	while (record_next(rest, &r, &used) == ST_OK) {
		json_map(j);
		note_fields(j, &r.note);
		json_end(j);
		rest = span_skip(rest, used);
	}
	json_end(j);
}

static void
members(const struct object *o, struct json *j)
{
	if (o->members == 0)
		return;
	json_put_u64(j, "members", o->members);
	json_put_u64(j, "members_partial", o->members_partial);
	json_put_u64(j, "members_unread", o->members_unread);
}

static void
object_line(struct tally *t, const struct object *o)
{
	struct buf line;
	struct json j;

	buf_init(&line, 1u << 20);
	json_init(&j, &line);
	json_map(&j);
	json_put_str(&j, "path", o->path);
	json_put_str(&j, "place", o->place);
	json_put_cstr(&j, "coverage", coverage_name(o->coverage));
	json_put_cstr(&j, "reason", cover_name(o->reason));
	json_put_cstr(&j, "text", cover_text(o->reason));
	json_put_u64(&j, "size", o->size);
	json_put_u64(&j, "read", o->read);
	members(o, &j);
	notes_list(t, &j);
	write_line(t, &line, &j);
}

void
tally_object(struct tally *t, const struct object *o)
{
	if (o->coverage != COVERAGE_FULL && o->reason < COVER__COUNT)
		t->reasons[o->reason]++;
	if (o->coverage != COVERAGE_FULL && t->file != NULL)
		object_line(t, o);
	buf_clear(&t->notes);
}

void
tally_size(uint64_t bytes, char dst[TALLY_SIZE])
{
	static const char *const units[] = {"bytes", "KiB", "MiB",
					    "GiB",   "TiB", "PiB"};
	double v = (double)bytes;
	size_t i = 0;

	while (v >= 1000 && i + 1 < sizeof(units) / sizeof(units[0])) {
		v /= 1024;
		i++;
	}
	snprintf(dst, TALLY_SIZE, i == 0 ? "%.0f %s" : "%.1f %s", v, units[i]);
}

static void
allowed_lines(const struct tally *t, struct json *j)
{
	if (t->allowed_sum == 0)
		return;
	json_put_u64(j, "allowed", t->allowed_sum);
	json_key(j, "allowed_by_line");
	json_map(j);
	for (size_t i = 0; i < t->allowed_count; i++) {
		char line[16];

		snprintf(line, sizeof(line), "%u", t->allowed[i].line);
		json_put_u64(j, line, t->allowed[i].matches);
	}
	json_end(j);
}

static void
totals_line(struct tally *t, const struct scan_progress *sum,
	    const char *outcome, uint64_t ms)
{
	uint64_t full = sum->done_objects - sum->partial - sum->unread;
	struct buf line;
	struct json j;

	buf_init(&line, 1u << 20);
	json_init(&j, &line);
	json_map(&j);
	json_key(&j, "totals");
	json_map(&j);
	json_put_cstr(&j, "outcome", outcome);
	json_put_u64(&j, "objects", sum->done_objects);
	json_put_u64(&j, "bytes", sum->done_bytes);
	json_put_u64(&j, "full", full);
	json_put_u64(&j, "partial", sum->partial);
	json_put_u64(&j, "unread", sum->unread);
	json_put_u64(&j, "skipped_folders", sum->skipped_dirs);
	json_put_u64(&j, "findings", sum->findings);
	allowed_lines(t, &j);
	json_key(&j, "reasons");
	json_map(&j);
	for (unsigned i = 0; i < COVER__COUNT; i++)
		if (t->reasons[i] > 0)
			json_put_u64(&j, cover_name(i), t->reasons[i]);
	json_end(&j);
	json_key(&j, "seconds");
	json_double(&j, (double)ms / 1000);
	json_end(&j);
	write_line(t, &line, &j);
}

static void
say(struct tally *t, const struct scan_progress *sum, uint64_t ms)
{
	char size[TALLY_SIZE];
	uint64_t missed = sum->partial + sum->unread + sum->skipped_dirs;
	const char *glue = ": ";

	tally_size(sum->done_bytes, size);
	fprintf(stderr,
		"%" PRIu64 " finding%s in %" PRIu64 " object%s, %s, %.1f s\n",
		sum->findings, sum->findings == 1 ? "" : "s", sum->done_objects,
		sum->done_objects == 1 ? "" : "s", size, (double)ms / 1000);
	if (t->allowed_sum > 0)
		fprintf(stderr, "%" PRIu64 " match%s allowed by rule\n",
			t->allowed_sum, t->allowed_sum == 1 ? "" : "es");
	if (missed == 0)
		return;
	fprintf(stderr, "%" PRIu64 " not fully read", missed);
	for (unsigned i = 0; i < COVER__COUNT; i++)
		if (t->reasons[i] > 0 && i != COVER_LINK) {
			fprintf(stderr, "%s%" PRIu64 " %s", glue, t->reasons[i],
				cover_text(i));
			glue = "; ";
		}
	fprintf(stderr, "%s\n",
		t->file == NULL ? " (--coverage FILE names them)" : "");
}

void
tally_end(struct tally *t, const struct scan_progress *sum, const char *outcome)
{
	uint64_t ms = clock_mono_ms(clock_system()) - t->start_ms;

	say(t, sum, ms);
	buf_fini(&t->notes);
	if (t->file == NULL)
		return;
	totals_line(t, sum, outcome, ms);
	if (fclose(t->file) != 0)
		t->failed = true;
	t->file = NULL;
}
