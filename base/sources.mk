base-y := base/fail.c base/bytes.c base/buf.c base/arena.c base/secret.c \
	base/text.c base/base45.c base/when.c base/log.c base/disk.c \
	base/channel.c base/effort.c base/heap.c
