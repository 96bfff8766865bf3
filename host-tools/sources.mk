antin-y := host-tools/antin.c host-tools/antin_seal.c host-tools/seal_wish.c host-tools/input.c host-tools/antin_verify.c host-tools/antin_extend.c host-tools/antin_receive.c host-tools/antin_archive.c host-tools/antin_path.c host-tools/antin_cms.c host-tools/antin_tokens.c host-tools/evidence_file.c host-tools/report.c host-tools/check_options.c \
	host-tools/key.c host-tools/cades.c host-tools/tsa.c host-tools/ask.c host-tools/collect.c host-tools/longterm.c \
	host-tools/roots.c
provision-y := host-tools/provision.c
