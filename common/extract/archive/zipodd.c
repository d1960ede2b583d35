#include "extract/archive/zipodd.h"

#include <stdlib.h>
#include <string.h>

#include "extract/archive/libarchive.h"

#define LOCAL_LEN    30
#define CENTRAL_LEN  46
#define END_LEN      22
#define EXTRA_MAX    65535
#define PASSWORD_MAX 256 /* bytes */

/* The member's bytes with a list of one member behind them. */
struct single {
	struct part *of;
	uint64_t from, size; /* of the member in it, local header included */
	uint8_t tail[CENTRAL_LEN + JOB_NAME_MAX + EXTRA_MAX + END_LEN];
	size_t tail_len;
	uint8_t buf[PART_BUF];
};

static void
le(uint8_t *p, uint64_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

static enum status
single_pread(void *arg, void *dst, size_t n, uint64_t off, size_t *got)
{
	const struct single *s = arg;

	*got = 0;
	if (off < s->size) {
		if (n > s->size - off)
			n = (size_t)(s->size - off);
		if (!part_pread(s->of, dst, n, s->from + off))
			return ST_CLOSED;
	} else {
		off -= s->size;
		if (off >= s->tail_len)
			return ST_OK;
		if (n > s->tail_len - off)
			n = s->tail_len - (size_t)off;
		memcpy(dst, s->tail + off, n);
	}
	*got = n;
	return ST_OK;
}

/* False: there is no such local header, or it is too large for one. */
static bool
make_tail(struct single *s, const struct zip_member *m)
{
	uint8_t local[LOCAL_LEN], *c = s->tail, *e;
	size_t name, extra, central;

	if (!part_pread(s->of, local, sizeof(local), s->from) ||
	    zip_u32(local) != ZIP_LOCAL || s->size > UINT32_MAX ||
	    m->size > UINT32_MAX)
		return false;
	name = zip_u16(local + 26);
	extra = zip_u16(local + 28);
	if (name > JOB_NAME_MAX)
		return false;
	memset(c, 0, CENTRAL_LEN);
	le(c, ZIP_CENTRAL, 4);
	le(c + 4, 63, 2);             /* made by */
	memcpy(c + 6, local + 4, 10); /* needs, flags, method, time */
	le(c + 16, m->crc, 4);
	le(c + 20, m->packed, 4);
	le(c + 24, m->size, 4);
	le(c + 28, name, 2);
	le(c + 30, extra, 2);
	if (!part_pread(s->of, c + CENTRAL_LEN, name + extra,
			s->from + LOCAL_LEN))
		return false;
	central = CENTRAL_LEN + name + extra;
	e = c + central;
	memset(e, 0, END_LEN);
	le(e, 0x06054b50u, 4);
	le(e + 8, 1, 2);
	le(e + 10, 1, 2);
	le(e + 12, central, 4);
	le(e + 16, s->size, 4);
	s->tail_len = central + END_LEN;
	return true;
}

static struct part
single_part(struct single *s)
{
	return (struct part){.arg = s,
			     .pread = single_pread,
			     .size = s->size + s->tail_len,
			     .buf = s->buf};
}

/* The first password that gives content; ST_EOF when none does. */
static enum status
find_password(struct extractor *x, struct single *s, struct libarchive_zip *z,
	      char password[PASSWORD_MAX])
{
	const struct extract_options *o = &x->kit->options;
	enum status st = ST_EOF;

	for (size_t i = 0; st == ST_EOF && i < o->password_count; i++) {
		struct span w = o->passwords[i];
		struct part p = single_part(s);

		if (w.len >= PASSWORD_MAX || memchr(w.ptr, 0, w.len) != NULL)
			continue;
		if (!job_in_time(x))
			break;
		memcpy(password, w.ptr, w.len);
		password[w.len] = 0;
		z->probe = true;
		z->password = password;
		st = libarchive_zip(x, &p, z);
	}
	return st;
}

static enum status
read_single(struct extractor *x, struct single *s, struct libarchive_zip *z)
{
	struct part p = single_part(s);
	enum status st;

	z->probe = false;
	st = libarchive_zip(x, &p, z);
	if (st == ST_EOF) {
		job_note_words(x, z->why, "%s", z->words);
		st = ST_OK;
	}
	return st;
}

static enum status
read_encrypted(struct extractor *x, struct single *s, struct libarchive_zip *z)
{
	char password[PASSWORD_MAX];
	enum status st = find_password(x, s, z, password);

	if (st == ST_OK && !x->stop) {
		st = read_single(x, s, z);
	} else if (st == ST_EOF) {
		st = ST_OK;
		if (x->kit->options.password_count == 0)
			job_note(x, COVER_ENCRYPTED);
		else if (!x->stop)
			job_note_words(x, COVER_ENCRYPTED,
				       "none of %zu passwords opens it",
				       x->kit->options.password_count);
	}
	explicit_bzero(password, sizeof(password));
	return st;
}

enum status
zip_odd(struct extractor *x, struct part *p, const struct zip_member *m,
	bool encrypted, struct zip_reader *r)
{
	struct libarchive_zip z = {.read = zip_hand_down, .arg = r};
	struct single *s;
	enum status st;

	if (encrypted && x->kit->options.password_count == 0) {
		job_note(x, COVER_ENCRYPTED);
		return ST_OK;
	}
	s = malloc(sizeof(*s));
	if (s == NULL)
		return ST_NOMEM;
	s->of = p;
	s->from = m->local;
	s->size = m->data - m->local + m->packed;
	if (!make_tail(s, m)) {
		job_note_words(x,
			       encrypted ? COVER_ENCRYPTED : COVER_UNSUPPORTED,
			       "zip method %u", m->method);
		st = ST_OK;
	} else if (encrypted) {
		st = read_encrypted(x, s, &z);
	} else {
		st = read_single(x, s, &z);
	}
	explicit_bzero(s->buf, sizeof(s->buf));
	free(s);
	return st;
}
