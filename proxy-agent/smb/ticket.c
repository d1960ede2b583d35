#include "proxy-agent/smb/ticket.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/must.h"
#include "proxy-agent/session/net.h"
#include "proxy-agent/smb/conf.h"
#include "sys/file.h"

#define SAMBAS    "/libkrb5samba" /* what Samba's libraries reach it by */
#define CREDS     1024 /* bytes of a krb5_creds: not 200 in either library */
#define NO_KDC    (-1765328228) /* KRB5_KDC_UNREACH */
#define NO_REALM  (-1765328230) /* KRB5_REALM_UNKNOWN */
#define PATH_ROOM 64

/* Memory of one krb5_creds, whatever it looks like. */
union creds {
	uint8_t bytes[CREDS];
	max_align_t align;
};

/* The calls that both libraries have, of objects that we never look into. */
struct kerberos {
	int32_t (*init_context)(void **ctx);
	void (*free_context)(void *ctx);
	int32_t (*parse_name)(void *ctx, const char *name, void **out);
	void (*free_principal)(void *ctx, void *name);
	int32_t (*kt_resolve)(void *ctx, const char *name, void **out);
	int32_t (*kt_close)(void *ctx, void *keytab);
	int32_t (*get_init_creds_keytab)(void *ctx, union creds *out, void *who,
					 void *keytab, int32_t later,
					 const char *service, void *options);
	void (*free_cred_contents)(void *ctx, union creds *c);
	int32_t (*cc_default)(void *ctx, void **out);
	int32_t (*cc_initialize)(void *ctx, void *cache, void *who);
	int32_t (*cc_store_cred)(void *ctx, void *cache, union creds *c);
	int32_t (*cc_close)(void *ctx, void *cache);
	const char *(*get_error_message)(void *ctx, int32_t code);
	void (*free_error_message)(void *ctx, const char *words);
};

#define CALL(name)                                                             \
	{                                                                      \
		"krb5_" #name, offsetof(struct kerberos, name)                 \
	}

static const struct call {
	const char *name;
	size_t at;
} calls[] = {
    CALL(init_context),          CALL(free_context),       CALL(parse_name),
    CALL(free_principal),        CALL(kt_resolve),         CALL(kt_close),
    CALL(get_init_creds_keytab), CALL(free_cred_contents), CALL(cc_default),
    CALL(cc_initialize),         CALL(cc_store_cred),      CALL(cc_close),
    CALL(get_error_message),     CALL(free_error_message),
};

/* One sign-in. */
struct errand {
	struct kerberos k;
	void *ctx, *who, *keytab, *cache;
	union creds got;
	bool has;
};

/* ---- the library -----------------------------------------------------------
 */

static int
on_library(struct dl_phdr_info *info, size_t size, void *arg)
{
	const char **found = arg;

	(void)size;
	if (strstr(info->dlpi_name, SAMBAS) != NULL)
		*found = info->dlpi_name;
	return *found != NULL;
}

/* As Samba's own library would find them: in what that depends on. */
static bool
find_calls(struct kerberos *k)
{
	const char *name = NULL;
	void *library = NULL;
	size_t found = 0;

	dl_iterate_phdr(on_library, &name);
	if (name != NULL)
		library = dlopen(name, RTLD_NOLOAD | RTLD_LAZY);
	if (library == NULL)
		return false;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		void *f = dlsym(library, calls[i].name);

		memcpy((uint8_t *)k + calls[i].at, &f, sizeof(f));
		found += f != NULL;
	}
	dlclose(library); /* libsmbclient keeps it */
	return found == sizeof(calls) / sizeof(calls[0]);
}

/* ---- the keytab as a file in memory ----------------------------------------
 */

static enum status
hold(struct span s, int *out)
{
	int fd = memfd_create("keytab", MFD_CLOEXEC);
	enum status st;

	if (fd < 0)
		return status_of_errno(errno);
	st = file_write_all(fd, s);
	if (st != ST_OK)
		close(fd);
	else
		*out = fd;
	return st;
}

/* Over all of it; its pages go with it, wiped or not. */
static void
let_go(int fd, size_t len)
{
	static const uint8_t zeros[1024];
	enum status st = lseek(fd, 0, SEEK_SET) == 0 ? ST_OK : ST_IO;

	for (size_t n; st == ST_OK && len > 0; len -= n) {
		n = len < sizeof(zeros) ? len : sizeof(zeros);
		st = file_write_all(fd, span_of(zeros, n));
	}
	close(fd);
}

/* ---- at the KDC ------------------------------------------------------------
 */

static int32_t
sign_in(struct errand *e, const char *name, int keytab)
{
	const struct kerberos *k = &e->k;
	char path[PATH_ROOM];
	int32_t code;

	snprintf(path, sizeof(path), "FILE:/proc/self/fd/%d", keytab);
	code = k->parse_name(e->ctx, name, &e->who);
	if (code == 0)
		code = k->kt_resolve(e->ctx, path, &e->keytab);
	if (code == 0)
		code = k->get_init_creds_keytab(e->ctx, &e->got, e->who,
						e->keytab, 0, NULL, NULL);
	e->has = code == 0;
	return code;
}

static int32_t
keep(struct errand *e)
{
	const struct kerberos *k = &e->k;
	int32_t code = k->cc_default(e->ctx, &e->cache);

	if (code == 0)
		code = k->cc_initialize(e->ctx, e->cache, e->who);
	if (code == 0)
		code = k->cc_store_cred(e->ctx, e->cache, &e->got);
	return code;
}

static void
end(struct errand *e)
{
	const struct kerberos *k = &e->k;

	if (e->has)
		k->free_cred_contents(e->ctx, &e->got);
	explicit_bzero(&e->got, sizeof(e->got));
	if (e->cache != NULL)
		(void)k->cc_close(e->ctx, e->cache);
	if (e->keytab != NULL)
		(void)k->kt_close(e->ctx, e->keytab);
	if (e->who != NULL)
		k->free_principal(e->ctx, e->who);
	k->free_context(e->ctx);
}

static enum status
explain(const struct errand *e, const char *name, int32_t code, struct buf *why)
{
	const char *words = e->k.get_error_message(e->ctx, code);

	net_say(why, "no Kerberos ticket for %s by its keytab: %s", name,
		words);
	e->k.free_error_message(e->ctx, words);
	return code == NO_KDC || code == NO_REALM ? ST_CLOSED : ST_DENIED;
}

static enum status
fetch(const char *name, int keytab, struct buf *why)
{
	struct errand e = {0};
	enum status st = ST_OK;
	int32_t code;

	if (!find_calls(&e.k) || e.k.init_context(&e.ctx) != 0) {
		net_say(why, "the Kerberos of libsmbclient cannot be used "
			     "here: give the password instead of a keytab");
		return ST_UNSUPPORTED;
	}
	code = sign_in(&e, name, keytab);
	if (code == 0)
		code = keep(&e);
	if (code != 0)
		st = explain(&e, name, code, why);
	end(&e);
	return st;
}

enum status
ticket_get(const struct login *l, struct buf *why)
{
	char name[LOGIN_NAME_ROOM];
	enum status st = login_name(l, name);
	int keytab = -1;

	must(l->keytab.len > 0);
	if (st == ST_OK)
		st = hold(vault_span(&l->keytab), &keytab);
	if (st != ST_OK)
		return st;
	st = fetch(name, keytab, why);
	let_go(keytab, l->keytab.len);
	return st;
}
