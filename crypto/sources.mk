crypto-y := crypto/hash.c crypto/sha256.c crypto/random.c crypto/der_read.c \
	crypto/der_write.c crypto/oid.c crypto/signature.c crypto/ecdsa.c crypto/cert.c crypto/name.c crypto/crl.c crypto/distribution.c crypto/ocsp.c crypto/revocation.c \
	crypto/chain.c crypto/pki_class.c crypto/signing_cert.c crypto/path.c crypto/policy.c crypto/name_constraints.c crypto/dsa.c crypto/cms_read.c crypto/cms_write.c crypto/cms_pieces.c crypto/cms_grow.c crypto/cms_archive.c crypto/cms_evidence.c crypto/cms_record.c crypto/evidence_record.c crypto/hash_tree.c crypto/timestamp.c \
	crypto/token_pkcs11.c crypto/token_mechanism.c crypto/token_find.c crypto/token_engine.c crypto/cert_file.c crypto/pem.c crypto/cipher.c crypto/password.c
crypto-y += $(if $(filter x86_64,$(ARCH)),crypto/sha256_x86.c,crypto/sha256_arm.c)
