#include "extract/office/rtfword.h"

#include <stdio.h>
#include <string.h>

#include "extract/charset.h"

static const struct rtf_word words[] = {
    {"annotation", RTF_ITEM, 0},
    {"ansicpg", RTF_PAGE, 0},
    {"atnauthor", RTF_BESIDE, 0},
    {"atnid", RTF_BESIDE, 0},
    {"bin", RTF_BIN, 0},
    {"bullet", RTF_CHAR, 0x2022},
    {"cell", RTF_CHAR, '\t'},
    {"colorschememapping", RTF_HEX, 0},
    {"colortbl", RTF_BESIDE, 0},
    {"datafield", RTF_HEX, 0},
    {"datastore", RTF_HEX, 0},
    {"deleted", RTF_GONE, 0},
    {"emdash", RTF_CHAR, 0x2014},
    {"emspace", RTF_CHAR, ' '},
    {"endash", RTF_CHAR, 0x2013},
    {"enspace", RTF_CHAR, ' '},
    {"f", RTF_FONT, 0},
    {"fcharset", RTF_CHARSET, 0},
    {"fldinst", RTF_BESIDE, 0},
    {"fonttbl", RTF_BESIDE, 0},
    {"footer", RTF_ITEM, 0},
    {"footerf", RTF_ITEM, 0},
    {"footerl", RTF_ITEM, 0},
    {"footerr", RTF_ITEM, 0},
    {"footnote", RTF_ITEM, 0},
    {"header", RTF_ITEM, 0},
    {"headerf", RTF_ITEM, 0},
    {"headerl", RTF_ITEM, 0},
    {"headerr", RTF_ITEM, 0},
    {"info", RTF_ITEM, 0},
    {"ldblquote", RTF_CHAR, 0x201c},
    {"line", RTF_CHAR, '\n'},
    {"lquote", RTF_CHAR, 0x2018},
    {"nestcell", RTF_CHAR, '\t'},
    {"nestrow", RTF_PARA, 0},
    {"objdata", RTF_OBJECT, 0},
    {"page", RTF_PARA, 0},
    {"par", RTF_PARA, 0},
    {"pict", RTF_HEX, 0},
    {"plain", RTF_PLAIN, 0},
    {"qmspace", RTF_CHAR, ' '},
    {"rdblquote", RTF_CHAR, 0x201d},
    {"revised", RTF_NEW, 0},
    {"row", RTF_PARA, 0},
    {"rquote", RTF_CHAR, 0x2019},
    {"sect", RTF_PARA, 0},
    {"shptxt", RTF_ITEM, 0},
    {"stylesheet", RTF_BESIDE, 0},
    {"tab", RTF_CHAR, '\t'},
    {"themedata", RTF_HEX, 0},
    {"u", RTF_UNICODE, 0},
    {"uc", RTF_SKIPPED, 0},
    {"userprops", RTF_ITEM, 0},
};

const struct rtf_word *
rtf_word_find(const char *name)
{
	size_t low = 0, high = sizeof(words) / sizeof(words[0]);

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int d = strcmp(words[mid].name, name);

		if (d == 0)
			return &words[mid];
		if (d < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static const struct charset *
by_name(const char *name)
{
	for (size_t i = 0; i < charset_count; i++)
		if (strcmp(charsets[i].name, name) == 0)
			return &charsets[i];
	return NULL;
}

const struct charset *
rtf_page(unsigned page)
{
	const struct charset *c;
	char name[32];

	snprintf(name, sizeof(name), "windows-%u", page);
	c = by_name(page == 866 ? "cp866" : name);
	return c != NULL ? c : by_name("windows-1252");
}

const struct charset *
rtf_font_page(unsigned fcharset, const struct charset *usual)
{
	static const struct {
		unsigned fcharset, page;
	} pages[] = {{0, 1252},   {161, 1253}, {162, 1254},
		     {204, 1251}, {238, 1250}, {255, 866}};

	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (pages[i].fcharset == fcharset)
			return rtf_page(pages[i].page);
	return usual;
}
