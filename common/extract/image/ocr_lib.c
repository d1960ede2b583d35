#include "extract/image/ocr_lib.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#define LIBRARY "libtesseract.so.5"

static const struct {
	const char *name;
	size_t at; /* in struct ocr_lib */
} names[] = {
#define NAME(member, name)                                                     \
	{                                                                      \
		name, offsetof(struct ocr_lib, member)                         \
	}
    NAME(create, "TessBaseAPICreate"),
    NAME(init, "TessBaseAPIInit3"),
    NAME(mode, "TessBaseAPISetPageSegMode"),
    NAME(set, "TessBaseAPISetImage2"),
    NAME(recognize, "TessBaseAPIRecognize"),
    NAME(confidence, "TessBaseAPIMeanTextConf"),
    NAME(clear, "TessBaseAPIClear"),
    NAME(end, "TessBaseAPIEnd"),
    NAME(remove, "TessBaseAPIDelete"),
    NAME(monitor_new, "TessMonitorCreate"),
    NAME(monitor_arg, "TessMonitorSetCancelThis"),
    NAME(monitor_cancel, "TessMonitorSetCancelFunc"),
    NAME(monitor_free, "TessMonitorDelete"),
    NAME(words, "TessBaseAPIGetIterator"),
    NAME(next, "TessResultIteratorNext"),
    NAME(begins, "TessPageIteratorIsAtBeginningOf"),
    NAME(box, "TessPageIteratorBoundingBox"),
    NAME(text, "TessResultIteratorGetUTF8Text"),
    NAME(text_free, "TessDeleteText"),
    NAME(words_free, "TessResultIteratorDelete"),
    NAME(quiet, "setMsgSeverity"),
    NAME(header, "pixReadHeaderMem"),
    NAME(read, "pixReadMem"),
    NAME(read_jpeg, "pixReadMemJpeg"),
    NAME(read_tiff, "pixReadMemFromMultipageTiff"),
    NAME(pix_new, "pixCreate"),
    NAME(pix_data, "pixGetData"),
    NAME(pix_words, "pixGetWpl"),
    NAME(pix_size, "pixGetDimensions"),
    NAME(pix_free, "pixDestroy"),
    NAME(no_alpha, "pixRemoveAlpha"),
    NAME(to_gray, "pixConvertTo8"),
    NAME(to_bits, "pixConvertTo1"),
    NAME(invert, "pixInvert"),
    NAME(pieces, "pixCountConnComp"),
    NAME(deskew, "pixDeskew"),
    NAME(scale, "pixScale"),
    NAME(turn, "pixRotateOrth"),
#undef NAME
};

static enum status
refuse(struct buf *why, const char *what)
{
	buf_clear(why);
	if (buf_add_str(why, "text in pictures is read by Tesseract 5, ") !=
		ST_OK ||
	    buf_add_str(why, what) != ST_OK)
		return ST_NOMEM;
	return ST_UNSUPPORTED;
}

enum status
ocr_lib_load(struct ocr_lib *lib, struct buf *why)
{
	void *handle;

	/* A worker has one thread and may make no other: OpenMP reads this when
	 * it is loaded. NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	if (setenv("OMP_THREAD_LIMIT", "1", 1) != 0)
		return ST_NOMEM;
	handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (handle == NULL)
		return refuse(why, "which is not installed: the Debian "
				   "package is libtesseract5");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		/* also finds what the library itself is linked with */
		void *f = dlsym(handle, names[i].name);

		if (f == NULL)
			return refuse(why, "and " LIBRARY " is another");
		memcpy((char *)lib + names[i].at, &f, sizeof(f));
	}
	(void)lib->quiet(6); /* L_SEVERITY_NONE */
	return ST_OK;
}
