#include <locale.h>
#include <string.h>

#include "extract/archive/codec.h"
#include "extract/archive/gzip.h"
#include "extract/archive/libarchive.h"
#include "extract/archive/packed.h"
#include "extract/archive/rpm.h"
#include "extract/archive/tar.h"
#include "extract/archive/zip.h"
#include "extract/archive/zipdirectory.h"
#include "extract/archive/zlib.h"
#include "extract/format.h"

#define ISO_MAGIC 32769 /* of its first volume descriptor */

static bool
is_gzip(struct format_look *l)
{
	return l->head.len >= 10 && (l->head.ptr[3] & 0xe0) == 0;
}

static bool
is_tar(struct format_look *l)
{
	return tar_header(l->head);
}

/* Old binary headers in either order: a name of some length that ends in 0. */
static bool
is_old_cpio(struct format_look *l)
{
	const uint8_t *p = l->head.ptr;
	bool big = l->head.len >= 26 && p[0] == 0x71;
	size_t n;

	if (l->head.len < 26)
		return false;
	n = big ? (size_t)(p[20] << 8 | p[21]) : (size_t)(p[21] << 8 | p[20]);
	return n >= 2 && n <= 1024 && 26 + n <= l->head.len &&
	       p[26 + n - 1] == 0 && memchr(p + 26, 0, n - 1) == NULL;
}

static bool
is_bzip2(struct format_look *l)
{
	const uint8_t *p = l->head.ptr;

	if (l->head.len < 10 || p[3] < '1' || p[3] > '9')
		return false;
	return memcmp(p + 4, "1AY&SY", 6) == 0 ||
	       memcmp(p + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0; /* empty */
}

/*
 * It has no magic: properties that an encoder makes, a dictionary of a size
 * that one chooses, and a length that is not known or not absurd.
 */
static bool
is_lzma(struct format_look *l)
{
	const uint8_t *p = l->head.ptr;
	uint32_t dict, bits;
	uint64_t size = 0;

	if (l->head.len < 18 || p[13] != 0)
		return false;
	dict = p[1] | (uint32_t)p[2] << 8 | (uint32_t)p[3] << 16 |
	       (uint32_t)p[4] << 24;
	for (size_t i = 0; i < 8; i++)
		size |= (uint64_t)p[5 + i] << (8 * i);
	bits = dict;
	while (bits != 0 && (bits & 1) == 0)
		bits >>= 1;
	return dict >= 4096 && (bits == 1 || bits == 3) &&
	       (size == UINT64_MAX || size < UINT64_C(1) << 38);
}

/* 12 to 16 bits, and no bit that has no meaning. */
static bool
is_compress(struct format_look *l)
{
	return l->head.len >= 5 && (l->head.ptr[2] & 0x60) == 0 &&
	       (l->head.ptr[2] & 0x1f) >= 12 && (l->head.ptr[2] & 0x1f) <= 16;
}

static bool
is_lha(struct format_look *l)
{
	const uint8_t *p = l->head.ptr;

	return l->head.len >= 22 && p[6] == '-' && p[20] <= 3 &&
	       (p[4] == 'h' || p[4] == 'z') &&
	       ((p[5] >= '0' && p[5] <= '9') || p[5] == 'd' || p[5] == 's' ||
		p[5] == 'x');
}

static bool
is_iso(struct format_look *l)
{
	struct span s;

	if (!l->seen.zeros)
		return false;
	s = format_bytes(l, ISO_MAGIC, 5);
	return s.len == 5 && memcmp(s.ptr, "CD001", 5) == 0;
}

/* A program or script before the members, which unpacks or runs them. */
static bool
is_zip_within(struct format_look *l)
{
	struct zip_directory d;

	return part_seekable(l->part) && zip_directory_find(l->part, &d) &&
	       d.entries > 0;
}

static const struct format formats[] = {
    {"zip", FORMAT_MAGIC("PK\3\4"), .read = zip_part},
    {"zip", FORMAT_MAGIC("PK\5\6"), .read = zip_part},
    {"zip", FORMAT_MAGIC("PK\7\10PK\3\4"), .read = zip_part},
    {"zip", FORMAT_MAGIC("MZ"), .is = is_zip_within, .read = zip_part},
    {"zip",
     FORMAT_MAGIC("\x7f"
		  "ELF"),
     .is = is_zip_within, .read = zip_part},
    {"zip", FORMAT_MAGIC("#!"), .is = is_zip_within, .read = zip_part},
    {"gzip", FORMAT_MAGIC("\x1f\x8b\x08"), .is = is_gzip, .read = gzip_part},
    {"zlib", FORMAT_MAGIC("x"), .is = zlib_is, .read = zlib_part},
    {"bzip2", FORMAT_MAGIC("BZh"), .is = is_bzip2, .read = codec_bzip2_part},
    {"xz", FORMAT_MAGIC("\xfd\x37zXZ\0"), .read = codec_xz_part},
    {"zstd", FORMAT_MAGIC("\x28\xb5\x2f\xfd"), .read = codec_zstd_part},
    {"lz4", FORMAT_MAGIC("\x04\x22\x4d\x18"), .read = codec_lz4_part},
    {"lz4", FORMAT_MAGIC("\x02\x21\x4c\x18"), .read = libarchive_lz4_legacy},
    {"lzma", FORMAT_MAGIC("\x5d"), .is = is_lzma, .read = codec_lzma_part},
    {"lzip", FORMAT_MAGIC("LZIP\1"), .read = libarchive_lzip},
    {"compress", FORMAT_MAGIC("\x1f\x9d"), .is = is_compress,
     .read = libarchive_compress},
    {"7z", FORMAT_MAGIC("7z\xbc\xaf\x27\x1c"), .needs = FORMAT_SEEK,
     .read = libarchive_7z},
    {"rar", FORMAT_MAGIC("Rar!\x1a\7\0"), .read = libarchive_rar},
    {"rar", FORMAT_MAGIC("Rar!\x1a\7\1\0"), .read = libarchive_rar5},
    {"cab", FORMAT_MAGIC("MSCF\0\0\0\0"), .read = libarchive_cab},
    {"xar", FORMAT_MAGIC("xar!"), .needs = FORMAT_SEEK, .read = libarchive_xar},
    {"rpm", FORMAT_MAGIC("\xed\xab\xee\xdb"), .read = rpm_part},
    {"ar", FORMAT_MAGIC("!<arch>\n"), .read = libarchive_ar},
    {"cpio", FORMAT_MAGIC("07070"), .read = libarchive_cpio},
    {"cpio", FORMAT_MAGIC("\xc7\x71"), .is = is_old_cpio,
     .read = libarchive_cpio},
    {"cpio", FORMAT_MAGIC("\x71\xc7"), .is = is_old_cpio,
     .read = libarchive_cpio},
    {"lha", FORMAT_MAGIC("-l"), .at = 2, .is = is_lha, .read = libarchive_lha},
    {"tar", .is = is_tar, .read = tar_part},
    {"iso", .is = is_iso, .read = libarchive_iso},
    {"lzop", FORMAT_MAGIC("\x89LZO\0\r\n\x1a\n"), .read = packed_part},
    {"lrzip", FORMAT_MAGIC("LRZI\0"), .read = packed_part},
    {"snappy", FORMAT_MAGIC("\xff\x06\0\0sNaPpY"), .read = packed_part},
    {"arj", FORMAT_MAGIC("\x60\xea"), .is = packed_is_arj, .read = packed_part},
    {"ace", FORMAT_MAGIC("**ACE**"), .at = 7, .is = packed_is_ace,
     .read = packed_part},
    {"zoo", FORMAT_MAGIC("\xdc\xa7\xc4\xfd"), .at = 20, .read = packed_part},
    {"stuffit", FORMAT_MAGIC("SIT!\0"), .read = packed_part},
    {"stuffit", FORMAT_MAGIC("StuffIt (c)1997"), .is = packed_is_binary,
     .read = packed_part},
    {"squashfs", FORMAT_MAGIC("hsqs"), .is = packed_is_binary,
     .read = packed_part},
    {"wim", FORMAT_MAGIC("MSWIM\0\0\0"), .read = packed_part},
    {"vmdk", FORMAT_MAGIC("KDMV"), .is = packed_is_vmdk, .read = packed_part},
    {"git pack", FORMAT_MAGIC("PACK\0\0\0"), .read = packed_part},
    {"parquet", FORMAT_MAGIC("PAR1\x15"), .read = packed_part},
    {"orc", FORMAT_MAGIC("ORC"), .is = packed_is_orc, .read = packed_part},
    {"arrow", FORMAT_MAGIC("ARROW1\0\0"), .read = packed_part},
};

/* Names of members are UTF-8 here, whatever the user's own language. */
static enum status
prepare(const struct extract_options *o, void **state, struct buf *why)
{
	(void)o;
	(void)why;
	*state = NULL;
	/* without it names are bytes, which is no failure */
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	return ST_OK;
}

/* What holds files, and what is packed. */
const struct format_group formats_archive = {
    .name = "archive",
    .formats = formats,
    .count = sizeof(formats) / sizeof(formats[0]),
    .prepare = prepare,
};
