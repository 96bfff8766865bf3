firmware-y := firmware/message.c firmware/sandbox.c firmware/role.c \
	firmware/process.c firmware/job.c firmware/flow/act.c firmware/flow/flow.c \
	firmware/flow/kind.c firmware/flow/brake.c firmware/flow/flow_act.c \
	firmware/flow/flow_login.c firmware/flow/flow_password.c firmware/flow/flow_file.c \
	firmware/flow/flow_sign.c firmware/flow/flow_token.c firmware/flow/list.c \
	firmware/console/console.c firmware/console/line.c firmware/console/split.c firmware/backup.c firmware/console/commands.c firmware/console/commands_archive.c firmware/console/commands_verify.c \
	firmware/web/web.c firmware/web/html.c firmware/web/page_login.c \
	firmware/web/page_list.c firmware/web/page_document.c \
	firmware/web/html_token.c firmware/web/html_list.c firmware/web/html_sketch.c firmware/web/page_sign.c firmware/web/page_seal.c firmware/web/page_code.c firmware/web/page_verify.c firmware/web/page_custody.c firmware/web/page_file.c firmware/web/page_incoming.c firmware/web/page_report.c \
	firmware/role_net.c firmware/role_core.c firmware/role_signer.c \
	firmware/role_worker.c firmware/worker_trust.c firmware/worker_hand.c firmware/worker_verify.c firmware/egress.c \
	firmware/flow/evidence.c firmware/flow/flow_raise.c firmware/flow/flow_renew.c firmware/flow/flow_stamp.c firmware/flow/flow_archive.c firmware/flow/flow_prove.c firmware/flow/flow_code.c firmware/flow/flow_custody.c firmware/flow/checking.c firmware/flow/flow_check.c firmware/flow/flow_verify.c firmware/flow/signing.c firmware/flow/order.c firmware/flow/flow_sketch.c firmware/flow/signer.c firmware/flow/pin.c firmware/flow/spot.c firmware/flow/update.c firmware/flow/batch.c firmware/flow/flow_evidence.c
