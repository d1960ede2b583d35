#ifndef CONF_SCHEMA_H
#define CONF_SCHEMA_H

#include <stddef.h>
#include <stdint.h>

/*
 * The table of a program's settings: the one source of defaults, checks, help
 * and documentation. A setting is a member of the program's own struct.
 *
 *   static const struct conf_setting settings[] = {
 *       {"agents", CONF_ADDRESS, CONF_AT(struct settings, agents),
 *        .fallback = "0.0.0.0:11117", .help = "where agents connect"},
 *       {"heartbeat", CONF_DURATION, CONF_AT(struct settings, heartbeat),
 *        .fallback = "60s", .low = 1000, .high = 3600000,
 *        .help = "how often an agent says that it is alive"},
 *   };
 *   static const struct conf_schema schema = {
 *       "trawl-master", settings, sizeof(settings) / sizeof(settings[0])};
 */
enum conf_type {
	CONF_BOOL,     /* bool */
	CONF_NUMBER,   /* uint64_t, low..high */
	CONF_SIZE,     /* uint64_t bytes, low..high */
	CONF_DURATION, /* uint64_t milliseconds, low..high */
	CONF_TEXT,     /* char[room] */
	CONF_PATH,     /* char[room], absolute or below the working folder */
	CONF_ADDRESS,  /* char[room]: "host:port", "[::1]:443", ":443", "443" */
	CONF_WORD,     /* unsigned: place in words[] */
};

struct conf_setting {
	const char *key; /* "data"; flag --data, environment TRAWL_DATA */
	enum conf_type type;
	size_t offset, room;      /* of the member: CONF_AT() */
	const char *fallback;     /* as one would write it in the file */
	uint64_t low, high;       /* both 0: any */
	const char *const *words; /* of CONF_WORD, ends with NULL */
	const char *help;         /* one line, no full stop */
};

#define CONF_AT(type, member)                                                  \
	offsetof(type, member), sizeof(((type *)0)->member)

struct conf_schema {
	const char *program; /* "trawl-master" */
	const struct conf_setting *settings;
	size_t count;
};

#endif
