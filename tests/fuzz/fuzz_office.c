#include "tests/fuzz/extract_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * The first byte says which part of a document the rest is; a package is laid
 * around it. The same comes out in memory and by offset.
 */
static const char rels[] =
    "<Relationships><Relationship Id='a' Type='x/worksheet' "
    "Target='worksheets/s.xml'/><Relationship Id='b' Type='x/slide' "
    "Target='slides/s.xml'/></Relationships>";
static const char sheet_rels[] =
    "<Relationships><Relationship Id='a' Type='x/comments' "
    "Target='../c.xml'/></Relationships>";
static const char book[] =
    "<workbook><sheets><sheet name='S' r:id='a'/></sheets></workbook>";
static const char cells[] = "<worksheet><row r='1'><c r='A1' t='s'><v>0</v></c>"
			    "<c s='1'><v>4.1E+3</v></c></row></worksheet>";
static const char strings[] = "<sst><si><t>x</t></si></sst>";
static const char styles[] =
    "<styleSheet><numFmts><numFmt numFmtId='200' formatCode='000-00-0000'/>"
    "</numFmts><cellXfs><xf/><xf numFmtId='200'/></cellXfs></styleSheet>";
static const char slides[] = "<p><sldId id='1' r:id='b'/></p>";
static const char empty[] = "<a/>";

static const struct {
	const char *name;
	struct {
		const char *name, *text; /* NULL: the input */
	} members[8];
} kinds[] = {
    {"document", {{"[Content_Types].xml", empty}, {"word/document.xml", NULL}}},
    {"sheet",
     {{"[Content_Types].xml", empty},
      {"xl/_rels/workbook.xml.rels", rels},
      {"xl/workbook.xml", book},
      {"xl/sharedStrings.xml", strings},
      {"xl/styles.xml", styles},
      {"xl/worksheets/s.xml", NULL}}},
    {"strings",
     {{"[Content_Types].xml", empty},
      {"xl/_rels/workbook.xml.rels", rels},
      {"xl/workbook.xml", book},
      {"xl/worksheets/s.xml", cells},
      {"xl/sharedStrings.xml", NULL}}},
    {"styles",
     {{"[Content_Types].xml", empty},
      {"xl/_rels/workbook.xml.rels", rels},
      {"xl/workbook.xml", book},
      {"xl/worksheets/s.xml", cells},
      {"xl/styles.xml", NULL}}},
    {"comments",
     {{"[Content_Types].xml", empty},
      {"xl/_rels/workbook.xml.rels", rels},
      {"xl/workbook.xml", book},
      {"xl/worksheets/s.xml", cells},
      {"xl/worksheets/_rels/s.xml.rels", sheet_rels},
      {"xl/c.xml", NULL}}},
    {"rels",
     {{"[Content_Types].xml", empty},
      {"xl/_rels/workbook.xml.rels", NULL},
      {"xl/workbook.xml", book},
      {"xl/worksheets/s.xml", cells}}},
    {"slide",
     {{"[Content_Types].xml", empty},
      {"ppt/_rels/presentation.xml.rels", rels},
      {"ppt/presentation.xml", slides},
      {"ppt/slides/s.xml", NULL}}},
    {"odf", {{"META-INF/manifest.xml", empty}, {"content.xml", NULL}}},
    {"manifest", {{"content.xml", empty}, {"META-INF/manifest.xml", NULL}}},
};

struct zip {
	uint8_t *data;
	size_t len;
};

static void
put(struct zip *z, const void *p, size_t n)
{
	memcpy(z->data + z->len, p, n);
	z->len += n;
}

/* Stored, told by its local header only. */
static void
put_member(struct zip *z, const char *name, const void *text, size_t n)
{
	uint8_t head[30] = {'P', 'K', 3, 4, 20};

	for (size_t i = 0; i < 4; i++)
		head[18 + i] = head[22 + i] = (uint8_t)(n >> (8 * i));
	head[26] = (uint8_t)strlen(name);
	put(z, head, sizeof(head));
	put(z, name, strlen(name));
	put(z, text, n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zip z;
	size_t kind;

	if (size < 2)
		return -1;
	kind = (size_t)(data[0] - 'a') % (sizeof(kinds) / sizeof(kinds[0]));
	z = (struct zip){.data = malloc(size + 8192)};
	if (z.data == NULL)
		return 0;
	for (size_t i = 0; i < 8 && kinds[kind].members[i].name != NULL; i++) {
		const char *text = kinds[kind].members[i].text;

		put_member(&z, kinds[kind].members[i].name,
			   text != NULL ? (const void *)text : data + 1,
			   text != NULL ? strlen(text) : size - 1);
	}
	if (fuzz_way(z.data, z.len, 0) != fuzz_way(z.data, z.len, 1))
		abort();
	free(z.data);
	return 0;
}
