#include <string.h>

#include "proxy-agent/data/directory_impl.h"

static enum status
take_name(void *arg, struct span dn)
{
	struct source *s = arg;

	return roster_add(&s->names, dn);
}

static enum status
take_referral(void *arg, struct span url)
{
	struct source *s = arg;
	enum status st;

	if (s->names.part > 0)
		return ST_OK; /* it was told with the first */
	st = buf_add(&s->referrals, url.ptr, url.len);
	if (st == ST_OK)
		st = buf_add_byte(&s->referrals, '\n');
	return st == ST_LIMIT ? ST_OK : st;
}

static enum status
list_part(struct source *s, uint32_t part, uint32_t parts)
{
	struct directory_search search = {
	    .base = directory_base(s),
	    .filter = s->filter.len > 0 ? (const char *)s->filter.data : NULL,
	    .scope = s->browse ? DIRECTORY_LEVEL : s->scope,
	    .name = take_name,
	    .referral = take_referral,
	    .arg = s,
	};
	enum status st;

	roster_begin(&s->names, part, parts);
	buf_clear(&s->referrals);
	s->referrals_at = 0;
	st = directory_link_list(s->link, &search);
	s->limit = search.limit;
	return st;
}

/* When they are too many for one part, smaller ones: all from the start. */
enum status
directory_list_base(struct source *s, uint32_t part, uint32_t parts)
{
	enum status st = list_part(s, part, parts);

	while (st == ST_LIMIT && part == 0 && parts < ROSTER_PARTS) {
		parts *= 2;
		st = list_part(s, part, parts);
	}
	roster_sort(&s->names);
	s->at = s->asked = 0;
	s->listed = st == ST_OK;
	if (st == ST_OK && s->is_behind) {
		s->at = s->asked =
		    roster_behind(&s->names, buf_span(&s->behind));
		buf_clear(&s->referrals); /* they were told before it */
		s->is_behind = false;
	}
	return st;
}

void
directory_leave_base(struct source *s)
{
	roster_begin(&s->names, 0, 1);
	s->at = s->asked = 0;
	s->listed = false;
	s->base += strlen(directory_base(s)) + 1;
}
