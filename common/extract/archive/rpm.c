#include "extract/archive/rpm.h"

#include <string.h>

#include "extract/text.h"

#define LEAD_LEN   96
#define HEADER_LEN 16
#define ENTRY_LEN  16
#define COUNT_MAX  (1u << 20) /* of entries; the format's own limit is less */
#define STORE_MAX  (1u << 28) /* bytes of values */

static uint32_t
be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

/* Bytes of the header at the position, 0 when there is none. */
static uint64_t
header_size(struct part *p)
{
	struct span s = part_peek(p, HEADER_LEN);
	uint32_t entries, store;

	if (s.len < HEADER_LEN || memcmp(s.ptr, "\x8e\xad\xe8\x01", 4) != 0)
		return 0;
	entries = be32(s.ptr + 8);
	store = be32(s.ptr + 12);
	if (entries > COUNT_MAX || store > STORE_MAX)
		return 0;
	return HEADER_LEN + (uint64_t)entries * ENTRY_LEN + store;
}

static enum status
named_text(struct extractor *x, struct part *p, uint64_t n, const char *name)
{
	size_t place = job_enter(x, span_str(name));
	uint64_t start = p->pos;
	enum status st = text_bytes(x, p, n);

	if (st == ST_OK && !x->stop && p->pos - start < n)
		job_note(x, COVER_TRUNCATED);
	job_leave(x, place);
	return st;
}

static enum status
payload_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct part *p = arg;

	*got = part_read(p, dst, n);
	return *got == 0 ? p->failed : ST_OK;
}

enum status
rpm_part(struct extractor *x, struct part *p)
{
	struct part payload = {
	    .arg = p, .read = payload_read, .size = UINT64_MAX};
	uint64_t signature, header;
	enum status st;

	part_consume(p, part_peek(p, LEAD_LEN).len < LEAD_LEN ? 0 : LEAD_LEN);
	signature = header_size(p);
	signature += (8 - signature % 8) % 8;
	st = named_text(x, p, signature, "signature");
	header = st == ST_OK && !x->stop ? header_size(p) : 0;
	if (st == ST_OK && header > 0)
		st = named_text(x, p, header, "header");
	if (st != ST_OK || x->stop)
		return st;
	if (signature == 0 || header == 0) {
		job_note_words(x, COVER_MALFORMED, "no header at byte %llu",
			       (unsigned long long)p->pos);
		return job_rest(x, p);
	}
	if (!job_count(x))
		return ST_OK;
	return job_member(x, &payload, span_str("payload"));
}
