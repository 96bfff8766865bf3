#include "crypto/pki_class.h"

#include "crypto/cert_file.h"

/* The CAs that decide, read once. */
static struct cert_file_set known;
static size_t ends[3]; /* of each tree among them, in order of enum cert_tree */

static const enum pki_class classes[] = { [TREE_STATE] = PKI_STATE,
	[TREE_PARTY] = PKI_PARTY,
	[TREE_PUBLIC] = PKI_PUBLIC };

static bool
read_known(void)
{
	if (known.count)
		return true;
	cert_file_set_init(&known);
	for (enum cert_tree t = TREE_STATE; t <= TREE_PUBLIC; t++) {
		if (cert_file_add_tree(&known, t, NULL)) {
			cert_file_set_free(&known);
			return false;
		}
		ends[t] = known.count;
	}
	return true;
}

enum pki_class
pki_class_of(const struct cert *cert, struct cert_set pool)
{
	struct cert_set all;
	struct chain chain = { .count = 0 };
	const struct cert *last;

	if (!read_known())
		return PKI_OTHER;
	all = cert_file_view(&known);
	/* That something on the way has ended does not make it another's. */
	(void)!chain_build(cert, pool, all, cert->not_before, &chain, NULL);
	if (!chain.count)
		return PKI_OTHER;
	last = chain.certs[chain.count - 1];
	for (enum cert_tree t = TREE_STATE; t <= TREE_PUBLIC; t++)
		for (size_t i = t ? ends[t - 1] : 0; i < ends[t]; i++)
			if (bytes_equal(known.certs[i].der, last->der))
				return classes[t];
	return PKI_OTHER;
}

const char *
pki_class_name(enum pki_class pki)
{
	static const char *const names[] = { "other", "state", "party",
		"public" };

	return names[pki];
}

const char *
pki_class_vietnamese(enum pki_class pki)
{
	static const char *const names[] = { "khác hoặc không rõ",
		"chuyên dùng công vụ (cơ quan Nhà nước)",
		"chuyên dùng công vụ (cơ quan Đảng)", "công cộng" };

	return names[pki];
}
