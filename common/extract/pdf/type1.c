#include "extract/pdf/type1.h"

#include "extract/pdf/glyph.h"
#include "extract/pdf/unpack.h"

#define PROGRAM_MAX (4u * 1024 * 1024)
#define TOKENS_MAX  4096 /* far more than 256 codes need */

/* Where its own table begins; empty: it has the standard one. */
static struct span
table_of(struct span program)
{
	static const char word[] = "/Encoding";
	const uint8_t *at = program.len > 0 ? memmem(program.ptr, program.len,
						     word, sizeof(word) - 1)
					    : NULL;

	if (at == NULL)
		return span_of(NULL, 0);
	return span_skip(program,
			 (size_t)(at - program.ptr) + sizeof(word) - 1);
}

static void
read_table(struct span s, struct pdf_font *t)
{
	struct span word, name;
	uint64_t code;

	for (int i = 0; i < TOKENS_MAX && pdf_next(&s, &word) != PDF_END; i++) {
		if (span_eq(word, span_str("StandardEncoding")) ||
		    span_eq(word, span_str("eexec")) ||
		    span_eq(word, span_str("readonly")))
			return;
		if (!span_eq(word, span_str("dup")))
			continue;
		if (pdf_next(&s, &word) == PDF_NUMBER &&
		    pdf_next(&s, &name) == PDF_NAME && pdf_whole(word, &code) &&
		    code < 256)
			t->meaning[code] = pdf_glyph(span_skip(name, 1));
	}
}

void
pdf_type1_encoding(struct pdf_file *f, struct pdf_value font,
		   struct pdf_font *t)
{
	struct pdf_value d = pdf_at(f, font, "FontDescriptor");
	struct pdf_value file = pdf_at(f, d, "FontFile");
	struct pdf_unpacked u;
	struct buf program;

	if (file.in == NULL || file.in->body.ptr == NULL)
		return;
	buf_init(&program, PROGRAM_MAX);
	pdf_unpack(f, file.in, &program, &u);
	if (u.left.len == 0)
		read_table(table_of(buf_span(&program)), t);
	buf_fini(&program);
}
