#include "crypto/token_mechanism.h"

#include "base/buf.h"
#include "crypto/der_write.h"
#include "crypto/ecdsa.h"
#include "crypto/oid.h"

static enum fail
take_input(struct bytes in, struct token_mechanism *made)
{
	if (in.len > sizeof(made->in))
		return FAIL_LIMIT;
	memcpy(made->in, in.data, in.len);
	made->in_len = in.len;
	return FAIL_NONE;
}

/* DigestInfo of RFC 8017 9.2, which the token pads and signs. */
static enum fail
take_digest_info(
    enum hash_kind kind, struct bytes digest, struct token_mechanism *made)
{
	struct buf info;
	der_mark whole, algorithm;
	enum fail f;

	buf_init(&info, TOKEN_INPUT_MAX);
	whole = algorithm = der_begin(&info);
	oid_put(&info, hash_oid(kind));
	der_put_null(&info);
	der_end_with(&info, algorithm, 0x30);
	der_put(&info, 0x04, digest);
	der_end_with(&info, whole, 0x30);
	f = buf_fail(&info);
	if (!f)
		f = take_input(buf_view(&info), made);
	buf_free(&info);
	return f;
}

static const struct {
	enum hash_kind kind;
	CK_MECHANISM_TYPE hash;
	CK_RSA_PKCS_MGF_TYPE mask;
} pss_names[] = {
	{ HASH_SHA1, CKM_SHA_1, CKG_MGF1_SHA1 },
	{ HASH_SHA224, CKM_SHA224, CKG_MGF1_SHA224 },
	{ HASH_SHA256, CKM_SHA256, CKG_MGF1_SHA256 },
	{ HASH_SHA384, CKM_SHA384, CKG_MGF1_SHA384 },
	{ HASH_SHA512, CKM_SHA512, CKG_MGF1_SHA512 },
};

static enum fail
take_pss(const struct signature_algorithm *a, struct token_mechanism *made)
{
	made->pss.sLen = (CK_ULONG)a->salt_len;
	made->mechanism =
	    (CK_MECHANISM){ CKM_RSA_PKCS_PSS, &made->pss, sizeof(made->pss) };
	for (size_t i = 0; i < sizeof(pss_names) / sizeof(pss_names[0]); i++) {
		if (pss_names[i].kind == a->hash)
			made->pss.hashAlg = pss_names[i].hash;
		if (pss_names[i].kind == a->mgf_hash)
			made->pss.mgf = pss_names[i].mask;
	}
	return made->pss.hashAlg && made->pss.mgf ? FAIL_NONE :
						    FAIL_UNSUPPORTED;
}

enum fail
token_mechanism_make(const struct signature_algorithm *a, const uint8_t *digest,
    struct token_mechanism *made)
{
	struct bytes in = { digest, hash_len(a->hash) };
	enum fail f;

	*made = (struct token_mechanism){ .in_len = 0 };
	switch (a->kind) {
	case KEY_RSA:
		made->mechanism.mechanism = CKM_RSA_PKCS;
		return take_digest_info(a->hash, in, made);
	case KEY_RSA_PSS:
		f = take_pss(a, made);
		return f ? f : take_input(in, made);
	case KEY_EC:
		made->mechanism.mechanism = CKM_ECDSA;
		return take_input(in, made);
	default:
		return FAIL_UNSUPPORTED;
	}
}

enum fail
token_value_finish(const struct signature_algorithm *a,
    uint8_t value[static SIGNATURE_MAX], size_t *len)
{
	struct buf der;
	enum fail f;

	if (a->kind != KEY_EC)
		return FAIL_NONE;
	buf_init(&der, SIGNATURE_MAX);
	f = ecdsa_to_der((struct bytes){ value, *len }, &der);
	if (!f) {
		memcpy(value, der.data, der.len);
		*len = der.len;
	}
	buf_free(&der);
	return f;
}
