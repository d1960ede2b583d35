#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"

void
buf_init(struct buf *b, size_t cap)
{
	*b = (struct buf){.cap = cap};
}

void
buf_fini(struct buf *b)
{
	if (b->data != NULL)
		explicit_bzero(b->data, b->room);
	free(b->data);
	*b = (struct buf){0};
}

/* A new block and a wipe of the old one: realloc would leave a copy behind. */
static enum status
grow(struct buf *b, size_t room)
{
	uint8_t *data = malloc(room);

	if (data == NULL)
		return ST_NOMEM;
	if (b->data != NULL) {
		memcpy(data, b->data, b->len);
		explicit_bzero(b->data, b->len);
		free(b->data);
	}
	b->data = data;
	b->room = room;
	return ST_OK;
}

enum status
buf_reserve(struct buf *b, size_t n)
{
	size_t room = b->room > 0 ? b->room : 64;

	if (n > b->cap - b->len)
		return ST_LIMIT;
	if (n <= b->room - b->len)
		return ST_OK;
	while (room < b->len + n)
		room = room > b->cap / 2 ? b->cap : room * 2;
	return grow(b, room > b->cap ? b->cap : room);
}

enum status
buf_add(struct buf *b, const void *src, size_t n)
{
	enum status st = n <= b->room - b->len ? ST_OK : buf_reserve(b, n);

	if (st != ST_OK || n == 0)
		return st;
	memcpy(b->data + b->len, src, n);
	b->len += n;
	return ST_OK;
}

enum status
buf_add_str(struct buf *b, const char *s)
{
	return buf_add(b, s, strlen(s));
}

enum status
buf_add_byte(struct buf *b, uint8_t byte)
{
	return buf_add(b, &byte, 1);
}

enum status
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	enum status st;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	must(n >= 0);
	st = buf_reserve(b, (size_t)n + 1);
	if (st != ST_OK)
		return st;
	va_start(ap, fmt);
	n = vsnprintf((char *)b->data + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
	return ST_OK;
}

void
buf_drop(struct buf *b, size_t n)
{
	must(n <= b->len);
	if (n == 0)
		return;
	memmove(b->data, b->data + n, b->len - n);
	explicit_bzero(b->data + b->len - n, n);
	b->len -= n;
}

void
buf_clear(struct buf *b)
{
	if (b->data != NULL)
		explicit_bzero(b->data, b->len);
	b->len = 0;
}
