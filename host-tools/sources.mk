antin-y :=
