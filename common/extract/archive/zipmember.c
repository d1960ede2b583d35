#include "extract/archive/zipmember.h"

#include <isa-l/crc.h>
#include <string.h>

#include "extract/archive/inflate.h"
#include "extract/archive/inflate64.h"
#include "extract/archive/zipodd.h"

#define LOCAL_LEN 30
#define EXTRA_MAX 4096 /* of an extra field, what is looked at */

enum zip_flag { ZIP_ENCRYPTED = 1, ZIP_DESCRIPTOR = 8, ZIP_STRONG = 64 };
enum zip_method { ZIP_STORED = 0, ZIP_DEFLATE = 8, ZIP_DEFLATE64 = 9 };

/* The bytes of one member on their way out. */
struct unpack {
	struct extractor *x;
	struct part *from;
	const struct zip_member *m;
	struct inflater *f; /* NULL: stored, or: */
	struct inflate64 *f64;
	uint64_t left, out;
	uint32_t crc;
	bool ended;
};

void
zip_extra64(struct span extra, uint64_t *const *want, size_t n)
{
	while (extra.ptr != NULL && extra.len >= 4) {
		size_t len = zip_u16(extra.ptr + 2), at = 0;
		struct span body = span_skip(extra, 4);

		if (len > body.len)
			return;
		for (size_t i = 0; zip_u16(extra.ptr) == 1 && i < n; i++) {
			if (*want[i] != UINT32_MAX || len - at < 8)
				continue;
			*want[i] = zip_u64(body.ptr + at);
			at += 8;
		}
		extra = span_skip(body, len);
	}
}

void
zip_extra_name(struct span extra, struct zip_member *m)
{
	while (extra.ptr != NULL && extra.len >= 4) {
		size_t len = zip_u16(extra.ptr + 2);
		struct span body = span_skip(extra, 4);
		const uint8_t *p = body.ptr;

		if (len > body.len)
			return;
		if (zip_u16(extra.ptr) == 0x7075 && len > 5 &&
		    len - 5 <= JOB_NAME_MAX && p[0] == 1 &&
		    zip_u32(p + 1) ==
			crc32_gzip_refl(0, m->name, m->name_len)) {
			m->name_len = len - 5;
			memcpy(m->name, p + 5, m->name_len);
		}
		extra = span_skip(body, len);
	}
}

static bool
skip_extra(struct part *p, size_t len, struct zip_member *m)
{
	uint64_t *const want[] = {&m->size, &m->packed};
	uint8_t extra[EXTRA_MAX];
	size_t n = len < sizeof(extra) ? len : sizeof(extra);

	if (part_read(p, extra, n) != n)
		return false;
	zip_extra64(span_of(extra, n), want, 2);
	zip_extra_name(span_of(extra, n), m);
	for (len -= n; len > 0; len -= n) {
		n = len < sizeof(extra) ? len : sizeof(extra);
		if (part_read(p, extra, n) != n)
			return false;
	}
	return true;
}

bool
zip_local(struct part *p, struct zip_member *m)
{
	struct span s = part_peek(p, LOCAL_LEN);
	size_t name_len, extra_len, keep;
	uint8_t dull;

	if (s.len < LOCAL_LEN || zip_u32(s.ptr) != ZIP_LOCAL)
		return false;
	m->local = p->pos;
	m->flags = zip_u16(s.ptr + 6);
	m->method = zip_u16(s.ptr + 8);
	m->crc = zip_u32(s.ptr + 14);
	m->packed = zip_u32(s.ptr + 18);
	m->size = zip_u32(s.ptr + 22);
	name_len = zip_u16(s.ptr + 26);
	extra_len = zip_u16(s.ptr + 28);
	part_consume(p, LOCAL_LEN);
	keep = name_len < JOB_NAME_MAX ? name_len : JOB_NAME_MAX;
	m->name_len = part_read(p, m->name, keep);
	for (; name_len > keep; name_len--)
		if (part_read(p, &dull, 1) != 1)
			break;
	if (!skip_extra(p, extra_len, m))
		m->packed = 0;
	if (m->flags & ZIP_DESCRIPTOR && m->packed == 0)
		m->packed = m->size = ZIP_UNKNOWN;
	m->data = p->pos;
	return true;
}

bool
zip_next_header(struct part *p, uint64_t end)
{
	while (p->pos < end) {
		struct span s = part_peek(p, PART_PEEK);
		const uint8_t *at;

		if (s.len < 4)
			return false;
		at = memmem(s.ptr, s.len, "PK\3\4", 4);
		if (at != NULL) {
			part_consume(p, (size_t)(at - s.ptr));
			return p->pos < end;
		}
		part_consume(p, s.len - 3);
	}
	return false;
}

static enum status
stored_read(struct unpack *u, void *dst, size_t n, size_t *got)
{
	size_t want = n < u->left ? n : (size_t)u->left;

	*got = part_read(u->from, dst, want);
	u->left -= *got;
	u->ended = u->left == 0;
	u->crc = crc32_gzip_refl(u->crc, dst, *got);
	return *got < want ? ST_CLOSED : ST_OK;
}

static enum status
unpack_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct unpack *u = arg;
	enum status st;

	*got = 0;
	if (u->f64 != NULL) {
		st = inflate64_read(u->f64, dst, n, got);
		u->ended = st == ST_OK && *got < n;
		u->crc = crc32_gzip_refl(u->crc, dst, *got);
	} else if (u->f == NULL) {
		st = stored_read(u, dst, n, got);
	} else {
		st = inflater_read(u->f, dst, n, got);
		u->ended = st == ST_OK && *got < n;
		u->crc = inflater_crc(u->f);
	}
	u->out += *got;
	if (!job_spend(u->x, *got))
		return ST_LIMIT;
	return st;
}

/* What was promised and what came. */
static void
check_promise(const struct unpack *u)
{
	const struct zip_member *m = u->m;
	bool sized = m->size != ZIP_UNKNOWN;

	if (u->x->stop || !u->ended)
		return;
	if (sized && (m->size != u->out || m->crc != u->crc))
		job_note(u->x, COVER_MALFORMED);
}

/* Stored bytes that lie in memory need no copy. */
static bool
in_place(const struct part *p, const struct zip_member *m, struct part *out)
{
	struct span s = p->whole;

	if (s.ptr == NULL || m->method != ZIP_STORED || p->pos > s.len ||
	    m->packed > s.len - p->pos)
		return false;
	part_memory(out, span_of(s.ptr + p->pos, (size_t)m->packed));
	out->name = span_of(m->name, m->name_len);
	return true;
}

enum status
zip_hand_down(void *reader, struct extractor *x, struct part *inner)
{
	struct zip_reader *r = reader;
	enum status st;

	r->begun = true;
	if (r->read == NULL)
		return job_part(x, inner);
	job_leave(x, r->outer);
	st = r->read(r->arg, x, inner);
	job_leave(x, r->outer);
	job_enter(x, span_of(r->m->name, r->m->name_len));
	return st;
}

static enum status
read_in_place(struct extractor *x, struct part *p, struct part *inner,
	      const struct zip_member *m, struct zip_reader *r)
{
	if (crc32_gzip_refl(0, inner->whole.ptr, inner->whole.len) != m->crc ||
	    m->size != m->packed)
		job_note(x, COVER_MALFORMED);
	part_consume(p, inner->whole.len);
	if (!job_spend(x, inner->whole.len))
		return ST_OK;
	return zip_hand_down(r, x, inner);
}

/* An inner format may end before its bytes do. */
static void
drain(const struct extractor *x, struct part *inner)
{
	struct span s;

	do {
		s = part_ahead(inner);
		part_consume(inner, s.len);
	} while (s.len > 0 && !x->stop);
}

static enum status
read_member(struct extractor *x, struct part *p, const struct zip_member *m,
	    struct inflater *f, struct zip_reader *r)
{
	struct unpack u = {
	    .x = x, .from = p, .m = m, .f = f, .left = m->packed};
	struct part inner = {
	    .arg = &u, .read = unpack_read, .size = UINT64_MAX};
	enum status st;

	if (in_place(p, m, &inner))
		return read_in_place(x, p, &inner, m, r);
	inner.name = span_of(m->name, m->name_len);
	inner.buf = job_buf(x);
	if (inner.buf == NULL)
		return ST_NOMEM;
	if (f != NULL)
		inflater_start(f, p, m->packed);
	if (m->method == ZIP_DEFLATE64) {
		u.f64 = inflate64_new();
		if (u.f64 == NULL)
			return ST_NOMEM;
		inflate64_start(u.f64, p, m->packed);
	}
	st = zip_hand_down(r, x, &inner);
	drain(x, &inner);
	if (r->read != NULL && st == ST_OK && !x->stop)
		job_note_failure(x, &inner);
	check_promise(&u);
	inflate64_free(u.f64);
	return st;
}

static bool
is_encrypted(const struct zip_member *m)
{
	return (m->flags & (ZIP_ENCRYPTED | ZIP_STRONG)) != 0;
}

static bool
is_odd(const struct zip_member *m)
{
	return is_encrypted(m) ||
	       (m->method != ZIP_STORED && m->method != ZIP_DEFLATE &&
		m->method != ZIP_DEFLATE64);
}

enum status
zip_content(struct extractor *x, struct part *p, const struct zip_member *m,
	    struct zip_reader *r)
{
	struct zip_reader by_content = {.read = NULL};
	struct inflater *f = NULL;
	enum status st = ST_OK;
	struct job_outer o;

	/* the archive's own codec: the member's may be another */
	if (m->method == ZIP_DEFLATE) {
		f = job_inflater(x);
		if (f == NULL)
			return ST_NOMEM;
	}
	job_begin_member(x, span_of(m->name, m->name_len), &o);
	if (r == NULL)
		r = &by_content;
	r->outer = o.place_len;
	r->m = m;
	if (is_odd(m) && part_seekable(p) && m->packed != ZIP_UNKNOWN)
		st = zip_odd(x, p, m, is_encrypted(m), r);
	else if (is_encrypted(m))
		job_note(x, COVER_ENCRYPTED);
	else if (is_odd(m))
		job_note_words(x, COVER_UNSUPPORTED, "zip method %u",
			       m->method);
	else if (m->method == ZIP_STORED && m->packed == ZIP_UNKNOWN)
		job_note_words(x, COVER_UNSUPPORTED, "stored without a length");
	else
		st = read_member(x, p, m, f, r);
	job_end_member(x, &o);
	return st;
}
