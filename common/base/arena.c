#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"

struct arena_block {
	struct arena_block *next;
	size_t size, used;
	alignas(max_align_t) uint8_t data[];
};

#define BLOCK_MIN 4096

void
arena_init(struct arena *a, size_t cap)
{
	*a = (struct arena){.cap = cap};
}

void
arena_lend(struct arena *a, void *memory, size_t n)
{
	struct arena_block *b = memory;
	const size_t step = alignof(max_align_t);

	must(n >= sizeof(*b));
	b->size = (n - sizeof(*b)) / step * step;
	*a = (struct arena){.blocks = b, .cap = b->size, .lent = true};
}

size_t
arena_lent(const struct arena *a)
{
	must(a->lent);
	return sizeof(*a->blocks) + a->blocks->used;
}

static void
free_blocks(struct arena_block *b)
{
	while (b != NULL) {
		struct arena_block *next = b->next;

		explicit_bzero(b->data, b->used);
		free(b);
		b = next;
	}
}

void
arena_fini(struct arena *a)
{
	if (!a->lent)
		free_blocks(a->blocks);
	*a = (struct arena){0};
}

void
arena_clear(struct arena *a)
{
	struct arena_block *b = a->blocks;

	a->used = 0;
	if (b == NULL)
		return;
	free_blocks(b->next);
	b->next = NULL;
	explicit_bzero(b->data, b->used);
	b->used = 0;
}

static struct arena_block *
add_block(struct arena *a, size_t n)
{
	size_t size = a->blocks == NULL ? BLOCK_MIN : a->blocks->size * 2;
	struct arena_block *b;

	if (size > (size_t)1 << 20)
		size = (size_t)1 << 20;
	if (size < n)
		size = n;
	b = calloc(1, sizeof(*b) + size);
	if (b == NULL)
		return NULL;
	b->size = size;
	b->next = a->blocks;
	a->blocks = b;
	return b;
}

void *
arena_take(struct arena *a, size_t n)
{
	const size_t step = alignof(max_align_t);
	struct arena_block *b = a->blocks;
	void *p;

	if (n > SIZE_MAX / 2)
		return NULL;
	n = n == 0 ? step : (n + step - 1) / step * step;
	if (n > a->cap - a->used)
		return NULL;
	if (b == NULL || n > b->size - b->used)
		b = add_block(a, n);
	if (b == NULL)
		return NULL;
	p = b->data + b->used;
	b->used += n;
	a->used += n;
	return p;
}

void *
arena_array(struct arena *a, size_t count, size_t size)
{
	size_t n;

	if (__builtin_mul_overflow(count, size, &n))
		return NULL;
	return arena_take(a, n);
}

char *
arena_str(struct arena *a, struct span s)
{
	char *p = s.len == SIZE_MAX ? NULL : arena_take(a, s.len + 1);

	if (p == NULL)
		return NULL;
	if (s.len > 0)
		memcpy(p, s.ptr, s.len);
	p[s.len] = '\0';
	return p;
}
