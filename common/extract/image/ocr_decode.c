#include "extract/image/ocr_impl.h"

#define LUMINANCE 1        /* hints of Leptonica's reader of JPEG */
#define GO_ON     2        /* what is there of a damaged one */
#define REDUCED   40000000 /* points; a JPEG above is read at half its size */

struct shape {
	int format, width, height, bits, samples, map;
};

/* Gray, without what shines through; the other one is freed. */
static void *
gray(const struct ocr_lib *lib, void *pix)
{
	void *opaque, *out;

	if (pix == NULL)
		return NULL;
	opaque = lib->no_alpha(pix);
	lib->pix_free(&pix);
	if (opaque == NULL)
		return NULL;
	out = lib->to_gray(opaque, 0);
	lib->pix_free(&opaque);
	return out;
}

/* Four components are inks: they have no luminance to ask for. */
static void *
jpeg(struct extractor *x, const struct ocr_lib *lib,
     const struct ocr_picture *p, const struct shape *s)
{
	int hint = s->samples <= 3 ? LUMINANCE | GO_ON : GO_ON;
	int64_t count = (int64_t)s->width * s->height;
	int half = count > REDUCED ? 2 : 1;

	if (!ocr_fits(x, (uint64_t)s->width, (uint64_t)s->height, 0, p->what) ||
	    !ocr_fits(x, (uint64_t)(s->width / half),
		      (uint64_t)(s->height / half), s->samples <= 3 ? 8 : 32,
		      p->what))
		return NULL;
	return lib->read_jpeg(p->file.ptr, p->file.len, 0, half, NULL, hint);
}

static void *
page(const struct ocr_lib *lib, const struct ocr_picture *p)
{
	size_t offset = p->offset;
	void *pix = lib->read_tiff(p->file.ptr, p->file.len, &offset);

	/* cppcheck-suppress returnDanglingLifetime */
	return pix; /* which keeps no pointer */
}

static void *
other(struct extractor *x, const struct ocr_lib *lib,
      const struct ocr_picture *p, const struct shape *s)
{
	/* colours and letters with a veil become 32 bits a point */
	unsigned bits = s->samples > 1 || s->map ? 32 : (unsigned)s->bits;

	if (p->kind == OCR_JPEG2000) /* a word for each component */
		bits += 32 * (unsigned)s->samples;
	if (!ocr_fits(x, (uint64_t)s->width, (uint64_t)s->height, bits,
		      p->what))
		return NULL;
	if (p->kind == OCR_TIFF)
		return page(lib, p);
	return lib->read(p->file.ptr, p->file.len);
}

/* Formats whose heads Leptonica does not read have theirs from the caller. */
static bool
shape_of(const struct ocr_lib *lib, const struct ocr_picture *p,
	 struct shape *s)
{
	*s = (struct shape){.width = (int)p->width,
			    .height = (int)p->height,
			    .bits = (int)p->bits,
			    .samples = 1};
	if (p->width > INT32_MAX || p->height > INT32_MAX)
		return false;
	if (p->width == 0 && p->kind != OCR_TIFF &&
	    lib->header(p->file.ptr, p->file.len, &s->format, &s->width,
			&s->height, &s->bits, &s->samples, &s->map) != 0)
		return false;
	return s->width > 0 && s->height > 0;
}

void *
ocr_decode(struct extractor *x, const struct ocr *o,
	   const struct ocr_picture *p)
{
	uint64_t notes = x->notes;
	struct shape s;
	void *pix = NULL;

	if (shape_of(&o->lib, p, &s))
		pix = gray(&o->lib, p->kind == OCR_JPEG
					? jpeg(x, &o->lib, p, &s)
					: other(x, &o->lib, p, &s));
	if (pix == NULL && x->notes == notes)
		ocr_note(x, COVER_UNSUPPORTED, p->what,
			 "its points cannot be decoded");
	return pix;
}
