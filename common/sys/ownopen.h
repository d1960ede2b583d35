#ifndef SYS_OWNOPEN_H
#define SYS_OWNOPEN_H

#include "base/status.h"

/*
 * ownopen: libraries that want a path, in a process that may open nothing.
 * Its filter turns each open into a signal (SIGSYS), and the answer is made
 * here, in the process itself: "/proc/self/fd/N" gives a copy of descriptor N,
 * from its beginning; anything else is EACCES. The kernel opens nothing.
 */
NODISCARD enum status ownopen_install(void);

#endif
