#include "sys/scrub.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

/* Usable bytes of the pieces that the C library keeps for a thread, and how
 * many of each size: its sizes are multiples of 16, with 8 of its own. */
#define LEAST 24
#define MOST  1032
#define STEP  16
#define KEPT  7

void
scrub_begin(void)
{
	mallopt(M_PERTURB, 0xa5);
}

/* What is kept for the thread is what it is given next: take it and wipe it. */
void
scrub_end(void)
{
	for (size_t n = LEAST; n <= MOST; n += STEP) {
		void *all[KEPT];

		for (size_t i = 0; i < KEPT; i++) {
			all[i] = malloc(n);
			if (all[i] != NULL)
				explicit_bzero(all[i], n);
		}
		for (size_t i = 0; i < KEPT; i++)
			free(all[i]);
	}
	mallopt(M_PERTURB, 0);
}
