#include "base/str.h"
#include "master/api/resources.h"
#include "master/api/serve.h"
#include "source/kind.h"

/* The kinds of targets on other hosts: the table of common/source. */

static void
put_names(struct json *j, const char *key, const char *names)
{
	struct span rest = span_str(names), name;

	json_key(j, key);
	json_list(j);
	while (str_next(&rest, ' ', &name))
		if (name.len > 0)
			json_str(j, name);
	json_end(j);
}

static const char *
honesty_word(enum kind_honesty h)
{
	static const char *const words[] = {
	    [KIND_PRODUCT] = "product",
	    [KIND_PROTOCOL] = "protocol",
	    [KIND_FIXTURE] = "fixture",
	    [KIND_UNTESTED] = "untested",
	};

	return words[h];
}

static void
put_kind(struct json *j, const struct kind *k)
{
	json_map(j);
	json_put_cstr(j, "scheme", k->scheme);
	json_put_cstr(j, "title", k->title);
	json_put_cstr(j, "ports", k->ports);
	json_put_cstr(j, "form", k->form);
	put_names(j, "access", k->access);
	put_names(j, "options", k->options);
	json_put_cstr(j, "honesty", honesty_word(k->honesty));
	json_put_cstr(j, "honesty_text", kind_honesty(k->honesty));
	json_put_cstr(j, "tested", k->tested == NULL ? "" : k->tested);
	json_end(j);
}

void
r_kinds_list(struct request *rq, struct reply *rp)
{
	struct json j;
	uint64_t count = 0;

	reply_json(rp, 200, &j);
	json_map(&j);
	json_key(&j, "items");
	json_list(&j);
	while (kinds[count].scheme != NULL)
		put_kind(&j, &kinds[count++]);
	json_end(&j);
	json_put_u64(&j, "total", count);
	json_end(&j);
	reply_done(rq, rp, &j);
}
