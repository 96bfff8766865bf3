storage-y :=
