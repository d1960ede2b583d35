#include "crypto/passwd.h"

#include <sodium.h>
#include <string.h>

_Static_assert(PASSWD_TEXT_LEN >= crypto_pwhash_STRBYTES, "room for the text");

enum status
passwd_hash(struct span password, char text[PASSWD_TEXT_LEN])
{
	if (password.len == 0 || password.len > PASSWD_MAX)
		return ST_USAGE;
	if (sodium_init() < 0)
		return ST_IO;
	memset(text, 0, PASSWD_TEXT_LEN);
	if (crypto_pwhash_str_alg(text, (const char *)password.ptr,
				  password.len,
				  crypto_pwhash_OPSLIMIT_INTERACTIVE,
				  crypto_pwhash_MEMLIMIT_INTERACTIVE,
				  crypto_pwhash_ALG_ARGON2ID13) != 0)
		return ST_NOMEM;
	return ST_OK;
}

enum status
passwd_check(struct span password, const char *text)
{
	if (password.len == 0 || password.len > PASSWD_MAX)
		return ST_USAGE;
	if (strlen(text) >= crypto_pwhash_STRBYTES ||
	    strncmp(text, "$argon2id$", 10) != 0)
		return ST_MALFORMED;
	if (sodium_init() < 0)
		return ST_IO;
	return crypto_pwhash_str_verify(text, (const char *)password.ptr,
					password.len) == 0
		   ? ST_OK
		   : ST_DENIED;
}
