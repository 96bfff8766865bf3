# Figures: `make bench` takes them all, `make bench-seal` those of the PC tool.

bench_programs := $(addprefix $(O)/tests/bench/,measure raw_hash raw_sign rounds)

$(O)/tests/bench/%: $(O)/obj/tests/bench/%.o $(call libs_of,storage crypto base)
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CC) $(CFLAGS) $(flags) $(link) -o $@ $^ $(libs_host)

.PHONY: bench bench-seal
bench: all $(bench_programs)
	@tests/bench/bench $(O)

bench-seal: host $(bench_programs)
	@tests/bench/bench $(O) sha256 seal verify
