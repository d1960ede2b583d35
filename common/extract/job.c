#include "extract/job.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "extract/archive/inflate.h"
#include "extract/data/track.h"
#include "extract/hold.h"
#include "extract/sniff.h"
#include "extract/text.h"

#define RATIO_FREE (16u * 1024 * 1024) /* unpacked before the ratio counts */
#define SEPARATOR  " \xe2\x86\x92 "    /* " → " */
#define DETAIL_MAX 256

/* ---- notes -----------------------------------------------------------------
 */

static void
note(struct extractor *x, enum cover_reason why, struct span detail)
{
	struct extract_note n = {
	    .place = span_of(x->place, x->place_len),
	    .why = why,
	    .detail = detail,
	};

	track_tell(x);
	n.parser = x->parser;
	x->notes++;
	if (x->result->reason == COVER_OK)
		x->result->reason = (uint8_t)why;
	x->sink->note(x->sink->arg, &n);
}

void
job_note(struct extractor *x, enum cover_reason why)
{
	note(x, why, span_of(NULL, 0));
}

void
job_note_words(struct extractor *x, enum cover_reason why, const char *words,
	       ...)
{
	char text[DETAIL_MAX];
	va_list args;
	int n;

	va_start(args, words);
	n = vsnprintf(text, sizeof(text), words, args);
	va_end(args);
	if (n < 0)
		n = 0;
	note(x, why,
	     span_of(text,
		     (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1));
}

void
job_note_member(struct extractor *x, struct span name, enum cover_reason why,
		const char *words)
{
	struct job_outer o;

	job_begin_member(x, name, &o);
	note(x, why, span_str(words));
	job_end_member(x, &o);
}

void
job_over(struct extractor *x, enum cover_reason why)
{
	if (!x->stop)
		job_note(x, why);
	x->stop = true;
	x->stop_member = false;
}

/* ---- budget ----------------------------------------------------------------
 */

static int64_t
cpu_now(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) != 0)
		return 0;
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/*
 * The CPU clock is a call into the kernel. While the coarse clock, which is
 * none, stands still, no time to speak of can have been used.
 */
static int64_t
cpu_about(struct extractor *x)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC_COARSE, &t) != 0)
		return cpu_now();
	if (x->cpu_seen == 0 || t.tv_sec != x->wall.tv_sec ||
	    t.tv_nsec != x->wall.tv_nsec) {
		x->wall = t;
		x->cpu_seen = cpu_now();
	}
	return x->cpu_seen;
}

static int64_t
later(int64_t now, uint64_t seconds)
{
	return now + (int64_t)seconds * INT64_C(1000000000);
}

bool
job_in_time(struct extractor *x)
{
	int64_t now = cpu_about(x);

	if (x->cpu_end == 0)
		x->cpu_end = later(now, x->budget.seconds);
	if (x->member_end == 0)
		x->member_end = later(now, x->budget.member_seconds);
	if (now >= x->cpu_end) {
		job_over(x, COVER_TIME);
	} else if (x->depth > 0 && now >= x->member_end && !x->stop) {
		job_over(x, COVER_TIME);
		x->stop_member = true; /* its neighbours still have time */
	}
	return !x->stop;
}

bool
job_spend(struct extractor *x, uint64_t n)
{
	uint64_t in =
	    x->root.size != UINT64_MAX ? x->root.size : x->root.fetched;

	x->output += n;
	if (x->output > x->budget.output)
		job_over(x, COVER_BYTES);
	else if (x->output > RATIO_FREE && x->output / x->budget.ratio > in + 1)
		job_over(x, COVER_RATIO);
	return !x->stop;
}

bool
job_count(struct extractor *x)
{
	if (x->result->members >= x->budget.members) {
		job_over(x, COVER_MEMBERS);
		return false;
	}
	x->result->members++;
	return x->result->members % 64 != 1 || job_in_time(x);
}

/* ---- place -----------------------------------------------------------------
 */

size_t
job_enter(struct extractor *x, struct span name)
{
	size_t old = x->place_len;
	size_t sep = old > 0 ? strlen(SEPARATOR) : 0;
	uint8_t text[JOB_NAME_MAX];

	if (name.len > JOB_NAME_MAX)
		name.len = JOB_NAME_MAX;
	name =
	    names_text(x, &x->levels[x->depth].names, name, text, sizeof(text));
	if (old + sep + name.len > JOB_PLACE_MAX)
		return old;
	memcpy(x->place + old, SEPARATOR, sep);
	if (name.len > 0)
		memcpy(x->place + old + sep, name.ptr, name.len);
	x->place_len = old + sep + name.len;
	return old;
}

void
job_leave(struct extractor *x, size_t place_len)
{
	x->place_len = place_len;
}

void
job_say_where(struct extractor *x)
{
	if (x->sink->enter != NULL)
		x->sink->enter(x->sink->arg, span_of(x->place, x->place_len),
			       x->parser);
}

/* ---- what goes with a level ------------------------------------------------
 */

uint8_t *
job_buf(struct extractor *x)
{
	struct job_level *l = &x->levels[x->depth];

	if (l->buf == NULL)
		l->buf = malloc(PART_BUF);
	return l->buf;
}

struct inflater *
job_inflater(struct extractor *x)
{
	struct job_level *l = &x->levels[x->depth];

	if (l->inflater == NULL)
		l->inflater = inflater_new();
	return l->inflater;
}

void *
job_group_state(const struct extractor *x, const struct format_group *g)
{
	for (size_t i = 0; format_groups[i] != NULL; i++)
		if (format_groups[i] == g)
			return x->kit->state[i];
	return NULL;
}

/* ---- parts and members -----------------------------------------------------
 */

void
job_note_failure(struct extractor *x, const struct part *p)
{
	switch ((int)p->failed) {
	case ST_OK:
	case ST_LIMIT: /* noted where the limit is */
		break;
	case ST_MALFORMED:
		job_note(x, COVER_MALFORMED);
		break;
	case ST_CLOSED:
		job_note(x, COVER_TRUNCATED);
		break;
	default:
		job_note(x, COVER_IO);
	}
}

static bool
suits(const struct format *f, const struct part *p)
{
	if (f->needs == FORMAT_WHOLE)
		return p->whole.ptr != NULL;
	return f->needs == FORMAT_STREAM ||
	       (part_seekable(p) && p->size != UINT64_MAX);
}

/* A format that cannot be streamed gets all of it in memory. */
static enum status
read_held(struct extractor *x, const struct format *f, struct part *p)
{
	struct hold h;
	enum status st;

	if (hold_part(x, p, &h)) {
		h.part.name = p->name;
		st = f->read(x, &h.part);
	} else {
		job_note(x, COVER_MEMORY);
		st = job_rest(x, &h.part);
	}
	hold_end(x, &h);
	return st;
}

static enum status
read_as(struct extractor *x, const struct format *f, struct part *p)
{
	if (x->depth >= x->budget.depth) {
		job_note(x, COVER_DEPTH);
		return job_rest(x, p);
	}
	return suits(f, p) ? f->read(x, p) : read_held(x, f, p);
}

enum status
job_part(struct extractor *x, struct part *p)
{
	const char *outer = x->parser;
	struct format_look l = {
	    .part = p, .head = part_peek(p, PART_PEEK), .parent = outer};
	const struct format *f;
	enum status st;

	if (l.head.len > PART_PEEK)
		l.head.len = PART_PEEK;
	l.seen = sniff_look(l.head);
	f = format_find(&x->kit->formats, &l);
	if (f == NULL) {
		st = track_text(x, p, &l);
	} else {
		x->parser = f->name;
		job_say_where(x);
		st = read_as(x, f, p);
	}
	if (st == ST_OK && !x->stop)
		job_note_failure(x, p);
	x->parser = outer;
	return st;
}

enum job_kind
job_kind(const struct extractor *x, struct span s)
{
	struct part p;
	struct format_look l = {
	    .part = &p,
	    .head = span_of(s.ptr, s.len < PART_PEEK ? s.len : PART_PEEK),
	    .parent = x->parser,
	};

	part_memory(&p, s);
	l.seen = sniff_look(l.head);
	if (format_find(&x->kit->formats, &l) != NULL ||
	    !text_is_plain(text_coding(&l)))
		return JOB_FILE;
	return format_find_text(&l) != NULL ? JOB_KEYED : JOB_TEXT;
}

enum status
job_rest(struct extractor *x, struct part *p)
{
	return text_bytes(x, p, UINT64_MAX);
}

void
job_begin_member(struct extractor *x, struct span name, struct job_outer *o)
{
	*o = (struct job_outer){
	    .place_len = job_enter(x, name),
	    .notes = x->notes,
	    .windows = x->windows,
	    .where = x->where,
	    .made = x->made,
	    .first = x->first,
	};
	x->where = NULL;
	x->made = false;
	x->first = span_of(NULL, 0);
	if (x->depth++ == 0)
		x->member_end = 0;
	names_begin(&x->levels[x->depth].names);
}

void
job_end_member(struct extractor *x, const struct job_outer *o)
{
	if (x->notes > o->notes) {
		if (x->windows > o->windows)
			x->result->partial++;
		else
			x->result->unread++;
	}
	x->where = o->where;
	x->made = o->made;
	x->first = o->first;
	job_leave(x, o->place_len);
	if (--x->depth == 0 && x->stop_member)
		x->stop = x->stop_member = false;
	job_say_where(x);
}

enum status
job_member(struct extractor *x, struct part *p, struct span name)
{
	enum status st = ST_NOMEM;
	struct job_outer o;

	job_begin_member(x, name, &o);
	p->name = name;
	p->buf = job_buf(x);
	if (p->buf != NULL)
		st = job_part(x, p);
	job_end_member(x, &o);
	return st;
}
