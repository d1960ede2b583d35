#include "extract/pdf/lock.h"

/* The strings of the dictionary, which are not encrypted themselves. */
enum { OWNER, USER, OWNER_KEY, USER_KEY, ID, STRINGS };
#define STRING_MAX 4096

static enum pdf_cipher
cipher(struct pdf_file *f, struct pdf_value d, const char *which)
{
	struct pdf_value name = pdf_at(f, d, which);
	struct pdf_value all = pdf_at(f, d, "CF"), one;
	struct span in = pdf_inside(all.raw), k, v;

	while (pdf_next(&in, &k) == PDF_NAME && pdf_item(&in, &v) != PDF_END) {
		if (!span_eq(k, name.raw))
			continue;
		one = pdf_follow(f, v, all.in);
		v = pdf_at(f, one, "CFM").raw;
		if (pdf_is(v, "V2"))
			return PDF_RC4;
		if (pdf_is(v, "AESV2"))
			return PDF_AES128;
		if (pdf_is(v, "AESV3"))
			return PDF_AES256;
	}
	return PDF_PLAIN; /* Identity */
}

static void
numbers(struct pdf_file *f, struct pdf_value d, struct pdf_lock *l)
{
	uint64_t n = 0;

	if (pdf_whole(pdf_at(f, d, "V").raw, &n))
		l->version = (unsigned)(n & 0xff);
	if (pdf_whole(pdf_at(f, d, "R").raw, &n))
		l->revision = (unsigned)(n & 0xff);
	l->bits = 40;
	if (l->version >= 2 && pdf_whole(pdf_at(f, d, "Length").raw, &n))
		l->bits = n < 40 ? (unsigned)n * 8 : (unsigned)(n & 0x1ff);
	if (l->version >= 4)
		l->bits = 128;
	l->rights = (int32_t)(int64_t)pdf_number(pdf_at(f, d, "P").raw);
	n = 0;
	l->metadata =
	    !span_eq(pdf_at(f, d, "EncryptMetadata").raw, span_str("false"));
}

static bool
strings(struct pdf_file *f, struct pdf_value d, struct buf s[STRINGS])
{
	static const char *const keys[] = {"O", "U", "OE", "UE"};
	struct pdf_value id =
	    pdf_at(f, (struct pdf_value){f->sealer, NULL}, "ID");
	struct span in = pdf_inside(id.raw), first;
	enum status st = ST_OK;

	for (int i = 0; i < STRINGS; i++)
		buf_init(&s[i], STRING_MAX);
	for (int i = 0; i < ID && st == ST_OK; i++)
		st = pdf_string(pdf_at(f, d, keys[i]).raw, &s[i]);
	if (st == ST_OK && pdf_item(&in, &first) != PDF_END)
		st = pdf_string(pdf_follow(f, first, id.in).raw, &s[ID]);
	return st == ST_OK;
}

static bool
try_passwords(struct pdf_file *f, struct pdf_lock *l)
{
	const struct extract_options *o = &f->x->kit->options;

	if (pdf_unlock(l, span_of(NULL, 0), &f->crypt))
		return true;
	for (size_t i = 0; i < o->password_count && job_in_time(f->x); i++)
		if (pdf_unlock(l, o->passwords[i], &f->crypt))
			return true;
	return false;
}

static void
ciphers(struct pdf_file *f, struct pdf_value d, const struct pdf_lock *l)
{
	f->crypt.metadata = l->metadata;
	f->crypt.strings = f->crypt.streams = PDF_RC4;
	if (l->version < 4)
		return;
	f->crypt.strings = cipher(f, d, "StrF");
	f->crypt.streams = cipher(f, d, "StmF");
}

/* A key of 16 bytes is no key for 256 bits, and the other way round. */
static bool
fits(const struct pdf_crypt *c, enum pdf_cipher how)
{
	return how == PDF_PLAIN || (how == PDF_AES256) == (c->key_len == 32);
}

void
pdf_lock_open(struct pdf_file *f)
{
	struct pdf_value d =
	    pdf_at(f, (struct pdf_value){f->sealer, NULL}, "Encrypt");
	struct buf s[STRINGS];
	struct pdf_lock l = {0};

	if (pdf_kind(d.raw) != PDF_DICT)
		return;
	f->locked = true;
	numbers(f, d, &l);
	if (strings(f, d, s) &&
	    pdf_is(pdf_at(f, d, "Filter").raw, "Standard") && l.version >= 1 &&
	    l.version <= 5 && l.revision >= 2 && l.revision <= 6) {
		l.owner = buf_span(&s[OWNER]);
		l.user = buf_span(&s[USER]);
		l.owner_key = buf_span(&s[OWNER_KEY]);
		l.user_key = buf_span(&s[USER_KEY]);
		l.id = buf_span(&s[ID]);
		f->locked = !try_passwords(f, &l);
		ciphers(f, d, &l);
		f->locked |= !fits(&f->crypt, f->crypt.strings) ||
			     !fits(&f->crypt, f->crypt.streams);
	}
	for (int i = 0; i < STRINGS; i++)
		buf_fini(&s[i]);
	if (d.in != NULL)
		d.in->seen = true; /* its strings say nothing */
}
