#include <stdlib.h>
#include <time.h>

#include "extract/image/ocr_impl.h"
#include "extract/image/ocr_line.h"

#define TEXTLINE  2 /* levels of Tesseract's page */
#define WORD      3
#define TEXT_MAX  (4u * 1024 * 1024) /* of one picture */
#define SMALL     1500000            /* points; letters are enlarged in fewer */
#define LARGE     40000000           /* and made smaller in more */
#define STRANGE   75                 /* of what stands upside down, at most */
#define FEW_WORDS 3
/*
 * Pieces that touch no other, black or white. A dense page of a newspaper has
 * twenty thousand; the search for a layout does not end by any clock, and takes
 * minutes where there are specks by the million.
 */
#define PIECES_MAX 40000

/* What one way of looking at a picture gives. */
struct reading {
	struct extractor *x;
	const struct ocr_lib *lib;
	int64_t end; /* of the CPU's clock */
	bool late;
	struct buf text;
	size_t words;
	int confidence;
};

static int64_t
cpu_now(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) != 0)
		return 0;
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static bool
cancel(void *arg, int words)
{
	struct reading *r = arg;

	(void)words;
	r->late |= cpu_now() >= r->end;
	return r->late || !job_in_time(r->x);
}

/* ---- lines -----------------------------------------------------------------
 */

struct line {
	struct ocr_word words[OCR_WORDS_MAX];
	char *texts[OCR_WORDS_MAX];
	size_t count;
};

static enum status
end_line(struct reading *r, struct line *l)
{
	enum status st = ocr_line(l->words, l->count, &r->text);

	for (size_t i = 0; i < l->count; i++)
		r->lib->text_free(l->texts[i]);
	l->count = 0;
	return st;
}

static void
take_word(struct reading *r, struct line *l, const void *it)
{
	struct ocr_word *w = &l->words[l->count];
	char *text = r->lib->text(it, WORD);

	if (text == NULL)
		return;
	w->text = span_str(text);
	if (w->text.len == 0 || w->text.ptr[0] == ' ' ||
	    r->lib->box(it, WORD, &w->left, &w->top, &w->right, &w->bottom) ==
		0) {
		r->lib->text_free(text); /* there was no time for it */
		return;
	}
	l->texts[l->count++] = text;
	r->words++;
}

static enum status
take_lines(struct reading *r, void *it, struct line *l)
{
	enum status st = ST_OK;

	l->count = 0;
	do {
		if (l->count == OCR_WORDS_MAX ||
		    r->lib->begins(it, TEXTLINE) != 0)
			st = end_line(r, l);
		take_word(r, l, it);
	} while (st == ST_OK && r->lib->next(it, WORD) != 0);
	return st == ST_OK ? end_line(r, l) : st;
}

/* ---- a look at the picture -------------------------------------------------
 */

static enum status
look(struct reading *r, void *tess, void *pix)
{
	void *monitor = r->lib->monitor_new(), *it;
	struct line *l = malloc(sizeof(*l));
	enum status st = ST_NOMEM;

	if (monitor != NULL && l != NULL) {
		r->lib->monitor_arg(monitor, r);
		r->lib->monitor_cancel(monitor, cancel);
		r->lib->set(tess, pix);
		st = ST_OK;
		if (r->lib->recognize(tess, monitor) == 0 || !r->x->stop) {
			it = r->lib->words(tess);
			if (it != NULL)
				st = take_lines(r, it, l);
			r->lib->words_free(it);
		}
		r->confidence = r->lib->confidence(tess);
		r->lib->clear(tess);
	}
	if (monitor != NULL)
		r->lib->monitor_free(monitor);
	free(l);
	return st;
}

/* Small letters are read better when they are enlarged. */
static void *
ready(const struct ocr_lib *lib, void *pix)
{
	int width = 0, height = 0, depth = 0;
	void *out = lib->deskew(pix, 2);
	float by = 1;

	if (out != NULL) {
		lib->pix_free(&pix);
		pix = out;
	}
	(void)lib->pix_size(pix, &width, &height, &depth);
	if ((int64_t)width * height < SMALL)
		by = 2;
	else if ((int64_t)width * height > LARGE)
		by = 0.5F;
	out = by < 1 || by > 1 ? lib->scale(pix, by, by) : NULL;
	if (out != NULL) {
		lib->pix_free(&pix);
		pix = out;
	}
	return pix;
}

static void
fini(struct reading *r)
{
	buf_fini(&r->text);
}

/* The same upside down, when that is understood better. */
static enum status
try_turned(struct reading *r, void *tess, void *pix)
{
	struct reading other = *r;
	enum status st = ST_OK;
	void *turned;

	if (r->late || r->x->stop ||
	    (r->words > FEW_WORDS && r->confidence >= STRANGE))
		return ST_OK;
	turned = r->lib->turn(pix, 2);
	if (turned == NULL)
		return ST_OK;
	buf_init(&other.text, TEXT_MAX);
	other.words = 0;
	st = look(&other, tess, turned);
	r->lib->pix_free(&turned);
	r->late = other.late;
	if (other.words > 0 && other.confidence > r->confidence) {
		fini(r);
		*r = other;
	} else {
		fini(&other);
	}
	return st;
}

static bool
is_noise(const struct ocr_lib *lib, void *pix)
{
	void *bits = lib->to_bits(pix, 128);
	int black = 0, white = 0;

	if (bits == NULL)
		return false;
	(void)lib->pieces(bits, 8, &black);
	(void)lib->invert(bits, bits);
	(void)lib->pieces(bits, 8, &white);
	lib->pix_free(&bits);
	return black > PIECES_MAX || white > PIECES_MAX;
}

void
ocr_read_pix(struct extractor *x, const struct ocr *o, struct made *to,
	     void *pix, const char *what)
{
	struct reading r = {.x = x, .lib = &o->lib};
	enum status st;

	if (is_noise(&o->lib, pix)) {
		o->lib.pix_free(&pix);
		ocr_note(x, COVER_UNSUPPORTED, what,
			 "too many specks to be letters");
		return;
	}
	r.end =
	    cpu_now() + (int64_t)x->budget.ocr_seconds * INT64_C(1000000000);
	buf_init(&r.text, TEXT_MAX);
	pix = ready(&o->lib, pix);
	st = look(&r, o->tess, pix);
	if (st == ST_OK)
		st = try_turned(&r, o->tess, pix);
	o->lib.pix_free(&pix);
	made_text(to, buf_span(&r.text));
	if (st != ST_OK)
		ocr_note(x, COVER_MEMORY, what, "more than can be held");
	else if (r.late)
		ocr_note(x, COVER_TIME, what, "longer than the limit");
	fini(&r);
}
