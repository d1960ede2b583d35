#ifndef EXTRACT_OFFICE_RTFWORD_H
#define EXTRACT_OFFICE_RTFWORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* rtfword: what the control words of RTF that matter to a reader do. */
enum rtf_does {
	RTF_NOTHING,
	RTF_ITEM,   /* its group is an item of prose, called as the word */
	RTF_BESIDE, /* its group is told beside the paragraph */
	RTF_HEX,    /* its group holds a picture or data in hexadecimal */
	RTF_OBJECT, /* the same, an OLE object in its wrapper */
	RTF_CHAR,   /* stands for a character */
	RTF_PARA,   /* ends a paragraph */
	RTF_BIN,    /* bytes follow */
	RTF_UNICODE,
	RTF_SKIPPED, /* \uc: how much stands for those who know no \u */
	RTF_PAGE,    /* \ansicpg */
	RTF_FONT,
	RTF_CHARSET, /* of the font that is being declared */
	RTF_GONE,    /* deleted text; 0 ends it */
	RTF_NEW,
	RTF_PLAIN, /* ends both */
};

struct rtf_word {
	const char *name;
	enum rtf_does does;
	uint32_t c;
};

const struct rtf_word *rtf_word_find(const char *name); /* NULL: none */

/*
 * Characters of a code page of Windows, by its number, or by \fcharset; a page
 * that is not known is 1252. Those of several bytes are not known.
 */
struct charset;
const struct charset *rtf_page(unsigned page);
const struct charset *rtf_font_page(unsigned fcharset,
				    const struct charset *usual);

#endif
