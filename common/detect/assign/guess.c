#include "detect/assign/guess.h"

#include <string.h>

/* What a byte of a value is. */
enum kind { LOWER, UPPER, DIGIT, SIGN, OTHER };

static enum kind
kind_of(uint8_t c)
{
	if (c >= 'a' && c <= 'z')
		return LOWER;
	if (c >= 'A' && c <= 'Z')
		return UPPER;
	if (c >= '0' && c <= '9')
		return DIGIT;
	return c > ' ' && c <= '~' ? SIGN : OTHER;
}

static uint8_t
lower(uint8_t c)
{
	return kind_of(c) == UPPER ? (uint8_t)(c | 32) : c;
}

/* The word stands at v[at..], small letters or capitals. */
static bool
stands(struct span v, size_t at, const char *word)
{
	size_t k = 0;

	while (word[k] != 0 && at + k < v.len &&
	       lower(v.ptr[at + k]) == (uint8_t)word[k])
		k++;
	return word[k] == 0;
}

static bool
holds(struct span v, const char *word)
{
	for (size_t i = 0; i < v.len; i++)
		if (stands(v, i, word))
			return true;
	return false;
}

/* ---- what is no value ---------------------------------------------------- */

static bool
any_of(uint8_t c, const char *set)
{
	return c != 0 && strchr(set, c) != NULL;
}

/* <password>, {secret}, [key], %PASS%, __PW__, *** */
static bool
is_framed(struct span v)
{
	static const char *const frames[] = {"<>", "{}", "[]", "%%", "()"};
	uint8_t first = v.ptr[0], last = v.ptr[v.len - 1];

	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
		if (first == (uint8_t)frames[i][0] &&
		    last == (uint8_t)frames[i][1])
			return true;
	return v.len > 4 && first == '_' && last == '_' && v.ptr[1] == '_';
}

/* $NAME and :name, of letters only. */
static bool
is_variable(struct span v)
{
	if (!any_of(v.ptr[0], "$:@&") || v.len < 2)
		return false;
	for (size_t i = 1; i < v.len; i++)
		if (kind_of(v.ptr[i]) > UPPER && v.ptr[i] != '_' &&
		    !(v.ptr[0] == '$' && kind_of(v.ptr[i]) == DIGIT))
			return false;
	return true;
}

/* Digits among capitals and small letters as in no name: "R5eHe_wqeWm.QoLH0" */
#define SCRAMBLED_MIN 12

static bool
is_scrambled(struct span v)
{
	size_t digits = 0, turns = 0;

	for (size_t i = 1; i < v.len; i++) {
		enum kind k = kind_of(v.ptr[i]), last = kind_of(v.ptr[i - 1]);

		digits += k == DIGIT;
		turns += last != k && last < SIGN && k < SIGN &&
			 !(last == UPPER && k == LOWER);
	}
	return v.len >= SCRAMBLED_MIN && digits >= 2 && turns * 4 >= v.len;
}

/* What stands before a bracket is a name as "md5" or "getPass", not "x7". */
static bool
is_callee(struct span name)
{
	for (size_t i = 1; i < name.len; i++)
		if (kind_of(name.ptr[i]) < DIGIT &&
		    kind_of(name.ptr[i]) == kind_of(name.ptr[i - 1]))
			return true;
	return false;
}

/* name(..., of which the end may be cut off; "Q(0gDOukWf" is none. */
static bool
is_call(struct span v, size_t open)
{
	bool digits = false;

	if (open == 0)
		return false;
	for (size_t i = open + 1; i < v.len; i++) {
		if (v.ptr[i] == ')')
			return true;
		digits |= kind_of(v.ptr[i]) == DIGIT;
	}
	return open + 1 == v.len ||
	       (is_callee(span_of(v.ptr, open)) && !digits);
}

/* name(...) and a.b.c of names. */
static bool
is_code(struct span v)
{
	bool begins = true, dotted = false;

	for (size_t i = 0; i < v.len; i++) {
		enum kind k = kind_of(v.ptr[i]);

		if (v.ptr[i] == '(' && !begins && is_call(v, i))
			return true;
		if (begins && k > UPPER && v.ptr[i] != '_')
			return false;
		begins = v.ptr[i] == '.' || v.ptr[i] == ':' || v.ptr[i] == '>';
		dotted |= begins;
		if (!begins && k > DIGIT && v.ptr[i] != '_' && v.ptr[i] != '-')
			return false;
	}
	return dotted && !is_scrambled(v);
}

bool
guess_template(struct span v)
{
	static const char *const marks[] = {"${",
					    "{{",
					    "}}",
					    "$(",
					    "#{",
					    "%(",
					    "<%",
					    "%>",
					    "***",
					    "...",
					    "xxx",
					    "://",
					    "\\u",
					    "\\d",
					    "\\w",
					    "[a-z",
					    "[0-9",
					    "[^",
					    "(?",
					    ".*",
					    ".+",
					    "{}",
					    "{0}",
					    "{1}",
					    "->",
					    "^.",
					    "::",
					    "</",
					    "/>",
					    "&&",
					    "||",
					    "==",
					    "@@",
					    "\\n",
					    "\\x",
					    "?.",
					    "-->",
					    "____",
					    "----",
					    "\"\"",
					    "''",
					    "&lt;",
					    "$_",
					    "\\\\",
					    "()",
					    "[]",
					    "~~~",
					    "&quot",
					    "\\33",
					    "\\0",
					    "+=",
					    "=>",
					    "!!",
					    "@entry",
					    "env.",
					    "env[",
					    "get(",
					    "$env",
					    "this",
					    "self",
					    "null",
					    "vault:",
					    "ENC[",
					    "arn:aws:",
					    "op://",
					    "ssm:",
					    "secretsmanager",
					    "#password",
					    "_*"};

	if (v.len == 0 || is_framed(v) || is_variable(v) || is_code(v))
		return true;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (holds(v, marks[i]))
			return true;
	/* of a format: %s or %d at either end */
	return v.len > 1 &&
	       (stands(v, 0, "%s") || stands(v, 0, "%d") ||
		stands(v, v.len - 2, "%s") || stands(v, v.len - 2, "%d"));
}

/* Longer ones first: what is taken away is the first that stands. */
static const char *const stop_words[] = {
    "placeholder", "credentials", "passphrase", "credential", "correcthorse",
    "undefined",   "keystore",    "encrypted",  "redacted",   "required",
    "password",    "passwort",    "username",   "changeit",   "changeme",
    "superuser",   "hostname",    "database",   "localhost",  "security",
    "postgres",    "something",   "whatever",   "anything",   "passcode",
    "example",     "replace",     "private",    "service",    "account",
    "default",     "generate",    "generated",  "letmein",    "welcome",
    "testing",     "another",     "mongodb",    "secret",     "passwd",
    "qwerty",      "sample",      "access",     "client",     "foobar",
    "insert",      "string",      "strong",     "public",     "update",
    "change",      "random",      "invalid",    "wrong",      "valid",
    "simple",      "hidden",      "secure",     "monkey",     "abcdef",
    "dummy",       "token",       "value",      "admin",      "guest",
    "hello",       "world",       "empty",      "false",      "super",
    "login",       "basic",       "mysql",      "redis",      "enter",
    "123456",      "12345",       "1234",       "abcd",       "pass",
    "pswd",        "test",        "user",       "name",       "your",
    "root",        "here",        "some",       "todo",       "auth",
    "true",        "none",        "null",       "temp",       "fake",
    "mock",        "demo",        "text",       "that",       "this",
    "with",        "from",        "real",       "good",       "very",
    "long",        "must",        "bearer",     "oauth",      "data",
    "tooshort",    "short",       "wifi",       "file",       "type",
    "field",       "hash",        "salt",       "http",       "json",
    "query",       "param",       "header",     "cookie",     "session",
    "pwd",         "pas",         "key",        "foo",        "bar",
    "baz",         "qux",         "new",        "old",        "bad",
    "the",         "abc",         "xyz",        "123",        "api",
    "app",         "xxx",         "usr",        "pw",         "my",
    "db",          "me",          "id",         "is",         "it",
    "to",          "of",          "in",         "no",         "an",
    "argon2id",    "bcrypt",      "scrypt",     "urllib",     "crypt",
    "md5",         "sha"};

bool
guess_stop_words(struct span v)
{
	size_t left = 0, n, i = 0;

	while (i < v.len) {
		n = 0;
		for (size_t w = 0; w < sizeof(stop_words) / sizeof(*stop_words);
		     w++)
			if (stands(v, i, stop_words[w])) {
				n = strlen(stop_words[w]);
				break;
			}
		left += n == 0 && !any_of(v.ptr[i], "_-. /!?:0123456789");
		i += n == 0 ? 1 : n;
	}
	return left < 3;
}

/* ---- randomness ---------------------------------------------------------- */

struct counts {
	size_t of[OTHER + 1];
	size_t turns;    /* from one kind to another, words left out */
	size_t same;     /* the most of one byte */
	size_t distinct; /* bytes */
	size_t slashes;
	bool hex, names; /* only hexadecimal; only letters, digits, _ and - */
};

static bool
hex_digit(uint8_t c)
{
	return kind_of(c) == DIGIT || (uint8_t)((c | 32) - 'a') < 6;
}

static void
count(struct span v, struct counts *n)
{
	size_t seen[256] = {0};

	*n = (struct counts){.hex = true, .names = true};
	for (size_t i = 0; i < v.len; i++) {
		enum kind k = kind_of(v.ptr[i]), last;

		n->of[k]++;
		n->hex &= hex_digit(v.ptr[i]);
		n->names &= k < SIGN || any_of(v.ptr[i], "_-.:/");
		n->slashes += v.ptr[i] == '/';
		n->distinct += seen[v.ptr[i]]++ == 0;
		if (seen[v.ptr[i]] > n->same)
			n->same = seen[v.ptr[i]];
		if (i == 0)
			continue;
		last = kind_of(v.ptr[i - 1]);
		/* a capital and the small letters behind it are one word */
		n->turns += last != k && last < SIGN && k < SIGN &&
			    !(last == UPPER && k == LOWER);
	}
}

static bool
is_uuid(struct span v)
{
	if (v.len != 36)
		return false;
	for (size_t i = 0; i < v.len; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23
			? v.ptr[i] != '-'
			: !hex_digit(v.ptr[i]))
			return false;
	return true;
}

/* 0123456789, abcdef, 9876: half of it or more counts up or down. */
static bool
is_sequence(struct span v)
{
	size_t steps = 0;

	for (size_t i = 1; i < v.len; i++) {
		int d = v.ptr[i] - v.ptr[i - 1];

		steps += d == 1 || d == -1 || d == 0;
	}
	return steps * 2 >= v.len;
}

static bool
of_token(struct span v)
{
	for (size_t i = 0; i < v.len; i++)
		if (kind_of(v.ptr[i]) >= SIGN && !any_of(v.ptr[i], "+/=_.~:-"))
			return false;
	return true;
}

/* Capitals and small letters mixed as no words are. */
static bool
is_shuffled(struct span v, const struct counts *n)
{
	size_t run = 0;

	for (size_t i = 0; i < v.len; i++) {
		run = kind_of(v.ptr[i]) == LOWER ? run + 1 : 0;
		if (run == 5)
			return false;
	}
	return v.len >= 20 && n->of[UPPER] * 4 >= v.len &&
	       n->of[LOWER] * 4 >= v.len && n->of[SIGN] == 0;
}

bool
guess_token(struct span v)
{
	struct counts n;

	if (v.len < 16 || v.len > GUESS_MAX || !of_token(v) || is_uuid(v) ||
	    guess_template(v) || is_sequence(v))
		return false;
	count(v, &n);
	if (n.of[LOWER] + n.of[UPPER] < 2 ||
	    (n.of[DIGIT] < 2 && !is_shuffled(v, &n)))
		return false;
	if (n.hex)
		return v.len >= 24 && n.distinct >= 9 && n.same * 4 <= v.len &&
		       n.turns * 4 >= v.len;
	if (n.of[SIGN] * 5 > v.len ||
	    n.distinct * 5 < (v.len < 60 ? v.len : 60))
		return false;
	return n.distinct >= 10 && n.turns * 4 >= v.len;
}

/* Words joined by _ - . or by capitals, and perhaps a number behind them. */
static bool
is_name(struct span v, const struct counts *n)
{
	size_t tail = 0;

	while (tail < v.len && kind_of(v.ptr[v.len - 1 - tail]) == DIGIT)
		tail++;
	if (v.ptr[0] == '/' || (n->names && n->slashes > 1))
		return true;
	return n->names && n->of[DIGIT] == tail &&
	       (n->of[SIGN] > 0 ||
		(n->of[UPPER] > 1 && tail < 3 &&
		 n->of[UPPER] * 3 <= n->of[UPPER] + n->of[LOWER]));
}

bool
guess_password(struct span v)
{
	struct counts n;
	size_t letters;

	if (v.len < 5 || v.len > 128 || is_uuid(v) || guess_template(v) ||
	    guess_stop_words(v) || is_sequence(v))
		return false;
	count(v, &n);
	letters = n.of[LOWER] + n.of[UPPER];
	if (n.of[OTHER] > 0 || n.distinct < 4 || letters == 0 || is_name(v, &n))
		return false;
	if (n.of[DIGIT] > 0)
		return n.names ? n.of[DIGIT] < v.len - 1 &&
				     (n.of[SIGN] * 4 <= v.len)
			       : true;
	/* without a digit: signs among letters that are none of sentences */
	for (size_t i = 0; i < v.len; i++)
		if (any_of(v.ptr[i], "@!#$%^*+~") && n.of[SIGN] * 3 <= v.len)
			return v.len >= 8;
	return false;
}
