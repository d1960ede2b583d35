#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * span: a pointer and its length; borrows, never owns. ptr may be NULL only
 * while len is 0.
 */
struct span {
	const uint8_t *ptr;
	size_t len;
};

static inline struct span
span_of(const void *ptr, size_t len)
{
	return (struct span){.ptr = ptr, .len = len};
}

/* Of a NUL-terminated string, without the NUL; NULL gives an empty span. */
static inline struct span
span_str(const char *s)
{
	return span_of(s, s == NULL ? 0 : strlen(s));
}

static inline bool
span_eq(struct span a, struct span b)
{
	return a.len == b.len &&
	       (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* The rest after the first n bytes; n above the length gives an empty span. */
static inline struct span
span_skip(struct span s, size_t n)
{
	if (n >= s.len)
		return span_of(NULL, 0);
	return span_of(s.ptr + n, s.len - n);
}

#endif
