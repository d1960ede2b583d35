#include <stdio.h>

#include "model/object.h"
#include "proxy-agent/data/directory_link_impl.h"
#include "proxy-agent/source/turns.h"
#include "sys/pace.h"

#define PAGE 500 /* names asked for at once */
#define NAME 64  /* bytes of one, about */

static enum status
give_names(struct directory_link *d, const struct directory_search *s,
	   LDAPMessage *all)
{
	enum status st = ST_OK;
	bool full = false;

	for (LDAPMessage *m = ldap_first_entry(d->ld, all);
	     m != NULL && st == ST_OK; m = ldap_next_entry(d->ld, m)) {
		char *dn = ldap_get_dn(d->ld, m);

		st = dn == NULL ? ST_NOMEM : s->name(s->arg, span_str(dn));
		full |= st == ST_LIMIT;
		st = st == ST_LIMIT ? ST_OK : st;
		ldap_memfree(dn);
	}
	return st == ST_OK && full ? ST_LIMIT : st;
}

static enum status
give_referrals(struct directory_link *d, const struct directory_search *s,
	       LDAPMessage *all)
{
	enum status st = ST_OK;

	for (LDAPMessage *m = ldap_first_reference(d->ld, all);
	     m != NULL && st == ST_OK; m = ldap_next_reference(d->ld, m)) {
		char **urls = NULL;

		if (ldap_parse_reference(d->ld, m, &urls, NULL, 0) !=
			LDAP_SUCCESS ||
		    urls == NULL)
			continue;
		if (urls[0] != NULL)
			st = s->referral(s->arg, span_str(urls[0]));
		ber_memvfree((void **)urls);
	}
	return st;
}

/* What ended a search before its end, without taking back what it gave. */
static uint8_t
limit_of(int code)
{
	return code == LDAP_SIZELIMIT_EXCEEDED ||
		       code == LDAP_ADMINLIMIT_EXCEEDED
		   ? COVER_MEMBERS
	       : code == LDAP_TIMELIMIT_EXCEEDED ? COVER_TIME
						 : COVER_OK;
}

static enum status
take_page(struct directory_link *d, struct directory_search *s,
	  LDAPMessage *all, struct berval *cookie)
{
	LDAPControl **controls = NULL, *paged;
	ber_int_t total;
	enum status st, given;
	int code = directory_link_code(d, all, &controls);

	s->limit = limit_of(code);
	ber_memfree(cookie->bv_val);
	*cookie = (struct berval){0};
	paged = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, NULL);
	if (code == LDAP_SUCCESS && paged != NULL)
		(void)ldap_parse_pageresponse_control(d->ld, paged, &total,
						      cookie);
	ldap_controls_free(controls);
	st = code == LDAP_SUCCESS || s->limit != COVER_OK
		 ? ST_OK
		 : directory_link_status(code);
	given = give_names(d, s, all);
	if (given == ST_OK)
		given = give_referrals(d, s, all);
	return st == ST_OK ? given : st;
}

static enum status
ask_page(struct directory_link *d, const struct directory_search *s,
	 struct berval *cookie, int *id)
{
	static const int scopes[] = {LDAP_SCOPE_BASE, LDAP_SCOPE_ONELEVEL,
				     LDAP_SCOPE_SUBTREE};
	char none[] = LDAP_NO_ATTRS;
	char *attributes[] = {none, NULL};
	LDAPControl *page = NULL;
	LDAPControl *controls[] = {NULL, NULL};
	int code = ldap_create_page_control(d->ld, PAGE, cookie, 0, &page);

	controls[0] = page;
	if (code == LDAP_SUCCESS)
		code = ldap_search_ext(
		    d->ld, s->base, scopes[s->scope],
		    s->filter != NULL ? s->filter : "(objectClass=*)",
		    attributes, 0, controls, NULL, NULL, LDAP_NO_LIMIT, id);
	ldap_control_free(page);
	if (code != LDAP_SUCCESS)
		return directory_link_failed(d, code);
	pace_asked(d->pace);
	return ST_OK;
}

static bool
holds_any(struct directory_link *d, LDAPMessage *all)
{
	return ldap_count_entries(d->ld, all) > 0 ||
	       ldap_count_references(d->ld, all) > 0;
}

static void
heard_page(struct directory_link *d, LDAPMessage *all)
{
	int names = ldap_count_entries(d->ld, all);

	pace_came(d->pace, names > 0 ? (uint64_t)names * NAME : 0);
	pace_answered(d->pace);
}

static enum status
endless(struct directory_link *d)
{
	snprintf(d->trouble, sizeof(d->trouble),
		 "its list goes on by empty pages, and has no end");
	return ST_MALFORMED;
}

enum status
directory_link_list(struct directory_link *d, struct directory_search *s)
{
	struct berval cookie = {0};
	LDAPMessage *all = NULL;
	unsigned empty = 0; /* pages; a cookie may stay as it is */
	enum status st;
	int id = 0;

	do {
		st = ask_page(d, s, &cookie, &id);
		if (st == ST_OK)
			st = directory_link_wait(d, id, &all);
		if (st != ST_OK)
			break;
		heard_page(d, all);
		st = take_page(d, s, all, &cookie);
		empty = holds_any(d, all) ? 0 : empty + 1;
		ldap_msgfree(all);
		if (st == ST_OK && empty > TURNS_EMPTY)
			st = endless(d);
	} while (st == ST_OK && s->limit == COVER_OK && cookie.bv_len > 0);
	ber_memfree(cookie.bv_val);
	return st;
}
