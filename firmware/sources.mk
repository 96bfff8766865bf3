firmware-y :=
