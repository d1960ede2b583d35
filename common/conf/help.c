#include "conf/conf.h"

#include "conf/value.h"

/* Writing to a terminal may fail; there is nobody to tell. */
static void
put_flag(const struct conf_setting *set, FILE *to)
{
	char flag[96];

	if (set->type == CONF_BOOL)
		(void)snprintf(flag, sizeof(flag), "--[no-]%s", set->key);
	else
		(void)snprintf(flag, sizeof(flag), "--%s %s", set->key,
			       value_word(set));
	(void)fprintf(to, "  %-28s %s", flag, set->help);
	if (set->fallback != NULL && set->fallback[0] != '\0')
		(void)fprintf(to, " [%s]", set->fallback);
	(void)fputc('\n', to);
}

void
conf_help(const struct conf_schema *s, FILE *to)
{
	for (size_t i = 0; i < s->count; i++)
		put_flag(&s->settings[i], to);
}

static void
put_variable(const char *key, FILE *to)
{
	(void)fputs("TRAWL_", to);
	for (; *key != '\0'; key++) {
		int c = (unsigned char)*key;

		if (c >= 'a' && c <= 'z')
			c -= 32;
		(void)fputc(c == '-' ? '_' : c, to);
	}
}

void
conf_markdown(const struct conf_schema *s, FILE *to)
{
	(void)fprintf(to,
		      "## %s\n\n| key, flag | environment | default | allowed "
		      "| what it is |\n|---|---|---|---|---|\n",
		      s->program);
	for (size_t i = 0; i < s->count; i++) {
		const struct conf_setting *set = &s->settings[i];
		const char *fallback =
		    set->fallback == NULL ? "" : set->fallback;
		struct buf allowed;

		buf_init(&allowed, 4096);
		value_allowed(set, &allowed);
		(void)fprintf(to, "| `%s` | `", set->key);
		put_variable(set->key, to);
		(void)fprintf(to, "` | %s%s%s | %.*s | %s |\n",
			      *fallback ? "`" : "", fallback,
			      *fallback ? "`" : "", (int)allowed.len,
			      (const char *)allowed.data, set->help);
		buf_fini(&allowed);
	}
	(void)fputc('\n', to);
}
