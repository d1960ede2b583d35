#if defined(__x86_64__)

#define LANES  8
#define TARGET __attribute__((target("avx512bw")))
#define STARTS starts_avx512
#include "detect/tile/starts_body.h"

#endif
