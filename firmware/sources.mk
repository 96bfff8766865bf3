firmware-y := firmware/message.c firmware/sandbox.c firmware/role_signer.c \
	firmware/role_worker.c
