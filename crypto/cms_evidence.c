#include "crypto/cms_evidence.h"

#include "crypto/oid.h"

#define PLACES 3u     /* lists, then the two attributes */
#define LEAST 32u     /* bytes: no list or answer has fewer */
#define SEEN_COSTS 8u /* as many of those that have */
#define SEEN_MAX (SEEN_COSTS * CMS_EVIDENCE_MAX)

/* Open a place; what is not there is empty. */
static void
open_place(struct cms_evidence_walk *w)
{
	struct bytes attribute;
	struct der_item whole;

	w->outer = w->inner = der_open((struct bytes){ NULL, 0 });
	if (w->place == 0) {
		w->inner = der_open(w->cms->lists);
		return;
	}
	attribute = w->cms->signer.revocations[w->place - 1];
	if (attribute.len && !der_whole(attribute, DER_SEQUENCE, &whole))
		w->outer = der_open(whole.value);
}

void
cms_evidence_open(const struct cms *cms, struct cms_evidence_walk *w)
{
	*w = (struct cms_evidence_walk){ .cms = cms };
	open_place(w);
}

void
cms_evidence_open_signer(const struct cms *cms, struct cms_evidence_walk *w)
{
	*w = (struct cms_evidence_walk){ .cms = cms, .place = 1 };
	open_place(w);
}

/* An attribute has [0] a list of lists and [1] a list of answers. */
static bool
open_next_list(struct cms_evidence_walk *w)
{
	struct der_item tagged, list;

	while (!der_end(&w->outer)) {
		if (der_any(&w->outer, &tagged))
			return false;
		if ((tagged.tag != DER_CONTEXT_MADE(0) &&
			tagged.tag != DER_CONTEXT_MADE(1)) ||
		    der_whole(tagged.value, DER_SEQUENCE, &list))
			continue;
		w->answers = tagged.tag == DER_CONTEXT_MADE(1);
		w->inner = der_open(list.value);
		return true;
	}
	return false;
}

/* RevocationInfoChoice: a list, or something else, of which answers are read.
 */
static bool
take_choice(const struct der_item *item, struct cms_evidence *e)
{
	struct der in;
	struct der_item name, value;

	if (item->tag == DER_SEQUENCE) {
		*e = (struct cms_evidence){ false, item->whole, item->whole };
		return true;
	}
	in = der_open(item->value);
	if (item->tag != DER_CONTEXT_MADE(1) || der_take(&in, DER_OID, &name) ||
	    oid_find(name.value) != OID_OCSP_IN_CMS || der_any(&in, &value))
		return false;
	*e = (struct cms_evidence){ true, value.whole, item->whole };
	return true;
}

bool
cms_evidence_next(struct cms_evidence_walk *w, struct cms_evidence *e)
{
	struct der_item item;

	while (w->seen < SEEN_MAX) {
		if (!der_end(&w->inner) && !der_any(&w->inner, &item)) {
			w->seen += item.whole.len < LEAST ? 1 : SEEN_COSTS;
			if (item.whole.len < LEAST)
				continue;
			if (w->place && item.tag == DER_SEQUENCE) {
				*e = (struct cms_evidence){ w->answers,
					item.whole, item.whole };
				return true;
			}
			if (!w->place && take_choice(&item, e))
				return true;
			continue;
		}
		if (w->place && open_next_list(w))
			continue;
		if (++w->place == PLACES)
			return false;
		open_place(w);
	}
	return false;
}
