#include "base/str.h"
#include "extract/format.h"
#include "extract/image/media.h"
#include "extract/image/picture.h"

static bool
is_webp(struct format_look *l)
{
	return l->head.len >= 16 && memcmp(l->head.ptr + 8, "WEBP", 4) == 0;
}

/* Its own head, and the length of the one that describes the points. */
static bool
is_bmp(struct format_look *l)
{
	uint32_t n;

	if (l->head.len < 26 || memcmp(l->head.ptr + 6, "\0\0\0\0", 4) != 0)
		return false;
	n = picture_little(l->head.ptr + 14, 4);
	return n == 12 || n == 40 || n == 52 || n == 56 || n == 108 || n == 124;
}

static bool
is_heif(struct format_look *l)
{
	static const char brands[] = "heic heix hevc heim heis hevm hevs mif1 "
				     "msf1 avif avis";

	return l->head.len >= 12 &&
	       str_listed(brands, span_of(l->head.ptr + 8, 4));
}

#define WHOLE .needs = FORMAT_WHOLE

static const struct format formats[] = {
    {"jpeg", FORMAT_MAGIC("\xff\xd8\xff"), WHOLE, .read = picture_jpeg},
    {"png", FORMAT_MAGIC("\x89PNG\r\n\x1a\n"), WHOLE, .read = picture_png},
    {"gif", FORMAT_MAGIC("GIF87a"), WHOLE, .read = picture_gif},
    {"gif", FORMAT_MAGIC("GIF89a"), WHOLE, .read = picture_gif},
    {"tiff", FORMAT_MAGIC("II*\0"), WHOLE, .read = picture_tiff},
    {"tiff", FORMAT_MAGIC("MM\0*"), WHOLE, .read = picture_tiff},
    {"webp", FORMAT_MAGIC("RIFF"), WHOLE, .is = is_webp, .read = picture_webp},
    {"jp2", FORMAT_MAGIC("\0\0\0\x0cjP  \r\n\x87\n"), .read = picture_jp2},
    {"jp2", FORMAT_MAGIC("\xff\x4f\xff\x51\0"), .read = picture_jp2},
    {"bmp", FORMAT_MAGIC("BM"), .is = is_bmp, .read = picture_bmp},
    {"heif", FORMAT_MAGIC("ftyp"), .at = 4, .is = is_heif,
     .read = picture_heif},
    {"jxl", FORMAT_MAGIC("\0\0\0\x0cJXL \r\n\x87\n"), .read = picture_heif},
    {"riff", FORMAT_MAGIC("RIFF"), .is = media_riff, .read = media_part},
    {"mp4", FORMAT_MAGIC("ftyp"), .at = 4, .is = media_iso, .read = media_part},
    {"mp3", FORMAT_MAGIC("ID3"), .is = NULL, .read = media_part},
    {"mp3", FORMAT_MAGIC("\xff"), .is = media_frame, .read = media_part},
    {"flac", FORMAT_MAGIC("fLaC"), .read = media_part},
    {"ogg", FORMAT_MAGIC("OggS\0"), .read = media_part},
    {"matroska", FORMAT_MAGIC("\x1a\x45\xdf\xa3"), .read = media_part},
    {"midi", FORMAT_MAGIC("MThd\0\0\0\6"), .read = media_part},
    {"amr", FORMAT_MAGIC("#!AMR"), .read = media_part},
    {"asf", FORMAT_MAGIC("\x30\x26\xb2\x75\x8e\x66\xcf\x11"),
     .read = media_part},
};

static enum status
prepare(const struct extract_options *o, void **state, struct buf *why)
{
	struct ocr *ocr = NULL;
	enum status st = ST_OK;

	if (o->ocr != NULL)
		st = ocr_open(o->ocr, &ocr, why);
	*state = ocr;
	return st;
}

static void
release(void *state)
{
	ocr_close(state);
}

/*
 * Pictures: what is written beside their points, and in them when that is asked
 * for. Sound is said not to be read.
 */
const struct format_group formats_image = {
    .name = "image",
    .formats = formats,
    .count = sizeof(formats) / sizeof(formats[0]),
    .prepare = prepare,
    .release = release,
};
