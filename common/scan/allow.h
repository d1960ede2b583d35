#ifndef SCAN_ALLOW_H
#define SCAN_ALLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "detect/detect.h"
#include "model/finding.h"

/*
 * allow: findings that a person lets pass. A YAML file of up to three lists:
 *
 *   values:                         exact values
 *     - {type: card_visa, value: "4111 1111 1111 1111"}
 *     - {digest: 64 hexadecimal}    SHA-256 of type, NUL, normalised value
 *   patterns:                       globs on the matched text, * and ?
 *     - {type: email, text: "*@example.com"}     type may be a glob, too
 *   paths: ["*.lock", "[*].bak"]              globs, as of glob.h
 *
 * A clear value is hashed when it is read, and wiped.
 * Threads: does not change once it is open; may be shared by forked processes.
 */
#define ALLOW_MAX 16384 /* entries of one file */

struct allow;

/*
 * `d` knows how values of a type are normalised. *why is a sentence with file,
 * line and field, and never a value.
 */
NODISCARD enum status allow_open(const char *file, const struct detector *d,
				 struct allow **out, struct buf *why);
void allow_close(struct allow *a); /* takes NULL */

/* SHA-256 of type, NUL, value: equal values of a type have equal ones. */
void allow_digest(struct span type, struct span value,
		  uint8_t out[FINDING_DIGEST_LEN]);

/*
 * The line of the entry that lets the match pass, 0 when none does. `raw` is
 * the matched text, `path` that of the object.
 */
unsigned allow_line(const struct allow *a, const struct match *m,
		    struct span raw, struct span path);

#endif
