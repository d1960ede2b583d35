#include "extract/mail/pstspace.h"

#include "extract/data/stretches.h"
#include "extract/mail/pstcrypt.h"

/* Zeros side by side were never written, or fill up behind a block. */
static void
decode(const struct pst *s, uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool empty = p[i] == 0 && i + 1 < n && p[i + 1] == 0;

		while (empty && i < n && p[i] == 0)
			i++;
		if (i < n)
			pstcrypt_permute(s->plain, p + i, 1);
	}
}

static bool
space_read(void *arg, void *dst, size_t n, uint64_t at)
{
	const struct pst *s = arg;

	if (!part_pread(s->p, dst, n, at))
		return false;
	if (s->crypt == PSTCRYPT_PERMUTE)
		decode(s, dst, n);
	return true;
}

enum status
pst_space(struct pst *s, bool all)
{
	struct stretches v = {.x = s->x, .read = space_read, .arg = s};
	uint64_t at = 0, end;

	if (all)
		(void)stretches_add(&v, 0, s->p->size);
	else
		for (; pst_unused(s, &at, &end); at = end)
			if (!stretches_add(&v, at, end))
				break;
	return stretches_put(
	    &v, span_str(all ? "all of the store" : "unused space"));
}
