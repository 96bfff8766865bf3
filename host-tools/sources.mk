antin-y := host-tools/antin.c host-tools/antin_seal.c host-tools/antin_verify.c \
	host-tools/tsa.c
provision-y := host-tools/provision.c
