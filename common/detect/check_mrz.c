#include "detect/check_mrz.h"

const struct check_op check_mrz_ops[] = {
    {.name = NULL},
};
