#ifndef MASTER_GATE_HEAR_H
#define MASTER_GATE_HEAR_H

#include "wire/frame.h"

struct conn;

/*
 * hear: what agents say: who may say what and when is one table in hear.c;
 * everything is decoded and checked here and goes on to core as plain structs.
 */
void hear_frame(struct conn *c, const struct frame *f);

#endif
