#include "agent/trawl/tally.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/trawl/narrow.h"
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
	if (record_add(&t->notes, &r) == ST_OK)
		t->noted++;
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
	if (o->notes > t->noted)
		json_put_u64(&j, "more_places", o->notes - t->noted);
	write_line(t, &line, &j);
}

static enum tally_part
part_of(const struct object *o)
{
	if (o->coverage == COVERAGE_PARTIAL)
		return TALLY_PARTLY;
	return S_ISDIR(o->mode) ? TALLY_FOLDER : TALLY_UNREAD;
}

void
tally_object(struct tally *t, const struct object *o)
{
	if (o->coverage != COVERAGE_FULL && o->reason < COVER__COUNT)
		t->reasons[part_of(o)][o->reason]++;
	/* what was fully read has a line when its source has words for it */
	if (t->file != NULL && (o->coverage != COVERAGE_FULL || t->noted > 0))
		object_line(t, o);
	buf_clear(&t->notes);
	t->noted = 0;
}

void
tally_count(uint64_t n, char dst[TALLY_SIZE])
{
	char plain[TALLY_SIZE];
	int digits = snprintf(plain, sizeof(plain), "%" PRIu64, n);
	size_t at = 0;

	for (int i = 0; i < digits; i++) {
		if (i > 0 && (digits - i) % 3 == 0)
			dst[at++] = ',';
		dst[at++] = plain[i];
	}
	dst[at] = 0;
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

static uint64_t
reason_sum(const struct tally *t, unsigned reason)
{
	uint64_t n = 0;

	for (size_t part = 0; part < TALLY__PARTS; part++)
		n += t->reasons[part][reason];
	return n;
}

/* Walked to the end, and every byte and member was read, now. */
static bool
is_whole(const struct tally *t, const struct scan_progress *sum,
	 const char *outcome)
{
	if (strcmp(outcome, "done") != 0 || sum->done_objects == 0 ||
	    sum->partial + sum->unread + sum->skipped_dirs > 0 ||
	    sum->members_partial + sum->members_unread > 0 ||
	    sum->unread_bytes > 0 || sum->unchanged > 0)
		return false;
	for (unsigned i = 0; i < COVER__COUNT; i++)
		if (cover_counts(i) && reason_sum(t, i) > 0)
			return false;
	return true;
}

static void
reasons_map(const struct tally *t, struct json *j)
{
	json_key(j, "reasons");
	json_map(j);
	for (unsigned i = 0; i < COVER__COUNT; i++)
		if (reason_sum(t, i) > 0)
			json_put_u64(j, cover_name(i), reason_sum(t, i));
	json_end(j);
}

static void
counts(const struct scan_progress *sum, struct json *j)
{
	json_put_u64(j, "objects", sum->done_objects);
	json_put_u64(j, "bytes", sum->done_bytes);
	json_put_u64(j, "unread_bytes", sum->unread_bytes);
	json_put_u64(j, "full",
		     sum->done_objects - sum->unchanged - sum->partial -
			 sum->unread);
	json_put_u64(j, "unchanged", sum->unchanged);
	json_put_u64(j, "partial", sum->partial);
	json_put_u64(j, "unread", sum->unread);
	json_put_u64(j, "skipped_folders", sum->skipped_dirs);
	json_put_u64(j, "members", sum->members);
	json_put_u64(j, "members_partial", sum->members_partial);
	json_put_u64(j, "members_unread", sum->members_unread);
	json_put_u64(j, "findings", sum->findings);
}

static void
totals_line(struct tally *t, const struct scan_progress *sum,
	    const char *outcome, uint64_t ms)
{
	struct buf line;
	struct json j;

	buf_init(&line, 1u << 20);
	json_init(&j, &line);
	json_map(&j);
	json_key(&j, "totals");
	json_map(&j);
	json_put_cstr(&j, "outcome", outcome);
	json_put_bool(&j, "whole", is_whole(t, sum, outcome));
	counts(sum, &j);
	narrow_map(t->options, &j);
	allowed_lines(t, &j);
	reasons_map(t, &j);
	json_key(&j, "seconds");
	json_double(&j, (double)ms / 1000);
	if (t->rested_ms > 0) {
		json_key(&j, "rested_seconds");
		json_double(&j, (double)t->rested_ms / 1000);
	}
	json_end(&j);
	write_line(t, &line, &j);
}

static const char *
many(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void
say_unchanged(const struct scan_progress *sum)
{
	char n[TALLY_SIZE];

	tally_count(sum->unchanged, n);
	fprintf(stderr,
		"%s object%s unchanged since an earlier scan read %s in full "
		"and found nothing\n",
		n, many(sum->unchanged), sum->unchanged == 1 ? "it" : "them");
}

static void
say_found(const struct tally *t, const struct scan_progress *sum,
	  const char *outcome, uint64_t ms)
{
	char findings[TALLY_SIZE], objects[TALLY_SIZE], size[TALLY_SIZE];
	char members[TALLY_SIZE];

	tally_count(sum->findings, findings);
	tally_count(sum->done_objects, objects);
	tally_count(sum->members, members);
	tally_size(sum->done_bytes, size);
	fprintf(stderr, "%s finding%s in %s object%s", findings,
		many(sum->findings), objects, many(sum->done_objects));
	if (sum->members > 0)
		fprintf(stderr, " with %s member%s in them", members,
			many(sum->members));
	fprintf(stderr, ", %s, %.1f s%s\n", size, (double)ms / 1000,
		is_whole(t, sum, outcome) ? ", 100 % read" : "");
	if (sum->unchanged > 0)
		say_unchanged(sum);
	if (t->allowed_sum > 0)
		fprintf(stderr, "%" PRIu64 " match%s allowed by rule\n",
			t->allowed_sum, t->allowed_sum == 1 ? "" : "es");
}

/* ": 2 encrypted, 1 damaged" */
static void
say_reasons(const uint64_t reasons[COVER__COUNT])
{
	const char *glue = ": ";
	char n[TALLY_SIZE];

	for (unsigned i = 0; i < COVER__COUNT; i++)
		if (reasons[i] > 0 && cover_counts(i)) {
			tally_count(reasons[i], n);
			fprintf(stderr, "%s%s %s", glue, n, cover_brief(i));
			glue = ", ";
		}
}

static void
say_missed(const struct tally *t, const struct scan_progress *sum)
{
	const struct {
		uint64_t missed, all;
		const char *thing, *what;
		const uint64_t *reasons;
	} lines[] = {
	    {sum->partial, sum->done_objects, "object", "partly read",
	     t->reasons[TALLY_PARTLY]},
	    {sum->unread, sum->done_objects, "object", "not read",
	     t->reasons[TALLY_UNREAD]},
	    {sum->skipped_dirs, 0, "folder", "not entered",
	     t->reasons[TALLY_FOLDER]},
	    {sum->members_partial, sum->members, "member", "partly read", NULL},
	    {sum->members_unread, sum->members, "member", "not read", NULL},
	};
	char missed[TALLY_SIZE], all[TALLY_SIZE];

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		uint64_t of = lines[i].all > 0 ? lines[i].all : lines[i].missed;

		if (lines[i].missed == 0)
			continue;
		tally_count(lines[i].missed, missed);
		tally_count(of, all);
		if (lines[i].all > 0)
			fprintf(stderr, "%s of ", missed);
		fprintf(stderr, "%s %s%s %s", all, lines[i].thing, many(of),
			lines[i].what);
		if (lines[i].reasons != NULL)
			say_reasons(lines[i].reasons);
		fprintf(stderr, "\n");
	}
	if (t->file == NULL &&
	    sum->partial + sum->unread + sum->skipped_dirs > 0)
		fprintf(stderr, "(--coverage FILE names them)\n");
}

static void
say_rested(const struct tally *t)
{
	if (t->rested_ms > 0)
		fprintf(stderr,
			"%.1f s of rest for a target that answered later than "
			"usual\n",
			(double)t->rested_ms / 1000);
}

void
tally_end(struct tally *t, const struct scan_progress *sum, const char *outcome)
{
	uint64_t ms = clock_mono_ms(clock_system()) - t->start_ms;

	if (!t->quiet) {
		say_found(t, sum, outcome, ms);
		say_missed(t, sum);
		say_rested(t);
	}
	buf_fini(&t->notes);
	if (t->file == NULL)
		return;
	totals_line(t, sum, outcome, ms);
	if (fclose(t->file) != 0)
		t->failed = true;
	t->file = NULL;
}
