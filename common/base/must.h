#ifndef BASE_MUST_H
#define BASE_MUST_H

/*
 * must: an invariant of ours that stays on in release. When it is false the
 * process stops (abort) and its parent starts a new one. Never on bytes from
 * outside. The message holds the expression and the place, never data.
 */
#define must(cond) ((cond) ? (void)0 : must_failed(#cond, __FILE__, __LINE__))

_Noreturn void must_failed(const char *expr, const char *file, int line);

#endif
