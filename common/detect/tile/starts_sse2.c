#if defined(__x86_64__)

#define LANES 2
#define TARGET
#define STARTS starts_sse2
#include "detect/tile/starts_body.h"

#endif
