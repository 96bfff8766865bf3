/* Evidence that is fetched: by net, from where a certificate says. */
#include <unistd.h>

#include "base/disk.h"
#include "base/log.h"
#include "base/when.h"
#include "crypto/revocation.h"
#include "firmware/flow/flow.h"

void
flow_fetch(struct core *core, struct job *job, const struct evidence_need *need,
    uint32_t milliseconds, job_step *step)
{
	bool question = need->kind == EVIDENCE_OCSP;
	struct fetch_order order = { .url = BYTES_TEXT(need->url),
		.most = question ? OCSP_ANSWER_MAX : EVIDENCE_BYTES_MAX,
		.milliseconds = milliseconds,
		.file = -1 };

	/* Lists can have tens of megabytes. */
	if (!question)
		order.file = disk_unnamed(core->evidence.folder);
	if (question) {
		order.type = BYTES_TEXT("application/ocsp-request");
		order.body = (struct bytes){ need->body, need->body_len };
	}
	job_ask_net(core, job, &order, step);
	disk_close(&order.file);
}

void
flow_fetched(struct core *core, const struct evidence_need *need, enum fail f,
    struct message *reply)
{
	uint16_t status = 0;
	int fd = -1;

	if (!f) {
		struct cursor c = cursor_of(reply->payload);

		f = message_fail(&c);
		status = cursor_u16(&c);
	}
	if (!f && status == 200)
		fd = message_take_fd(reply, 0);
	if (fd < 0)
		log_notice("nothing from %s: %s, status %u", need->url,
		    fail_name(f), status);
	evidence_keep(&core->evidence, need, fd, when_now());
	if (fd >= 0)
		close(fd);
}
