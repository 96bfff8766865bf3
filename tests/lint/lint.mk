# `make lint`: see scripts/lint.  `make lint L=tidy` runs one check.

.PHONY: lint
lint: $(config_header)
	@scripts/lint $(addprefix --only ,$(L)) $(O) $(THIRDPARTY) "$(flags)"
