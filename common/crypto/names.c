#include "crypto/names.h"

#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/span.h"
#include "base/str.h"

struct found {
	enum cert_role role;
	uint64_t agent;
	unsigned ours; /* how many URIs begin with our scheme */
};

static void
look(struct span uri, struct found *f)
{
	static const char scheme[] = "trawl://";

	if (!str_starts(uri, scheme))
		return;
	f->ours++;
	if (str_is(uri, NAME_GATE)) {
		f->role = CERT_GATE;
	} else if (str_starts(uri, NAME_AGENT)) {
		uri = span_skip(uri, strlen(NAME_AGENT));
		if (uri.len > 0 && uri.ptr[0] != '0' &&
		    str_to_u64(uri, 1, INT64_MAX, &f->agent) == ST_OK)
			f->role = CERT_AGENT;
	}
}

enum cert_role
names_role(X509 *x, uint64_t *agent)
{
	struct found f = {.role = CERT_WEB};
	GENERAL_NAMES *all;

	if (X509_check_ca(x) == 1)
		return CERT_CA;
	all = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	for (int i = 0; i < sk_GENERAL_NAME_num(all); i++) {
		const GENERAL_NAME *g = sk_GENERAL_NAME_value(all, i);

		if (g->type == GEN_URI)
			look(span_of(ASN1_STRING_get0_data(
					 g->d.uniformResourceIdentifier),
				     (size_t)ASN1_STRING_length(
					 g->d.uniformResourceIdentifier)),
			     &f);
	}
	GENERAL_NAMES_free(all);
	if (f.ours != 1)
		return CERT_WEB;
	if (f.role == CERT_AGENT)
		*agent = f.agent;
	return f.role;
}
