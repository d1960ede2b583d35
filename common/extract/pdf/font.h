#ifndef EXTRACT_PDF_FONT_H
#define EXTRACT_PDF_FONT_H

#include "base/arena.h"
#include "extract/pdf/cmap.h"
#include "extract/pdf/file.h"

/*
 * font: what its codes mean and how wide they are; by its map to Unicode, else
 * by its encoding, by names of glyphs, or by what all fonts are without one.
 * Fonts are kept until pdf_fonts_end(), in an arena.
 */
#define PDF_FONT_MEMORY (48u * 1024 * 1024)
#define PDF_FONT_HASH   512

struct pdf_font_width { /* of codes low to high */
	uint32_t low, high;
	float width;
	const float *each; /* or one for each */
};

struct pdf_font {
	struct pdf_font *next; /* of the same hash */
	const uint8_t *key;    /* where its dictionary stands */
	bool composite;        /* codes of several bytes */
	bool unicode;          /* codes are UTF-16 themselves */
	bool blind;            /* nothing says what its codes mean */
	struct pdf_cmap *to_unicode, *codes;
	/* of a simple font: */
	uint32_t meaning[256]; /* 0: none */
	uint8_t ascii[256];    /* what it shows; 0: look closer */
	bool plain; /* codes of ASCII show it, quotation marks aside */
	float widths[256];
	struct pdf_font_width *ranges; /* of a composite one */
	size_t range_count;
	float other;  /* width of the rest */
	double scale; /* of widths, to an em */
};

struct pdf_fonts {
	struct arena arena;
	struct pdf_font *by_hash[PDF_FONT_HASH];
	const struct pdf_font *plain; /* for what has none */
};

void pdf_fonts_begin(struct pdf_fonts *f);
void pdf_fonts_end(struct pdf_fonts *f);

/* Never NULL but when there is no memory at all. */
const struct pdf_font *pdf_font(struct pdf_fonts *fonts, struct pdf_file *f,
				struct pdf_value dict);

/* The code at s (not empty), its bytes, and its width in ems. */
size_t pdf_font_code(const struct pdf_font *f, struct span s, uint32_t *code);
double pdf_font_width(const struct pdf_font *f, uint32_t code);
double pdf_font_widths(const struct pdf_font *f, struct span s); /* of bytes */
/* UTF-16, big end first; 0: not known. */
size_t pdf_font_text(const struct pdf_font *f, uint32_t code,
		     uint8_t dst[PDF_CMAP_TEXT]);

#endif
