#include "detect/check_coin.h"

const struct check_op check_coin_ops[] = {
    {.name = NULL},
};
