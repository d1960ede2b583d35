#include "proxy-agent/proxy.h"

#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "source/kind.h"
#include "sys/file.h"
#include "sys/proc.h"

/* All readers stand in one folder, beside that of the installed programs. */
static void
find_programs(struct proxy *p)
{
	char *slash;

	p->programs[0] = 0;
	for (const struct kind *k = kinds; k->scheme != NULL; k++) {
		if (proc_sibling(kind_reader(k), p->programs,
				 sizeof(p->programs)) != ST_OK)
			continue;
		slash = strrchr(p->programs, '/');
		*slash = 0;
		return;
	}
	p->programs[0] = 0;
}

static bool
is_installed(const struct proxy *p, const struct kind *k)
{
	char path[PATH_MAX];

	return p->programs[0] != 0 &&
	       file_join(path, sizeof(path), p->programs, kind_reader(k)) ==
		   ST_OK &&
	       access(path, X_OK) == 0;
}

void
proxy_begin(void *arg, const struct settings *s)
{
	struct proxy *p = arg;

	find_programs(p);
	if (file_join(p->store, sizeof(p->store), s->state, "credentials") !=
	    ST_OK)
		p->store[0] = 0;
	p->keeper = (struct keeper_config){p->programs, p->store};
	p->kind_count = 0;
	for (const struct kind *k = kinds;
	     k->scheme != NULL && p->kind_count < HELLO_KINDS_MAX; k++)
		if (is_installed(p, k))
			p->kinds[p->kind_count++] = span_str(k->scheme);
	if (p->kind_count == 0)
		log_error("no program that reads targets is installed: "
			  "trawl-source is missing");
}

void
proxy_offer(void *arg, struct agent_hello *m)
{
	struct proxy *p = arg;
	size_t n;

	memcpy(m->kinds, p->kinds, p->kind_count * sizeof(p->kinds[0]));
	m->kind_count = p->kind_count;
	if (store_names(p->store, p->names, HELLO_CREDENTIALS_MAX, &n) !=
	    ST_OK) {
		log_warn("the names of credentials cannot be read folder=%s",
			 p->store);
		return;
	}
	for (size_t i = 0; i < n; i++)
		m->credentials[i] = span_str(p->names[i].text);
	m->credential_count = n;
}
