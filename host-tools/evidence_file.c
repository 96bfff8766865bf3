#include "host-tools/evidence_file.h"

#include "crypto/pem.h"

#define PEM_MAX (64u << 20)

enum fail
evidence_file_open(struct evidence_file *e, const char *path,
    enum evidence_kind kind, int64_t now, struct note *note)
{
	enum fail f = disk_map(path, &e->map);
	struct bytes text;

	if (f)
		return note_set(note, f, "cannot read %.150s", path);
	buf_init(&e->der, PEM_MAX);
	e->evidence = (struct evidence){ .kind = kind, .proven = now };
	text = e->map.bytes;
	if (kind == EVIDENCE_CRL && text.len && text.data[0] == '-') {
		f = pem_next(&text, "X509 CRL", &e->der);
		e->evidence.der = buf_view(&e->der);
		if (f)
			note_write(note, f, "RFC 7468 6: no list in it");
	} else {
		e->evidence.der = text;
		e->evidence.file = kind == EVIDENCE_CRL ? &e->map : NULL;
	}
	if (f)
		evidence_file_close(e);
	return f;
}

void
evidence_file_close(struct evidence_file *e)
{
	buf_free(&e->der);
	disk_unmap(&e->map);
}
