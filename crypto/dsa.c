#include "crypto/dsa.h"

#include <mbedtls/bignum.h>

#include "crypto/der_read.h"

/* Sizes of FIPS 186-4 4.2, without those nobody can call safe any more. */
#define P_BITS_MIN 1024u
#define P_BITS_MAX 3072u
#define Q_BITS_MIN 160u
#define Q_BITS_MAX 256u

/* A key's numbers and a signature's. */
struct dsa {
	mbedtls_mpi p, q, g, y, r, s;
};

static void
dsa_init(struct dsa *d)
{
	mbedtls_mpi_init(&d->p);
	mbedtls_mpi_init(&d->q);
	mbedtls_mpi_init(&d->g);
	mbedtls_mpi_init(&d->y);
	mbedtls_mpi_init(&d->r);
	mbedtls_mpi_init(&d->s);
}

static void
dsa_free(struct dsa *d)
{
	mbedtls_mpi_free(&d->p);
	mbedtls_mpi_free(&d->q);
	mbedtls_mpi_free(&d->g);
	mbedtls_mpi_free(&d->y);
	mbedtls_mpi_free(&d->r);
	mbedtls_mpi_free(&d->s);
}

/* An INTEGER above zero. */
static enum fail
number(struct der *in, mbedtls_mpi *n)
{
	struct der_item item;
	enum fail f = der_take(in, DER_INTEGER, &item);

	if (f)
		return f;
	if (!item.value.len || item.value.data[0] & 0x80)
		return FAIL_FORMAT;
	if (item.value.len > P_BITS_MAX / 8 + 1)
		return FAIL_UNSUPPORTED;
	if (mbedtls_mpi_read_binary(n, item.value.data, item.value.len))
		return FAIL_MEMORY;
	return mbedtls_mpi_cmp_int(n, 0) > 0 ? FAIL_NONE : FAIL_FORMAT;
}

/* So many numbers one after another in a sequence, and nothing else. */
static enum fail
numbers(struct bytes sequence, mbedtls_mpi **list, size_t count)
{
	struct der_item whole;
	struct der in;
	enum fail f = der_whole(sequence, DER_SEQUENCE, &whole);

	if (f)
		return f;
	in = der_open(whole.value);
	for (size_t i = 0; i < count && !f; i++)
		f = number(&in, list[i]);
	return !f && !der_end(&in) ? FAIL_FORMAT : f;
}

static enum fail
read_parameters(struct bytes parameters, struct dsa *d)
{
	mbedtls_mpi *list[] = { &d->p, &d->q, &d->g };
	size_t p, q;
	enum fail f = numbers(parameters, list, 3);

	if (f)
		return f;
	p = mbedtls_mpi_bitlen(&d->p);
	q = mbedtls_mpi_bitlen(&d->q);
	/* The arithmetic wants an odd modulus, and a generator within it. */
	return p < P_BITS_MIN || p > P_BITS_MAX || q < Q_BITS_MIN ||
		q > Q_BITS_MAX || !mbedtls_mpi_get_bit(&d->p, 0) ||
		!mbedtls_mpi_get_bit(&d->q, 0) ||
		mbedtls_mpi_cmp_int(&d->g, 1) <= 0 ||
		mbedtls_mpi_cmp_mpi(&d->g, &d->p) >= 0 ?
	    FAIL_UNSUPPORTED :
	    FAIL_NONE;
}

enum fail
dsa_parameters(struct bytes parameters, struct public_key *key)
{
	struct dsa d;
	enum fail f;

	if (!parameters.len)
		return FAIL_NONE;
	dsa_init(&d);
	f = read_parameters(parameters, &d);
	if (!f) {
		key->parameters = parameters;
		key->bits = (unsigned)mbedtls_mpi_bitlen(&d.p);
	}
	dsa_free(&d);
	return f;
}

/* v = (g^(h/s) · y^(r/s) mod p) mod q, into d->y; the leftmost bits of the
 * digest count. */
static int
work_out(struct dsa *d, const uint8_t *digest, size_t len)
{
	size_t q_len = (mbedtls_mpi_bitlen(&d->q) + 7) / 8;
	size_t extra = 8 * q_len - mbedtls_mpi_bitlen(&d->q);
	mbedtls_mpi h;
	int rc;

	mbedtls_mpi_init(&h);
	rc = mbedtls_mpi_read_binary(&h, digest, len < q_len ? len : q_len);
	if (!rc && len >= q_len && extra)
		rc = mbedtls_mpi_shift_r(&h, extra);
	if (!rc)
		rc = mbedtls_mpi_inv_mod(&d->s, &d->s, &d->q);
	if (!rc)
		rc = mbedtls_mpi_mul_mpi(&h, &h, &d->s);
	if (!rc)
		rc = mbedtls_mpi_mod_mpi(&h, &h, &d->q);
	if (!rc)
		rc = mbedtls_mpi_mul_mpi(&d->s, &d->s, &d->r);
	if (!rc)
		rc = mbedtls_mpi_mod_mpi(&d->s, &d->s, &d->q);
	if (!rc)
		rc = mbedtls_mpi_exp_mod(&d->g, &d->g, &h, &d->p, NULL);
	if (!rc)
		rc = mbedtls_mpi_exp_mod(&d->y, &d->y, &d->s, &d->p, NULL);
	if (!rc)
		rc = mbedtls_mpi_mul_mpi(&d->y, &d->y, &d->g);
	if (!rc)
		rc = mbedtls_mpi_mod_mpi(&d->y, &d->y, &d->p);
	if (!rc)
		rc = mbedtls_mpi_mod_mpi(&d->y, &d->y, &d->q);
	mbedtls_mpi_free(&h);
	return rc;
}

static enum fail
verify(struct dsa *d, const struct public_key *key, struct bytes octets,
    const uint8_t *digest, size_t digest_len, struct bytes signature)
{
	mbedtls_mpi *pair[] = { &d->r, &d->s };
	struct der in = der_open(octets);
	enum fail f = read_parameters(key->parameters, d);

	if (f)
		return f;
	f = number(&in, &d->y);
	if (!f && !der_end(&in))
		f = FAIL_FORMAT;
	if (!f)
		f = numbers(signature, pair, 2);
	if (f)
		return f == FAIL_MEMORY ? f : FAIL_SIGNATURE;
	if (mbedtls_mpi_cmp_int(&d->y, 1) <= 0 ||
	    mbedtls_mpi_cmp_mpi(&d->y, &d->p) >= 0 ||
	    mbedtls_mpi_cmp_mpi(&d->r, &d->q) >= 0 ||
	    mbedtls_mpi_cmp_mpi(&d->s, &d->q) >= 0 ||
	    work_out(d, digest, digest_len) ||
	    mbedtls_mpi_cmp_mpi(&d->y, &d->r) != 0)
		return FAIL_SIGNATURE;
	return FAIL_NONE;
}

enum fail
dsa_verify(const struct public_key *key, struct bytes octets,
    const uint8_t *digest, size_t digest_len, struct bytes signature)
{
	struct dsa d;
	enum fail f;

	if (!key->parameters.len)
		return FAIL_UNSUPPORTED;
	dsa_init(&d);
	f = verify(&d, key, octets, digest, digest_len, signature);
	dsa_free(&d);
	return f;
}
