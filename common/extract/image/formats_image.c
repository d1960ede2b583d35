#include "extract/format.h"
#include "extract/image/media.h"
#include "extract/image/picture.h"

static bool
is_webp(struct format_look *l)
{
	return l->head.len >= 16 && memcmp(l->head.ptr + 8, "WEBP", 4) == 0;
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

/* Pictures: what is written beside their points. Sound is said not to be. */
const struct format_group formats_image = {
    .name = "image",
    .formats = formats,
    .count = sizeof(formats) / sizeof(formats[0]),
};
