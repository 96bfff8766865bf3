net-y :=
