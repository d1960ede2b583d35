#ifndef EXTRACT_DATA_AVRO_H
#define EXTRACT_DATA_AVRO_H

#include "extract/job.h"

/*
 * avro: object container files. The header with the schema is text; each block
 * is a member, unpacked (deflate, zstandard): "block 3". Values are read as
 * they stand: texts are texts, numbers are not told.
 */
#define AVRO_MAGIC "Obj\x01"
enum status avro_part(struct extractor *x, struct part *p);

#endif
