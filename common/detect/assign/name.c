#include "detect/assign/impl.h"

/* Parts of names of what goes with a secret and is none. */
static const char *const other_parts[] = {
    "hash",      "hashed",      "file",        "files",    "filename",
    "path",      "dir",         "url",         "uri",      "field",
    "fields",    "label",       "hint",        "length",   "len",
    "min",       "max",         "size",        "reset",    "prompt",
    "regex",     "pattern",     "type",        "types",    "policy",
    "rule",      "rules",       "column",      "input",    "form",
    "page",      "view",        "changed",     "expired",  "expires",
    "expiry",    "ttl",         "error",       "errors",   "invalid",
    "required",  "message",     "msg",         "title",    "strength",
    "encoder",   "provider",    "manager",     "handler",  "callback",
    "count",     "public",      "enabled",     "disabled", "forgot",
    "show",      "hide",        "has",         "env",      "var",
    "param",     "params",      "arg",         "format",   "prefix",
    "suffix",    "header",      "headers",     "list",     "map",
    "class",     "func",        "function",    "name",     "names",
    "id",        "ids",         "index",       "timeout",  "age",
    "date",      "time",        "at",          "uuid",     "selector",
    "xpath",     "locator",     "dialog",      "screen",   "button",
    "link",      "icon",        "style",       "mode",     "algorithm",
    "alg",       "digest",      "sha256",      "sha1",     "md5",
    "checksum",  "fingerprint", "example",     "endpoint", "validator",
    "validate",  "mismatch",    "match",       "keyboard", "monkey",
    "keyword",   "keywords",    "primary",     "foreign",  "sort",
    "cache",     "object",      "tokenizer",   "tokenize", "tokens",
    "symbol",    "scope",       "scopes",      "status",   "state",
    "version",   "text",        "placeholder", "cert",     "ref",
    "arn",       "row",         "lexer",       "parser",   "kind",
    "bytes",     "limit",       "usage",       "address",  "contract",
    "mint",      "reisepass",   "passnummer",  "passnr",   "passeport",
    "pasaporte", "passaporto",  "passaporte",  "paspoort", "number",
    "nummer",    "nr",          "no",          "bypass",   "compass",
    "passport",  "passenger",   "passage",     "passive",  "passes",
    "passed",    "passing",     "encompass",   "surpass",  "bypasses",
    "pwdx",      "oldpwd",      "mgr"};

static bool
is_other(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < sizeof(other_parts) / sizeof(*other_parts); i++)
		if (n > 0 && (p[0] | 32) == (uint8_t)other_parts[i][0] &&
		    strlen(other_parts[i]) == n &&
		    same_part(p, n, other_parts[i]))
			return true;
	return false;
}

static bool
upper(uint8_t c)
{
	return c >= 'A' && c <= 'Z';
}

/* Of resetPasswordUrl: reset, Password, Url. */
bool
assign_is_other(const struct assign_place *p)
{
	const uint8_t *k = p->t.ptr + p->key;
	size_t n = p->behind - p->key, from = 0;

	for (size_t i = 1; i <= n; i++) {
		bool ends = i == n || k[i] == '_' || k[i] == '-' ||
			    (upper(k[i]) && !upper(k[i - 1]));

		if (!ends)
			continue;
		if (is_other(k + from, i - from))
			return true;
		from = i < n && (k[i] == '_' || k[i] == '-') ? i + 1 : i;
	}
	return false;
}

/* The whole name around `at`; false when it is too long for one. */
bool
assign_name(struct assign_place *p)
{
	size_t floor = p->at < ASSIGN_NAME ? 0 : p->at - ASSIGN_NAME;

	p->key = p->at;
	while (p->key > floor && name_byte(p->t.ptr[p->key - 1]))
		p->key--;
	p->behind = p->at;
	while (p->behind < p->at + ASSIGN_NAME && name_byte(byte(p, p->behind)))
		p->behind++;
	if (p->key == floor && floor > 0)
		return false;
	p->at = p->behind;
	return p->behind < p->t.len;
}
