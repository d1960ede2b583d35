#ifndef SYS_SCRUB_H
#define SYS_SCRUB_H

/*
 * scrub: libraries that handle a secret copy it into memory that they free as
 * it is. What the process frees between the two calls is overwritten when the
 * second one returns, so that no copy stands in free memory afterwards.
 *
 * Source: mallopt(3), M_PERTURB; what malloc() keeps by itself for each thread
 * (up to 7 pieces of each size below some 1 KiB) it does not reach.
 * Thread: the one that frees. It slows malloc() down in between.
 */
void scrub_begin(void);
void scrub_end(void);

#endif
