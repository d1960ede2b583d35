#ifndef DETECT_CHECK_SECRET_H
#define DETECT_CHECK_SECRET_H

#include "detect/check.h"

/* Structure of tokens, keys and passwords. */
check_fn check_entropy;
check_fn check_crc32_base62; /* the last six are the CRC-32 of the rest */
check_fn check_base64_size;
check_fn check_base64_json;
check_fn check_parts; /* between dots, none of them empty */
check_fn check_digit_and_letter;
check_fn check_not_placeholder;
check_fn check_url_password; /* scheme://user:password@ */
check_fn check_pem_body;

#endif
