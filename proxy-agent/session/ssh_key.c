#include "proxy-agent/session/ssh_key.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/codec.h"
#include "base/str.h"

#define BEGIN "-----BEGIN OPENSSH PRIVATE KEY-----"
#define MAGIC 15 /* bytes before the name of the cipher, and its length */
#define HEAD  48 /* characters of base64 that have all that: 36 bytes */

/* What the library can undo; it calls nothing for others and would crash. */
static const char *const ciphers[] = {"none",       "aes256-ctr", "aes192-ctr",
				      "aes128-ctr", "aes256-cbc", "aes192-cbc",
				      "aes128-cbc", "3des-cbc"};

/* The cipher of a key in OpenSSH's format (its PROTOCOL.key), cut to what is
 * in the first bytes; those that are read are shorter. */
static struct span
cipher_of(struct span text, struct buf *head)
{
	const uint8_t *p = memmem(text.ptr, text.len, BEGIN, strlen(BEGIN));
	const uint8_t *end = text.ptr + text.len;
	uint8_t bare[HEAD];
	size_t n = 0;

	if (p == NULL)
		return span_str("none");
	for (p += strlen(BEGIN); p < end && n < HEAD; p++)
		if (*p > ' ')
			bare[n++] = *p;
	if (codec_unbase64(CODEC_BASE64, span_of(bare, n), head) != ST_OK ||
	    head->len < MAGIC + 4)
		return span_str("");
	n = head->data[MAGIC + 3];
	if (n > head->len - MAGIC - 4)
		n = head->len - MAGIC - 4;
	return span_of(head->data + MAGIC + 4, n);
}

static bool
can_be_undone(struct span text)
{
	struct span name;
	struct buf head;
	bool known = false;

	buf_init(&head, HEAD);
	name = cipher_of(text, &head);
	for (size_t i = 0; !known && i < sizeof(ciphers) / sizeof(*ciphers);
	     i++)
		known = str_is(name, ciphers[i]);
	buf_fini(&head);
	return known;
}

/* Without it a library asks on the terminal. */
static int
/* NOLINTNEXTLINE(readability-non-const-parameter): the library's parameters */
say_nothing(const char *prompt, char *dst, size_t n, int echo, int verify,
	    void *arg)
{
	(void)prompt;
	(void)dst;
	(void)n;
	(void)echo;
	(void)verify;
	(void)arg;
	return -1;
}

static char *
text_of(struct span s)
{
	return s.ptr == NULL ? NULL : strndup((const char *)s.ptr, s.len);
}

static void
forget(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	free(text);
}

enum status
ssh_key_read(struct span text, struct span words, ssh_key *out)
{
	char *bare, *pass;
	int rc;

	if (!can_be_undone(text))
		return ST_USAGE;
	bare = text_of(text);
	pass = text_of(words);
	rc = bare == NULL ? SSH_ERROR
			  : ssh_pki_import_privkey_base64(
				bare, pass, say_nothing, NULL, out);
	forget(bare);
	forget(pass);
	return rc == SSH_OK ? ST_OK : ST_MALFORMED;
}
