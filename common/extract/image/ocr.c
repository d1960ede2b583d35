#include "extract/image/ocr.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "extract/image/ocr_impl.h"
#include "model/languages.h"

#define PATH_ROOM  512
#define PSM_AUTO   3  /* layout is looked for, turned pages are not */
#define SMALL_SIDE 12 /* points; nothing could be written in less */

/* ---- opening ---------------------------------------------------------------
 */

/* What is wrong, and the word that it is about. */
static enum status
refuse(struct buf *why, const char *what, const char *word)
{
	enum status st;

	buf_clear(why);
	st = buf_add_str(why, what);
	if (st == ST_OK)
		st = buf_add_str(why, word);
	return st == ST_OK ? ST_UNSUPPORTED : ST_NOMEM;
}

/* Where language data may stand: the user's own folder, then Debian's. */
static const char *
folder_of(const char *language, char path[PATH_ROOM])
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	const char *const folders[] = {getenv("TESSDATA_PREFIX"),
				       "/usr/share/tesseract-ocr/5/tessdata",
				       "/usr/share/tessdata"};

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		if (folders[i] == NULL)
			continue;
		snprintf(path, PATH_ROOM, "%s/%s.traineddata", folders[i],
			 language);
		if (access(path, R_OK) == 0)
			return folders[i];
	}
	return NULL;
}

/* Debian's packages have a dash where a language has an underscore. */
static enum status
no_language(const char *language, struct buf *why)
{
	char package[LANGUAGE_MAX + 1];
	size_t i = 0;

	for (; i < LANGUAGE_MAX && language[i] != 0; i++)
		package[i] =
		    (char)(language[i] == '_' ? '-' : tolower(language[i]));
	package[i] = 0;
	return refuse(why,
		      "no data for that language of text in pictures: the "
		      "Debian package is tesseract-ocr-",
		      package);
}

struct languages {
	char names[LANGUAGES_MAX * (LANGUAGE_MAX + 1)]; /* "eng+deu" */
	size_t len, count;
	const char *folder;
};

static enum status
add_language(struct languages *l, struct span name, struct buf *why)
{
	char word[LANGUAGE_MAX + 1] = {0}, path[PATH_ROOM];
	const char *folder;

	if (!language_good(name) || l->count == LANGUAGES_MAX)
		return refuse(why,
			      "languages of text in pictures are up to 8 names "
			      "as eng or deu",
			      "");
	memcpy(word, name.ptr, name.len);
	folder = folder_of(word, path);
	if (folder == NULL)
		return no_language(word, why);
	if (l->folder != NULL && strcmp(folder, l->folder) != 0)
		return refuse(why,
			      "languages of text in pictures stand in several "
			      "folders, one is ",
			      folder);
	l->folder = folder;
	l->len += (size_t)snprintf(l->names + l->len, sizeof(l->names) - l->len,
				   "%s%s", l->count++ > 0 ? "+" : "", word);
	return ST_OK;
}

static enum status
start(struct ocr *o, const struct languages *l, struct buf *why)
{
	enum status st = ocr_lib_load(&o->lib, why);

	if (st != ST_OK)
		return st;
	o->tess = o->lib.create();
	if (o->tess == NULL)
		return ST_NOMEM;
	if (o->lib.init(o->tess, l->folder, l->names) != 0)
		return refuse(why, "Tesseract cannot use its data for %s",
			      l->names);
	o->lib.mode(o->tess, PSM_AUTO);
	return ST_OK;
}

enum status
ocr_open(const char *languages, struct ocr **out, struct buf *why)
{
	struct span rest = span_str(languages), name;
	struct languages l = {.len = 0};
	enum status st = ST_OK;
	struct ocr *o;

	while (st == ST_OK && rest.len > 0 && str_next(&rest, ',', &name))
		st = add_language(&l, str_trim(name), why);
	if (st == ST_OK && l.count == 0)
		st = add_language(&l, span_str(""), why);
	if (st != ST_OK)
		return st;
	o = calloc(1, sizeof(*o));
	if (o == NULL)
		return ST_NOMEM;
	st = start(o, &l, why);
	if (st != ST_OK) {
		ocr_close(o);
		return st;
	}
	*out = o;
	return ST_OK;
}

void
ocr_close(struct ocr *o)
{
	if (o == NULL)
		return;
	if (o->tess != NULL) {
		o->lib.end(o->tess);
		o->lib.remove(o->tess);
	}
	free(o);
}

struct ocr *
ocr_of(const struct extractor *x)
{
	return job_group_state(x, &formats_image);
}

/* ---- one picture -----------------------------------------------------------
 */

void
ocr_note(struct extractor *x, enum cover_reason why, const char *what,
	 const char *words)
{
	if (!x->stop)
		job_note_words(x, why, "%s%s" OCR_PLACE ": %s",
			       what != NULL ? what : "",
			       what != NULL ? ", " : "", words);
}

/*
 * Beside the points as they are decoded stand gray ones, the same laid straight
 * and what Tesseract makes of them.
 */
bool
ocr_fits(struct extractor *x, uint64_t width, uint64_t height, unsigned bits,
	 const char *what)
{
	uint64_t count = width * height;
	char words[96];

	if (width > UINT32_MAX || height > UINT32_MAX)
		count = UINT64_MAX;
	if (count <= x->budget.image_pixels &&
	    (bits == 0 || count <= x->budget.ocr_memory / (bits / 8 + 3)))
		return true;
	snprintf(words, sizeof(words), "%llu x %llu points",
		 (unsigned long long)width, (unsigned long long)height);
	ocr_note(x, count > x->budget.image_pixels ? COVER_BYTES : COVER_MEMORY,
		 what, words);
	return false;
}

static bool
read_turned(struct extractor *x, struct made *to, void *pix, unsigned quarters,
	    const char *what)
{
	struct ocr *o = ocr_of(x);

	if (pix != NULL && quarters % 4 != 0) {
		void *turned = o->lib.turn(pix, (int)(quarters % 4));

		o->lib.pix_free(&pix);
		pix = turned;
	}
	if (pix == NULL)
		return false;
	ocr_read_pix(x, o, to, pix, what);
	return true;
}

bool
ocr_read(struct extractor *x, struct made *to, const struct ocr_picture *p)
{
	struct ocr *o = ocr_of(x);

	if (o == NULL || !job_in_time(x))
		return false;
	return read_turned(x, to, ocr_decode(x, o, p), p->quarters, p->what);
}

/* Rows of a PIX are words of 32 bits, the first point in the high byte. */
static void *
pix_of(const struct ocr *o, const struct ocr_points *p)
{
	void *pix = o->lib.pix_new((int)p->width, (int)p->height, 8);
	uint32_t *data = pix != NULL ? o->lib.pix_data(pix) : NULL;
	size_t words = pix != NULL ? (size_t)o->lib.pix_words(pix) : 0;

	for (uint32_t y = 0; data != NULL && y < p->height; y++) {
		const uint8_t *row = p->gray + (size_t)y * p->width;

		for (uint32_t i = 0; i < p->width; i++)
			data[y * words + i / 4] |= (uint32_t)row[i]
						   << (24 - i % 4 * 8);
	}
	return pix;
}

bool
ocr_read_points(struct extractor *x, struct made *to,
		const struct ocr_points *p)
{
	struct ocr *o = ocr_of(x);

	if (o == NULL || !job_in_time(x) ||
	    !ocr_fits(x, p->width, p->height, 8, p->what))
		return false;
	if (p->width < SMALL_SIDE || p->height < SMALL_SIDE)
		return true;
	return read_turned(x, to, pix_of(o, p), 0, p->what);
}
