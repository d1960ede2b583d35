#include "model/fields.h"
#include "proxy-agent/data/directory_link_impl.h"
#include "sys/pace.h"

enum status
directory_link_ask(struct directory_link *d, const char *dn, char **attributes,
		   int *id)
{
	int code =
	    ldap_search_ext(d->ld, dn, LDAP_SCOPE_BASE, "(objectClass=*)",
			    attributes, 0, NULL, NULL, NULL, LDAP_NO_LIMIT, id);

	pace_asked(d->pace);
	return code == LDAP_SUCCESS ? ST_OK : directory_link_failed(d, code);
}

static enum status
put_values(struct buf *to, struct berval name, const struct berval *values)
{
	enum status st = ST_OK;

	for (; values != NULL && values->bv_val != NULL && st == ST_OK;
	     values++) {
		/* what is large gets its room at once, and not twice as much */
		st = buf_reserve(to, values->bv_len);
		if (st == ST_OK)
			st =
			    fields_put(to, span_of(name.bv_val, name.bv_len), 0,
				       span_of(values->bv_val, values->bv_len));
	}
	return st;
}

/* Names and values as they lie in the answer: no copy of them is made. */
static enum status
put_entry(struct directory_link *d, LDAPMessage *entry, struct buf *to)
{
	BerElement *at = NULL;
	struct berval name = {0}, *values = NULL;
	enum status st = ST_OK;
	int code = ldap_get_dn_ber(d->ld, entry, &at, &name);

	while (code == LDAP_SUCCESS && st == ST_OK) {
		code = ldap_get_attribute_ber(d->ld, entry, at, &name, &values);
		if (code != LDAP_SUCCESS || name.bv_val == NULL)
			break;
		st = put_values(to, name, values);
		ber_memfree(values);
		values = NULL;
	}
	ber_free(at, 0);
	if (st == ST_OK && code != LDAP_SUCCESS)
		return directory_link_failed(d, code);
	return st;
}

enum status
directory_link_take(struct directory_link *d, int id, struct buf *to)
{
	LDAPMessage *all = NULL, *entry;
	enum status st = directory_link_wait(d, id, &all);
	size_t before = to->len;

	if (st != ST_OK)
		return st;
	st = directory_link_status(directory_link_code(d, all, NULL));
	entry = ldap_first_entry(d->ld, all);
	if (st == ST_OK && entry == NULL)
		st = ST_NOTFOUND; /* there, and not for us to see */
	if (st == ST_OK)
		st = fields_begin(to);
	if (st == ST_OK)
		st = put_entry(d, entry, to);
	if (st == ST_OK)
		st = fields_end(to, 1, 1);
	pace_came(d->pace, to->len - before);
	pace_answered(d->pace);
	ldap_msgfree(all);
	return st;
}

/* ---- roots ---- */

enum status
directory_link_roots(struct directory_link *d, struct buf *to)
{
	char name[] = "namingContexts";
	char *wanted[] = {name, NULL};
	LDAPMessage *all = NULL, *entry;
	struct berval **values = NULL;
	enum status st;
	int id;

	st = directory_link_ask(d, "", wanted, &id);
	if (st == ST_OK)
		st = directory_link_wait(d, id, &all);
	pace_answered(d->pace);
	if (st != ST_OK)
		return st;
	st = directory_link_status(directory_link_code(d, all, NULL));
	entry = ldap_first_entry(d->ld, all);
	if (st == ST_OK && entry != NULL)
		values = ldap_get_values_len(d->ld, entry, name);
	for (size_t i = 0; values != NULL && values[i] != NULL && st == ST_OK;
	     i++) {
		st = buf_add(to, values[i]->bv_val, values[i]->bv_len);
		if (st == ST_OK)
			st = buf_add_byte(to, 0);
	}
	ldap_value_free_len(values);
	ldap_msgfree(all);
	return st;
}
