#ifndef CRYPTO_NAMES_H
#define CRYPTO_NAMES_H

#include <stdint.h>

#include "crypto/x509.h"

struct x509_st; /* OpenSSL's X509 */

/*
 * names: who a certificate says its owner is: one URI among its names, which
 * our CA puts there. Only for the files of this room.
 */
#define NAME_GATE  "trawl://gate"
#define NAME_AGENT "trawl://agent/"

/*
 * The role, and for CERT_AGENT the id; CERT_WEB for one that names none of
 * ours. A certificate with two of our names, or with an id that is not a plain
 * decimal number above 0, is CERT_WEB too: nobody we know.
 */
enum cert_role names_role(struct x509_st *x, uint64_t *agent);

#endif
