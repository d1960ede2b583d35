#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "extract/archive/lib_impl.h"

/* Words of the library and what they mean; the first that stands in it. */
static const struct {
	const char *word;
	enum cover_reason why;
} meanings[] = {
    {"ncrypt", COVER_ENCRYPTED},
    {"assphrase", COVER_ENCRYPTED},
    {"ulti-volume", COVER_VOLUME},
    {"ultivolume", COVER_VOLUME},
    {"too much memory", COVER_MEMORY},
    {"annot allocate", COVER_MEMORY},
    {"an't allocate", COVER_MEMORY},
    {"nknown codec", COVER_UNSUPPORTED},
    {"nsupported", COVER_UNSUPPORTED},
    {"not supported", COVER_UNSUPPORTED},
    {"runcated", COVER_TRUNCATED},
    {"o progress is possible", COVER_TRUNCATED},
    {"end of file", COVER_TRUNCATED},
    {"end-of-file", COVER_TRUNCATED},
};

enum cover_reason
lib_meaning(struct archive *a, char words[LIBARCHIVE_WORDS])
{
	const char *said = archive_error_string(a);
	enum cover_reason why = COVER_MALFORMED;

	snprintf(words, LIBARCHIVE_WORDS, "%s", said == NULL ? "" : said);
	for (char *c = words; *c != 0; c++)
		if (*c < 0x20 || *c == 0x7f)
			*c = ' ';
	if (archive_errno(a) == ENOMEM)
		return COVER_MEMORY;
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (strstr(words, meanings[i].word) != NULL) {
			why = meanings[i].why;
			break;
		}
	return why;
}

/*
 * What cannot be decoded in a solid archive is damage to the library for all
 * that comes behind it.
 */
static enum cover_reason
same_as_before(struct lib *l, enum cover_reason why)
{
	if (why == COVER_ENCRYPTED || why == COVER_UNSUPPORTED)
		l->first = why;
	return why == COVER_MALFORMED && l->first != COVER_OK ? l->first : why;
}

void
lib_note_error(struct lib *l)
{
	char words[LIBARCHIVE_WORDS];
	enum cover_reason why = same_as_before(l, lib_meaning(l->a, words));

	if (!l->x->stop && !l->quiet && l->p->failed == ST_OK)
		job_note_words(l->x, why, "%s", words);
}

/* Where it broke, for whoever wants to look. */
void
lib_note_break(struct lib *l)
{
	char words[LIBARCHIVE_WORDS];
	enum cover_reason why = same_as_before(l, lib_meaning(l->a, words));
	long long at = archive_filter_bytes(l->a, -1);

	if (l->x->stop || l->p->failed != ST_OK)
		return;
	if (at < 0)
		job_note_words(l->x, why, "%s", words);
	else
		job_note_words(l->x, why, "%s%sat byte %lld", words,
			       words[0] == 0 ? "" : ", ", at);
}
