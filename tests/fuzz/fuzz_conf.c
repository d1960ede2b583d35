/* Property: a refused file says why; an accepted one keeps every bound. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "conf/conf.h"

struct settings {
	char text[32];
	char address[32];
	uint64_t number;
	bool flag;
};

static const struct conf_setting table[] = {
    {"text", CONF_TEXT, CONF_AT(struct settings, text), .help = "a text"},
    {"address", CONF_ADDRESS, CONF_AT(struct settings, address),
     .fallback = ":1", .help = "an address"},
    {"number", CONF_SIZE, CONF_AT(struct settings, number), .fallback = "5",
     .low = 5, .high = 5000, .help = "a number"},
    {"flag", CONF_BOOL, CONF_AT(struct settings, flag), .fallback = "no",
     .help = "a flag"},
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct conf_schema schema = {"fuzz", table, 4};
	struct settings s = {0};
	struct conf_address a;
	struct buf why;
	enum status st;

	buf_init(&why, 4096);
	conf_defaults(&schema, &s);
	st = conf_text(&schema, span_of(data, size), "f", &s, &why);
	if ((st == ST_OK) != (why.len == 0))
		abort();
	if (s.number < 5 || s.number > 5000 ||
	    memchr(s.text, 0, sizeof(s.text)) == NULL ||
	    conf_address(s.address, &a) != ST_OK)
		abort();
	buf_fini(&why);
	return 0;
}
