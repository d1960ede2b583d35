#include "detect/check_bban.h"

const struct check_op check_bban_ops[] = {
    {.name = NULL},
};
