#include "extract/format.h"
#include "extract/pdf/pdf.h"

/* Something may stand before it, as mails and printers leave it. */
static bool
is_late(struct format_look *l)
{
	size_t n = l->head.len < 1024 ? l->head.len : 1024;

	return l->seen.zeros && n > 0 &&
	       memmem(l->head.ptr, n, "\n%PDF-1.", 8) != NULL;
}

static const struct format formats[] = {
    {"pdf", FORMAT_MAGIC("%PDF-"), .needs = FORMAT_WHOLE, .read = pdf_part},
    {"pdf", .is = is_late, .needs = FORMAT_WHOLE, .read = pdf_part},
};

/* Pages. */
const struct format_group formats_pdf = {
    .name = "pdf",
    .formats = formats,
    .count = sizeof(formats) / sizeof(formats[0]),
};
