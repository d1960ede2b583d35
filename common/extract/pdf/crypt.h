#ifndef EXTRACT_PDF_CRYPT_H
#define EXTRACT_PDF_CRYPT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

/*
 * crypt: the standard security handler of PDF (ISO 32000-1, 7.6; 32000-2 for
 * revision 6): RC4 of 40 to 128 bits, AES of 128 and 256. Keys live in the
 * struct and are to be wiped with it.
 */
#define PDF_KEY_MAX 32

enum pdf_cipher { PDF_PLAIN, PDF_RC4, PDF_AES128, PDF_AES256 };

struct pdf_crypt {
	enum pdf_cipher strings, streams;
	uint8_t key[PDF_KEY_MAX];
	size_t key_len;
	bool metadata; /* it is encrypted, too */
};

/* What the dictionary of encryption says; spans are decoded strings. */
struct pdf_lock {
	unsigned version, revision, bits;
	int32_t rights;
	bool metadata;
	struct span owner, user, owner_key, user_key, id;
};

/* False: it is another password. `c` gets the key. */
bool pdf_unlock(const struct pdf_lock *l, struct span password,
		struct pdf_crypt *c);

/* Bytes of an object, appended to *to. */
NODISCARD enum status pdf_decrypt(const struct pdf_crypt *c,
				  enum pdf_cipher how, uint32_t num,
				  uint32_t gen, struct span in, struct buf *to);

#endif
