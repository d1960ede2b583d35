#if defined(__x86_64__)

#define LANES  4
#define TARGET __attribute__((target("avx2")))
#define STARTS starts_avx2
#include "detect/tile/starts_body.h"

#endif
