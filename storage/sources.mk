storage-y := storage/store.c storage/counter.c storage/blob.c \
	storage/journal.c storage/record.c storage/registry.c \
	storage/people.c storage/session.c storage/settings.c \
	storage/room.c storage/raising.c storage/renewal.c storage/custody.c \
	storage/round.c
