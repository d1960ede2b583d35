#include "extract/mail/chars.h"

#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "extract/mail/chars_table.h"
#include "extract/utf8.h"

/* Name for the C library, other names (letters and digits only), code page. */
static const struct page_row {
	const char *name, *also;
	unsigned codepage;
} rows[] = {
    /* senders who say Latin 1 mean what Windows makes of it */
    {"CP1252", "windows1252 iso88591 latin1 l1 iso885911987 ibm819 cp819",
     1252},
    {"CP1250", "windows1250", 1250},
    {"CP1251", "windows1251", 1251},
    {"CP1253", "windows1253", 1253},
    {"CP1254", "windows1254 iso88599 latin5", 1254},
    {"CP1255", "windows1255", 1255},
    {"CP1256", "windows1256", 1256},
    {"CP1257", "windows1257", 1257},
    {"CP1258", "windows1258", 1258},
    {"ISO-8859-2", "latin2 l2", 28592},
    {"ISO-8859-3", "latin3", 28593},
    {"ISO-8859-4", "latin4", 28594},
    {"ISO-8859-5", "cyrillic", 28595},
    {"ISO-8859-6", "arabic iso88596i iso88596e", 28596},
    {"ISO-8859-7", "greek", 28597},
    {"ISO-8859-8", "hebrew iso88598i iso88598e", 28598},
    {"ISO-8859-10", "latin6", 0},
    {"ISO-8859-13", "", 28603},
    {"ISO-8859-14", "latin8", 0},
    {"ISO-8859-15", "latin9", 28605},
    {"ISO-8859-16", "latin10", 0},
    {"KOI8-R", "cskoi8r koi8", 20866},
    {"KOI8-U", "koi8ru", 21866},
    {"CP437", "ibm437", 437},
    {"CP737", "ibm737", 737},
    {"CP775", "ibm775", 775},
    {"CP850", "ibm850", 850},
    {"CP852", "ibm852", 852},
    {"CP855", "ibm855", 855},
    {"CP857", "ibm857", 857},
    {"CP858", "ibm858", 858},
    {"CP860", "ibm860", 860},
    {"CP861", "ibm861", 861},
    {"CP862", "ibm862 dos862", 862},
    {"CP863", "ibm863", 863},
    {"CP864", "ibm864", 864},
    {"CP865", "ibm865", 865},
    {"CP866", "ibm866 csibm866", 866},
    {"CP869", "ibm869", 869},
    {"MACINTOSH", "macroman xmacroman", 10000},
    {"MAC-CYRILLIC", "xmaccyrillic", 10007},
    {"TIS-620", "iso885911 windows874 cp874", 874},
    {"CP932", "shiftjis sjis xsjis mskanji windows31j cswindows31j", 932},
    {"EUC-JP", "xeucjp ujis eucjpms", 51932},
    {"ISO-2022-JP-2", "iso2022jp iso2022jp1 csiso2022jp iso2022jpms", 50220},
    {"GB18030", "gb2312 gbk cp936 csgb2312 eucgb windows936 xgbk", 936},
    {"EUC-CN", "euccn", 51936},
    {"ISO-2022-CN", "iso2022cnext", 50227},
    {"CP950", "big5 big5hkscs csbig5 xxbig5 windows950", 950},
    {"EUC-TW", "xeuctw", 0},
    {"CP949", "euckr ksc5601 ksc56011987 cseuckr windows949 uhc", 949},
    {"ISO-2022-KR", "csiso2022kr", 50225},
    {"JOHAB", "", 1361},
    {"ARMSCII-8", "", 0},
    {"GEORGIAN-PS", "", 0},
    {"TCVN", "viscii", 0},
    {"UTF-7", "unicode11utf7 csunicode11utf7", 65000},
    {"UTF-16", "csutf16 ucs2 unicode iso10646ucs2", 0},
    {"UTF-16LE", "unicodelittle", 1200},
    {"UTF-16BE", "unicodebig unicodefffe", 1201},
    {"UTF-32", "ucs4 iso10646ucs4", 0},
    {"UTF-32LE", "", 12000},
    {"UTF-32BE", "", 12001},
    {"IBM037", "ebcdiccpus cp037 cp37", 37},
    {"IBM500", "cp500 ebcdiccpbe", 500},
    {"IBM1047", "cp1047", 1047},
    {"IBM273", "cp273", 20273},
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))
#define NONE ((iconv_t)-1) /* NOLINT(performance-no-int-to-ptr): its own */

struct chars_page {
	const struct chars_table *table; /* of one byte; NULL: by the library */
	iconv_t to_utf8; /* NONE: this system has no such converter */
	bool busy;
};

struct chars {
	struct chars_page pages[ROWS];
};

enum status
chars_open(struct chars **out)
{
	struct chars *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return ST_NOMEM;
	for (size_t i = 0; i < ROWS; i++) {
		struct chars_page *p = &c->pages[i];

		p->table = chars_table(rows[i].name);
		p->to_utf8 =
		    p->table != NULL ? NONE : iconv_open("UTF-8", rows[i].name);
	}
	*out = c;
	return ST_OK;
}

void
chars_close(struct chars *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < ROWS; i++)
		if (c->pages[i].to_utf8 != NONE)
			(void)iconv_close(c->pages[i].to_utf8);
	free(c);
}

struct chars *
chars_of(const struct extractor *x)
{
	return job_group_state(x, &formats_mail);
}

/* Letters in lower case and digits; what else is in a label means nothing. */
static size_t
plain(const char *s, size_t len, char *dst, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; i < len && n + 1 < room; i++)
		if (isalnum((unsigned char)s[i]))
			dst[n++] = (char)tolower((unsigned char)s[i]);
	dst[n] = 0;
	return n;
}

static bool
is_called(const struct page_row *r, const char *label)
{
	char name[32];

	(void)plain(r->name, strlen(r->name), name, sizeof(name));
	return strcmp(name, label) == 0 || str_listed(r->also, span_str(label));
}

static struct chars_page *
usable(struct chars_page *p)
{
	return p->table == NULL && p->to_utf8 == NONE ? NULL : p;
}

struct chars_page *
chars_label(struct chars *c, struct span label)
{
	char want[40];
	size_t n =
	    plain((const char *)label.ptr, label.len, want, sizeof(want));

	if (c == NULL || n == 0)
		return NULL;
	for (size_t i = 0; i < ROWS; i++)
		if (is_called(&rows[i], want))
			return usable(&c->pages[i]);
	return NULL;
}

struct chars_page *
chars_codepage(struct chars *c, unsigned number)
{
	if (c == NULL || number == 0)
		return NULL;
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].codepage == number)
			return usable(&c->pages[i]);
	return NULL;
}

bool
chars_begin(struct chars_page *p)
{
	if (p->busy)
		return false;
	p->busy = true;
	if (p->table == NULL)
		(void)iconv(p->to_utf8, NULL, NULL, NULL, NULL);
	return true;
}

void
chars_end(struct chars_page *p)
{
	p->busy = false;
}

/* How far it got: to an end, or to what is no character or not all of one. */
enum stop { STOP_END, STOP_CUT, STOP_REFUSED };

struct place {
	uint8_t *to;
	size_t left;
};

static enum stop
by_table(const struct chars_table *t, struct span *in, struct place *out)
{
	while (in->len > 0) {
		uint8_t b = in->ptr[0], one[UTF8_MAX];
		uint32_t cp = b < t->from ? b : t->to[b - t->from];
		size_t n = utf8_put(one, cp);

		if (cp == 0xfffd)
			return STOP_REFUSED;
		if (n > out->left)
			break;
		memcpy(out->to, one, n);
		out->to += n;
		out->left -= n;
		*in = span_of(in->ptr + 1, in->len - 1);
	}
	return STOP_END;
}

static enum stop
by_library(iconv_t how, struct span *in, struct place *out)
{
	char *from, *to = (char *)out->to;
	size_t got;

	/* the library's argument is not const, it writes nothing */
	memcpy(&from, &in->ptr, sizeof(from));
	got = iconv(how, &from, &in->len, &to, &out->left);
	in->ptr = (const uint8_t *)from;
	out->to = (uint8_t *)to;
	if (got != (size_t)-1 || errno == E2BIG)
		return STOP_END;
	return errno == EINVAL ? STOP_CUT : STOP_REFUSED;
}

size_t
chars_put(struct chars_page *p, struct span *in, bool end, uint8_t *dst,
	  size_t room)
{
	struct place out;

	out.to = dst;
	out.left = room;
	while (in->len > 0 && out.left >= 8) {
		enum stop why = p->table != NULL
				    ? by_table(p->table, in, &out)
				    : by_library(p->to_utf8, in, &out);
		size_t n;

		if (why == STOP_END || (why == STOP_CUT && !end))
			break;
		if (out.left < UTF8_MAX)
			break; /* it is met again where there is room */
		n = utf8_put(out.to, 0xfffd);
		out.to += n;
		out.left -= n;
		/* some converters take the bytes that they complain of */
		if (in->len > 0)
			*in = span_of(in->ptr + 1, in->len - 1);
	}
	return room - out.left;
}

enum status
chars_add(struct chars_page *p, struct span s, struct buf *to)
{
	enum status st = ST_OK;
	uint8_t some[512];

	if (p == NULL || !chars_begin(p))
		return buf_add(to, s.ptr, s.len);
	while (s.len > 0 && st == ST_OK)
		st = buf_add(to, some,
			     chars_put(p, &s, true, some, sizeof(some)));
	chars_end(p);
	return st;
}
