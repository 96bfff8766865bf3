/*
 * Two revisions of a file walked side by side: what pdf_changes.c shares with
 * those that judge one thing each.  Not for others.
 */
#ifndef DOCUMENT_PDF_WALK_H
#define DOCUMENT_PDF_WALK_H

#include "document/pdf_changes.h"
#include "document/pdf_roles.h"
#include "document/pdf_signers.h"
#include "document/pdf_twins.h"

/* Two values that stand in the same place of the two revisions; NULL: none. */
struct pair {
	const struct pdf_value *old, *new;
	enum role role;
};

struct walk {
	struct pdf_file *old, *new;
	struct pair *pairs; /* to do, last first */
	size_t count, room;
	uint64_t *seen; /* bit per role and object number of the new file */
	size_t steps;
	uint32_t at;        /* number of the object at hand, or 0 */
	struct pair *aside; /* owned: what may be compared elsewhere, until */
	size_t aside_count, aside_room;
	bool late;       /* … all else has been */
	uint8_t *counts; /* owned: pdf_referred.h, once it was asked for */
	const struct pdf_signers *signers; /* of the newest revision */
	struct buf looks; /* owned: what texts of the old file are shown with,
			     once asked for */
	struct buf led;   /* owned: references that new looks lead to */
	bool bare;        /* something has no such string of its own … */
	bool lookless;    /* … and some box no look, … */
	bool undrawn;     /* … or some filled field; */
	bool anew;        /* readers shall draw all of them */
	enum pdf_stage stage;
	const struct pdf_locks *locks;
	enum pdf_changes worst;
	struct note *note;
	bool unknown;  /* it cannot be told: the walk ends */
	bool unshown;  /* what is at hand is nothing that a page shows */
	bool dangling; /* something leads to nothing */
	bool doubtful; /* readers may differ, unless something worse is found */
};

static inline bool
walk_is_ref(const struct pdf_value *v)
{
	return v && v->type == PDF_REF;
}

/* Something changed; the worst counts, and the first of that kind is told. */
void walk_found(struct walk *walk, enum pdf_changes kind, const char *what);

/* Compare these two, later. */
void walk_push(struct walk *walk, const struct pdf_value *old,
    const struct pdf_value *new, enum role role);

/* All that a value leads to is there, or some readers rebuild the table when
 * they draw it: looked at later. */
void walk_lead(struct walk *walk, const struct pdf_value *value);

/* One more step; too many, and it is not known what changed. */
bool walk_may_step(struct walk *walk);

/* Is one place at most in the old revision that leads to this object? */
bool walk_named_once(struct walk *walk, uint32_t num);

/* ---- objects as they are written: pdf_opened.c ---- */

/*
 * The object behind a value with its stream; the value itself when direct.
 * value NULL: absent.  Generations must agree everywhere: readers differ about
 * references whose generation is not the object's.
 */
void walk_open(struct walk *walk, struct pdf_file *file,
    const struct pdf_value *value, struct pdf_object *object);

/* The catalogues, and the trailers that name them.  false: it is another object
 * now. */
bool walk_open_roots(
    struct walk *walk, struct pdf_object *old, struct pdf_object *new);

/* ---- the same in other words: pdf_retold.c ---- */

/*
 * Must it be the same, and is it told in another way?  Readers may take numbers
 * of objects for names of what they are (layers, destinations, keys of old
 * encrypted files), want a value here and an object there, and see in an entry
 * that is null less than nothing: what a page above it has is no longer
 * inherited.
 */
bool walk_retold(struct walk *walk, const struct pair *pair);

/* Of a rectangle every reader takes 612 for 612.0. */
bool walk_is_box(struct bytes key);
bool walk_same_number(const struct pdf_value *a, const struct pdf_value *b);

/* ---- what is added to lists of annotations and fields: pdf_added.c ---- */

/* Is it a field or widget of a signature that came later, and is there? */
bool walk_is_signed(const struct walk *walk, uint32_t num);

/* Does a value refer to one? */
bool walk_new_signature(const struct walk *walk, const struct pdf_value *value);

/* A field or widget was signed just now.  One of a time-stamp is not seen:
 * nobody answers for what it shows. */
void
walk_signed(struct walk *walk, const struct pdf_value *field, const char *what);

/* Is the widget's rectangle nothing? */
bool walk_no_room(struct walk *walk, const struct pdf_value *widget);

/* A resource of the form that came: one that old texts are not shown with. */
void walk_resource(struct walk *walk, struct bytes key,
    const struct pdf_value *added, enum role role);

/* Does a signature dictionary sign more than the old revision? */
bool walk_signs_beyond(struct walk *walk, const struct pdf_value *value);

/*
 * Lists of annotations or fields, NULL: none: what stood there stays, in order;
 * what comes is a signature.
 */
void walk_list(struct walk *walk, const struct pdf_value *old,
    const struct pdf_value *new, enum role each);

/* ---- looks: pdf_looks.c ---- */

/*
 * The looks of a field filled or signed just now are there, each with a box of
 * four numbers: some readers that find nothing rebuild the file's table, and
 * one without a box is drawn over all of the page.
 */
void walk_look(struct walk *walk, const struct pdf_value *looks);

/* The look of a field filled or signed just now is new with it.  One that was
 * an object of its own stays that object where others use it too, who are
 * compared on their way. */
void walk_exchange(struct walk *walk, const struct pair *pair);

/* Whether readers draw looks themselves (12.7.2, /NeedAppearances): what is
 * shown then is for each of them to say. */
void walk_drawn(struct walk *walk, const struct pair *pair);

/* Of a box that was ticked: they are as they were, or drawn anew as they were
 * (pdf_redrawn.c). */
void walk_redrawn(struct walk *walk, const struct pdf_value *old,
    const struct pdf_value *new);

/* Does what a field or widget says it stands below name it, too, if it was
 * touched?  One that is not named shows what it did while the field is filled.
 */
bool walk_is_named_above(struct walk *walk, const struct pdf_value *ref,
    const struct pdf_value *above);

/* Does a look of a box show a tick, and nothing else? */
bool walk_is_tick(struct walk *walk, const struct pdf_value *field,
    const struct pdf_value *look);

/* Is a look's text the value as the field's own script shows numbers?  The
 * script is the signed one, as it may not change. */
bool walk_is_formatted(struct walk *walk, const struct pdf_value *field,
    struct bytes said, struct bytes look);

/*
 * Has the form of a look room, is it at most turned by quarters, as its page or
 * field is, and does it stand as large as it is?  num: of its widget, or 0.
 */
bool walk_is_upright(struct walk *walk, const struct pdf_value *form,
    const struct pdf_value *widget, uint32_t num);

/* Its flags: whether, where and how it is seen stays as it was. */
void walk_flags(struct walk *walk, const struct pair *pair);

/* Its default appearance: a font and a colour. */
void walk_setting(struct walk *walk, const struct pair *pair);

/* Its border and ground, which some programs write in other words: of what it
 * is drawn with (/MK) the colours may be others. */
void walk_colours(struct walk *walk, const struct pair *pair);

/* Do all readers draw ASCII with it as it is? */
bool walk_is_plain_font(struct walk *walk, const struct pdf_value *font);

/* The fonts of the form. */
const struct pdf_value *walk_fonts(struct pdf_file *file);

/* Does a field take so many letters? */
bool walk_has_place(
    struct walk *walk, const struct pdf_value *field, struct bytes said);

/* Is a field shown by widgets below it, and is none itself? */
bool walk_is_drawn_below(struct walk *walk, const struct pdf_value *field);

/* Where some readers draw fields themselves: will they draw letters they have,
 * in a known font, dark on light, and all of them? */
bool walk_is_drawn(struct walk *walk, const struct pdf_value *field,
    const struct pdf_value *value, int64_t flags);

/*
 * A text or choice that was filled shows its value, and so do its widgets, if
 * they have looks: one of letters, as long as may be.  old: the field as it
 * was.
 */
void walk_shown(struct walk *walk, const struct pdf_value *old,
    const struct pdf_value *field);

/* The looks of a box that had none: a tick where it is ticked. */
void walk_ticks(struct walk *walk, const struct pdf_value *field);

/* A field without a value that shows a text has been read as if it had one. */
void walk_blank(struct walk *walk, const struct pdf_value *field);

/* ---- fields filled: pdf_filled.c ---- */

/* A value that was empty may become one. */
void walk_fill(struct walk *walk, const struct pair *pair);

/*
 * A field of the new revision whose value was empty and is none now, or a
 * widget of it: the value stands where the name stands (12.7.4.2), once, and
 * the box that is ticked is the one it names.
 */
void walk_filled(struct walk *walk, const struct pdf_value *field);

/* A field that came or was filled is listed, and has a name of its own. */
void walk_named(struct walk *walk, uint32_t num);

/* A tick may be set, not taken away or moved. */
void walk_tick(struct walk *walk, const struct pair *pair);

/* Is a field's own /Ff what held before, and read only (bit 1 of 12.7.4.1)? */
bool walk_may_shut(struct walk *walk, const struct pdf_value *old,
    const struct pdf_value *new);

/* Is a new field or widget of a signature nothing else besides: no action, no
 * field of another kind, nothing below it but its own widgets? */
bool walk_only_signs(struct walk *walk, const struct pdf_value *field);

/* ---- the structure tree: pdf_structure.c ---- */

/*
 * Children of its root or of an element (new is there); one stands for a list
 * of one.  What stood there stays, in order; behind or between may come
 * elements for new signatures.  Of pairs (numbered) each number goes with what
 * follows it.
 */
void walk_branch(struct walk *walk, const struct pdf_value *old,
    const struct pdf_value *new, bool numbered);

/* The bounds of one node of a tree of numbers: they may change with what is
 * below it, from right ones to right ones. */
void walk_bounds(struct walk *walk, const struct pdf_value *old,
    const struct pdf_value *new);

/* A number that may grow. */
void walk_next(struct walk *walk, const struct pair *pair);

#endif
