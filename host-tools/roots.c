#include "host-tools/roots.h"

enum fail
roots_load(const char *folder, struct cert_file_set *roots,
    struct cert_file_set *pool, struct note *note)
{
	struct cert_file_set all;
	enum fail f;

	cert_file_set_init(&all);
	f = cert_file_add_folder(&all, folder, note);
	for (size_t i = 0; i < all.count && !f; i++)
		f = cert_file_add_der(
		    cert_self_issued(&all.certs[i]) ? roots : pool,
		    all.certs[i].der, note);
	cert_file_set_free(&all);
	return f;
}
