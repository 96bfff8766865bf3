board-y :=
