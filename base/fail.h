/*
 * How a call says that it did not do what was asked.
 *
 * Every function that can fail returns an enum fail; zero means all is well.
 * The place that detects a failure fills a note (which clause, what was seen);
 * its callers hand the code on.  FAIL_FORMAT is a mistake in somebody else's
 * bytes, FAIL_CORRUPT one in bytes we wrote ourselves.
 */
#ifndef BASE_FAIL_H
#define BASE_FAIL_H

#define CHECKED __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

/* Numbers are stored: add at the end, never change. */
enum fail {
	FAIL_NONE = 0,
	FAIL_FORMAT,      /* foreign bytes break their standard */
	FAIL_CORRUPT,     /* our own stored bytes do not decode or match */
	FAIL_LIMIT,       /* larger, deeper or more than we accept */
	FAIL_MEMORY,      /* no memory within the ceiling */
	FAIL_IO,          /* the system refused to read or write */
	FAIL_FULL,        /* no room on the archive's disk */
	FAIL_MISSING,     /* no such thing */
	FAIL_EXISTS,      /* already there */
	FAIL_USAGE,       /* the caller's words or arguments are off */
	FAIL_RIGHTS,      /* this role or person may not */
	FAIL_STATE,       /* not in the state this act needs */
	FAIL_UNSUPPORTED, /* well formed, but not handled here */
	FAIL_NOT_PDF,     /* no PDF header or trailer at all */
	FAIL_ENCRYPTED,   /* the PDF wants a password */
	FAIL_PROTECTED,   /* the PDF's owner forbids signing it */
	FAIL_CERTIFIED,   /* certified with no changes allowed (P = 1) */
	FAIL_UNSEALABLE,  /* it could not bear the agency's seal or mark */
	FAIL_SCAN,        /* a scanned page is not good enough to be copied */
	FAIL_PICTURE,     /* a seal's or signature's picture is none by law */
	FAIL_DIGEST,      /* a digest differs */
	FAIL_SIGNATURE,   /* a signature value does not verify */
	FAIL_CHAIN,       /* no path to a pinned root */
	FAIL_EXPIRED,     /* certificate not valid at this time */
	FAIL_REVOKED,     /* certificate revoked */
	FAIL_STATUS,      /* nobody tells whether a certificate is revoked */
	FAIL_TOKEN,       /* the token or its module reported an error */
	FAIL_TOKEN_GONE,  /* no token, or pulled out in mid-work */
	FAIL_PIN,         /* wrong PIN */
	FAIL_PIN_LAST,    /* only one try left: not sent */
	FAIL_PIN_LOCKED,  /* the PIN is locked */
	FAIL_KEY,         /* the token holds no such certificate or key, or
			     not one to sign with */
	FAIL_CLOCK,       /* the clock cannot be trusted */
	FAIL_PEER,        /* the other process or side broke the protocol */
	FAIL_TIMEOUT,     /* took longer than allowed */
	FAIL_LOGIN,       /* unknown account or wrong password */
	FAIL_WAIT,        /* too many tries: not now */
	FAIL_PASSWORD,    /* the given password must be changed first */
	FAIL_PIN_CHANGE,  /* the token wants another PIN to be set first */
	FAIL_CANCELED,    /* refused or broken off on the token's own keys */
	FAIL_PIN_EMPTY,   /* no PIN was typed: nothing was sent */
	FAIL_CUSTODY,     /* another clerk keeps the agency's token */
	FAIL_HEAD,        /* its head says another number or date, or leaves
			     no room for them */
	FAIL_PLACE,       /* nothing tells where a mark goes on its page */
	FAIL_COUNT
};

/* Short stable word for logs and tests, for example "LIMIT". */
const char *fail_name(enum fail f);

/* One English sentence without a full stop, for the PC tool and the log. */
const char *fail_text(enum fail f);

/* One Vietnamese sentence: what happened and what the clerk can do now. */
const char *fail_vietnamese(enum fail f);

/*
 * What a failure was about: filled where it is detected, read by whoever shows
 * it.  The text is ASCII English and names the clause of the standard; it never
 * holds bytes of a document, a PIN or a key.
 */
#define NOTE_TEXT_MAX 200

struct note {
	enum fail fail;
	char text[NOTE_TEXT_MAX];
};

/* Fill *note, which may be NULL. */
void note_write(struct note *note, enum fail f, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Fill *note and give f, so that `return note_set(note, FAIL_X, "…")`. */
#define note_set(note, f, ...) (note_write((note), (f), __VA_ARGS__), (f))

#endif
