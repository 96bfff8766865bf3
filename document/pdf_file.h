/*
 * A PDF file for reading: its cross-reference, its objects, its trailer
 * (ISO 32000-1 7.5; versions 1.0 to 2.0, tables, streams, hybrids, object
 * streams, any number of updates).
 *
 * The file's bytes are the caller's, usually a read-only map, and stay until
 * pdf_file_close.  Values live in the file's arena.  When the cross-reference
 * is broken but the objects are sound, it is rebuilt by scanning and `repaired`
 * is set; nothing in the bytes is changed.
 */
#ifndef DOCUMENT_PDF_FILE_H
#define DOCUMENT_PDF_FILE_H

#include "base/disk.h"
#include "document/pdf_crypt.h"
#include "document/pdf_value.h"

#define PDF_OBJECTS_MAX 8388607u /* ISO 32000-1 Annex C.2 */
/* What refers to a number from here on never comes alive: new objects have
 * lower ones, as some readers want it (pdf_strict.h). */
#define PDF_NAMED_MAX 4128768u
#define PDF_SECTIONS_MAX 4096u     /* updates followed back */
#define PDF_STREAM_MAX (48u << 20) /* decoded bytes of one stream we read */
#define PDF_ARENA_MAX (64u << 20)  /* values held at once */
#define PDF_PROGRAMS_KEPT 8u
#define PDF_LOOKS_MAX (32u << 20) /* of all revisions together */
#define PDF_TELLS_MAX (64u << 20)
#define PDF_ENTRIES_MAX (96u << 20)
#define PDF_UNPACKED_MAX (1u << 30)

enum pdf_entry_kind { ENTRY_NONE, ENTRY_FREE, ENTRY_PLAIN, ENTRY_PACKED };

#define PDF_WHERE_BITS 45

/* Where an object is, in eight bytes. */
struct pdf_xref_entry {
	uint64_t kind : 2;   /* enum pdf_entry_kind */
	uint64_t aux : 16;   /* PLAIN, FREE: generation; PACKED: index */
	uint64_t hidden : 1; /* a hybrid file's stream has it, its table not */
	uint64_t where : PDF_WHERE_BITS; /* PLAIN: offset; PACKED: number of its
					    stream */
};
_Static_assert(2 + 16 + 1 + PDF_WHERE_BITS == 64, "an entry is eight bytes");

#define PDF_PACKS_HELD 4u

/* One object of an object stream. */
struct pdf_packed {
	uint32_t num, index;
	size_t offset; /* in the decoded data … */
	size_t end;    /* … where the next one begins */
};

/* A decoded object stream kept for the next look-up. */
struct pdf_pack {
	uint32_t num; /* 0: empty slot */
	uint32_t count;
	struct pdf_packed *rows; /* owned: by number, then by index */
	uint64_t used;           /* for choosing the slot to give up */
	bool odd;                /* its objects do not follow one another */
	bool broken;             /* it cannot be unpacked */
	struct buf data;
};

/* One indirect object. */
struct pdf_object {
	struct pdf_ref id;
	const struct pdf_value *value;
	const struct pdf_value *source; /* the same before decryption: its raw
					   bytes lie in the file */
	bool is_stream;
	struct bytes stream; /* encoded bytes, when is_stream */
	size_t at; /* offset of the object in the file; SIZE_MAX when packed */
};

#define PDF_RECENT_MAX 4096u /* objects kept as they were read last */

/* Rows of cross-references read of one file and its revisions, those read again
 * with them. */
#define PDF_ROWS_MAX (1u << 25)

/* One section of a cross-reference, as it was read. */
struct pdf_section {
	int64_t offset;   /* as written */
	size_t end;       /* in the file, of all that was read for it; SIZE_MAX:
			     not known */
	size_t table_end; /* of a table, its trailer with it */
	size_t hybrid_at; /* the stream that its trailer names; 0: none */
	const struct pdf_value *trailer;
	bool is_stream;
	size_t first, count; /* of its rows in the list of all */
};

struct pdf_row {
	uint32_t num;
	struct pdf_xref_entry entry;
};

/* All of them, newest first: pdf_xref_keep. */
struct pdf_sections {
	struct pdf_section *list;
	size_t count;
	struct buf rows;    /* struct pdf_row */
	struct arena arena; /* of the trailers */
};

struct pdf_file {
	struct bytes in;
	/* Its first bytes from offset 0 of a descriptor, 0: none
	 * (pdf_file_back). */
	int fd;
	size_t fd_len;
	size_t base; /* bytes in front of the header that offsets skip */
	int major, minor;
	struct arena arena;
	struct pdf_xref_entry *entries; /* owned */
	uint32_t entry_count;
	const struct pdf_value *trailer; /* newest one */
	struct pdf_ref root;
	uint64_t start;      /* offset of the newest section, as written */
	bool stream_section; /* the newest section is a stream */
	bool in_hybrid;      /* a hybrid file's stream is being read … */
	bool hides;          /* … and has what no table has */
	bool odd;            /* the section being read is not as it should be */
	uint32_t highest;    /* number that it lists */
	size_t odd_from;     /* the last such section's place, or 0; hybrid ones
				with them */
	bool crooked;        /* there is one that is not only hybrid */
	uint32_t rows_read;  /* against a budget */
	bool repaired;
	unsigned sections;
	struct pdf_pack packs[PDF_PACKS_HELD];
	uint64_t clock;
	/* Plain objects by number: walks come back to the same ones again and
	 * again.  Once the file is open, until the arena goes back. */
	struct pdf_object *recent; /* owned; recent_room of them */
	uint32_t recent_room;
	unsigned recent_backs;
	/* The newest revision of the same bytes, open as long as this one, or
	 * NULL: what stands in both is read there, and only once. */
	struct pdf_file *newer;
	bool opened;
	struct pdf_shared *shared; /* owned: pdf_shared.h; NULL: nothing is */
	struct pdf_crypt crypt;
	struct bytes password; /* borrowed until the file is closed */
	bool ambiguous;        /* readers may differ about a packed object */
	bool torn; /* some stream, since this was cleared, about which they
		      differ how it unpacks */
	bool two_starts;        /* … or about where they begin to read */
	uint32_t named_highest; /* object referred to in what was read */
	uint64_t work; /* bytes read while repairing, against a budget */
	/* Of the newest revision: bytes of looks that may still be judged, and
	 * of looks and pages that may be told of. */
	uint64_t looks_left, tells_left;
	/* Likewise: is any page turned when it is shown? */
	enum pdf_pages { PAGES_UNKNOWN, PAGES_STAND, PAGES_TURN } pages;
	uint64_t entries_left; /* that tables of earlier ones may have */
	/* Bytes that filters may still give out, those in between, too, and
	 * what reading of it costs; with none left what is packed is not read,
	 * and the file ambiguous. */
	uint64_t unpacked_left;
	struct buf *rows; /* set while sections are read again: pdf_xref.h */
	struct pdf_sections *kept; /* owned: pdf_xref_keep; NULL: not asked */
	/* Of pdf_all_listed: from here on all is, by sections from here on; the
	 * next one's offset as written.  0: it was not asked. */
	size_t listed_from;
	int64_t listed_next;
	/* Likewise: is each stream of objects there that an entry names? */
	enum { PACKS_UNASKED, PACKS_THERE, PACKS_MISSING } packs_there;
	/* Of pdf_strict_references: a bit for each that leads to its object;
	 * owned, NULL: it was not asked. */
	uint64_t *led;
	/* Of pdf_hides_object: where the first one is; 0: it was not asked.
	 * Those that no section lists and something behind them took the place
	 * of; owned. */
	size_t hidden_at;
	struct pdf_sleeper {
		size_t at;
		uint32_t num;
	} * sleepers;
	size_t sleeper_count;
	struct pdf_signers *signers; /* owned: pdf_signers.h; NULL: not asked */
	struct pdf_twins *twins;     /* owned: pdf_twins.h; likewise */
	struct pdf_reach *reach;     /* owned: pdf_reach.h; likewise */
	struct pdf_fonts *fonts;     /* owned: pdf_letters.h; likewise */
	/* Of font_program.h: those looked at. */
	struct pdf_program {
		uint32_t num;
		const char *key;
		bool good;
	} programs[PDF_PROGRAMS_KEPT];
	size_t program_count;
	struct note note;
};

/*
 * Open.  FAIL_NOT_PDF, FAIL_FORMAT (no catalogue even by scanning),
 * FAIL_ENCRYPTED, FAIL_LIMIT.  The file is closed again on failure, but
 * file->note still says why.
 */
CHECKED enum fail pdf_file_open(struct pdf_file *file, struct bytes in);

/* The same with a password, which must stay; pdf_file_open tries the empty
 * one. */
CHECKED enum fail pdf_file_open_with(
    struct pdf_file *file, struct bytes in, struct bytes password);
/*
 * An earlier revision of an open file: its first len bytes.  What stands in
 * both is read in the newer one only, which stays open as long and is no
 * earlier revision itself.  FAIL_LIMIT, too: many were opened, whose tables are
 * long.
 */
CHECKED enum fail
pdf_file_open_older(struct pdf_file *file, struct pdf_file *newer, size_t len);

void pdf_file_close(struct pdf_file *file);

/*
 * An open file's first bytes are those of the map, whole: digests read them
 * from its descriptor without touching every page, and scans give pages back. A
 * small map has no pages to save.
 */
void pdf_file_back(struct pdf_file *file, const struct disk_map *map);

/* Give back what of these bytes stands in a descriptor. */
void pdf_file_forget(struct pdf_file *file, size_t from, size_t end);

/* Take so much of unpacked_left.  FAIL_LIMIT. */
CHECKED enum fail pdf_charge(struct pdf_file *file, uint64_t len);

/* The newest revision that is open: the one it was opened beside, or itself. */
static inline struct pdf_file *
pdf_newest(struct pdf_file *file)
{
	return file->newer ? file->newer : file;
}

/* Does any object stand in a stream of objects? */
bool pdf_has_packed(const struct pdf_file *file);

/*
 * Read object num.  FAIL_MISSING: free or unknown (its value is then null, by
 * 7.3.10); FAIL_FORMAT: what stands there is another object or none.
 */
CHECKED enum fail
pdf_object_read(struct pdf_file *file, uint32_t num, struct pdf_object *object);

/* The same, but kept nowhere: it is gone when the file's arena goes back to a
 * mark.  For those who look at all objects. */
CHECKED enum fail pdf_object_glance(
    struct pdf_file *file, uint32_t num, struct pdf_object *object);

/* Follow references until a value; never NULL: a dead end is the null value. */
const struct pdf_value *
pdf_resolve(struct pdf_file *file, const struct pdf_value *value);

/* pdf_resolve, but the value as it stands in the file, strings encrypted. */
const struct pdf_value *
pdf_resolve_source(struct pdf_file *file, const struct pdf_value *value);

/* pdf_entry, then pdf_resolve. */
const struct pdf_value *
pdf_get(struct pdf_file *file, const struct pdf_value *dict, const char *key);

/*
 * The highest object number that bytes of PDF syntax refer to.  A reference to
 * an object that is not there must not come alive by what is added.
 */
uint32_t pdf_highest_reference(struct bytes in);

/* The document catalogue; a dictionary once the file is open. */
const struct pdf_value *pdf_catalog(struct pdf_file *file);

/* Append the decoded content of a stream: Flate with predictors, ASCIIHex,
 * ASCII85.  FAIL_UNSUPPORTED: another filter. */
CHECKED enum fail pdf_stream_decode(
    struct pdf_file *file, const struct pdf_object *object, struct buf *out);

/* The catalogue's or header's version as 10 * major + minor: 14 for 1.4. */
int pdf_version(struct pdf_file *file);

#endif
