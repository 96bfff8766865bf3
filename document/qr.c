#include "document/qr.h"

#include <errno.h>

#include <qrencode.h>

#define VERSION_MAX 20

enum fail
qr_make(struct bytes text, struct qr *qr)
{
	QRinput *input;
	QRcode *code;
	int saved;

	*qr = (struct qr){ .side = 0 };
	if (!text.len || text.len > 4296) /* letters of the largest symbol */
		return text.len ? FAIL_LIMIT : FAIL_FORMAT;
	input = QRinput_new2(0, QR_ECLEVEL_L);
	if (!input)
		return FAIL_MEMORY;
	if (QRinput_append(input, QR_MODE_AN, (int)text.len, text.data)) {
		saved = errno;
		QRinput_free(input);
		return saved == ENOMEM ? FAIL_MEMORY : FAIL_FORMAT;
	}
	code = QRcode_encodeInput(input);
	saved = errno;
	QRinput_free(input);
	if (!code)
		return saved == ERANGE ? FAIL_LIMIT : FAIL_MEMORY;
	if (code->version > VERSION_MAX) {
		QRcode_free(code);
		return FAIL_LIMIT;
	}
	qr->side = (unsigned)code->width;
	/* One byte a module, its lowest bit tells dark. */
	for (unsigned y = 0; y < qr->side; y++)
		for (unsigned x = 0; x < qr->side; x++)
			qr->dark[y][x] = code->data[y * qr->side + x] & 1;
	QRcode_free(code);
	return FAIL_NONE;
}
