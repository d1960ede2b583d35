#ifndef EXTRACT_MAIL_PSTCRYPT_H
#define EXTRACT_MAIL_PSTCRYPT_H

#include <stddef.h>
#include <stdint.h>

/*
 * pstcrypt: the two ways in which Outlook hides what its stores hold ([MS-PST]
 * 5.1 and 5.2). Neither has a secret: the key of the second is the number of
 * the block. Bytes are decoded in place; the table is made once.
 */
enum pstcrypt { PSTCRYPT_NONE, PSTCRYPT_PERMUTE, PSTCRYPT_CYCLIC };

void pstcrypt_table(uint8_t plain[256]);
void pstcrypt_permute(const uint8_t plain[256], uint8_t *p, size_t n);
void pstcrypt_cyclic(const uint8_t plain[256], uint8_t *p, size_t n,
		     uint32_t key);

#endif
