#include <string.h>

#include "extract/format.h"
#include "extract/mail/chars.h"
#include "extract/mail/message.h"
#include "extract/mail/pst.h"
#include "extract/mail/sealed.h"
#include "extract/mail/tnef.h"

static bool
is_message(struct format_look *l)
{
	/* what was signed begins with fields of a part, of which any will do */
	return message_is(l->head, strcmp(l->parent, "cms") == 0 ? 1 : 3);
}

static bool
is_mailbox(struct format_look *l)
{
	return message_is_mailbox(l->head);
}

static const struct format formats[] = {
    {"pgp", FORMAT_MAGIC("-----BEGIN PGP MESSAGE"), .read = sealed_pgp},
    {"cms", FORMAT_MAGIC("\x30"), .is = sealed_is_cms, .read = sealed_cms},
    {"tnef", FORMAT_MAGIC(TNEF_MAGIC), .needs = FORMAT_SEEK, .read = tnef_part},
    {"pst", FORMAT_MAGIC("!BDN"), .needs = FORMAT_SEEK, .is = pst_is_store,
     .read = pst_part},
    {"mbox", FORMAT_MAGIC("From "), .is = is_mailbox, .read = message_mailbox},
    {"mail", .is = is_message, .read = message_part},
};

/* Converters of charsets load plug-ins of the C library. */
static enum status
prepare(const struct extract_options *o, void **state, struct buf *why)
{
	struct chars *c;
	enum status st = chars_open(&c);

	(void)o;
	(void)why;
	*state = st == ST_OK ? c : NULL;
	return st;
}

static void
release(void *state)
{
	chars_close(state);
}

/* Messages and what holds many of them. */
const struct format_group formats_mail = {
    .name = "mail",
    .formats = formats,
    .count = sizeof(formats) / sizeof(formats[0]),
    .prepare = prepare,
    .release = release,
};
