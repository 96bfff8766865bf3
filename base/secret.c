#include "base/secret.h"

#include <sys/mman.h>
#include <unistd.h>

static size_t
page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

enum fail
secret_init(struct secret *s)
{
	void *page = mmap(NULL, page_size(), PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	*s = (struct secret){ NULL, 0 };
	if (page == MAP_FAILED)
		return FAIL_MEMORY;
	if (mlock(page, page_size()) ||
	    madvise(page, page_size(), MADV_DONTDUMP)) {
		munmap(page, page_size());
		return FAIL_MEMORY;
	}
	s->data = page;
	return FAIL_NONE;
}

enum fail
secret_set(struct secret *s, struct bytes in)
{
	secret_wipe(s);
	if (in.len > SECRET_MAX)
		return FAIL_LIMIT;
	if (in.len)
		memcpy(s->data, in.data, in.len);
	s->len = in.len;
	return FAIL_NONE;
}

void
secret_wipe(struct secret *s)
{
	if (s->data)
		explicit_bzero(s->data, SECRET_MAX);
	s->len = 0;
}

void
secret_free(struct secret *s)
{
	if (!s->data)
		return;
	secret_wipe(s);
	munmap(s->data, page_size());
	s->data = NULL;
}

struct bytes
secret_get(const struct secret *s)
{
	return (struct bytes){ s->data, s->len };
}
