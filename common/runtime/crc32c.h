#ifndef RUNTIME_CRC32C_H
#define RUNTIME_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/*
 * crc32c: the Castagnoli checksum, by the machine's own instruction where it
 * has one. Start with 0 and hand the last value in to go on.
 */
uint32_t crc32c(uint32_t crc, const void *src, size_t n);

/* The same without the instruction, for machines that lack it and for tests. */
uint32_t crc32c_portable(uint32_t crc, const void *src, size_t n);

#endif
