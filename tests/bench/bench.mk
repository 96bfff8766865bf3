# Figures: `make bench` takes them all, `make bench-seal` those of the PC tool.

bench_programs := $(addprefix $(O)/tests/bench/,measure raw_hash raw_sign rounds)

$(O)/tests/bench/%: $(O)/obj/tests/bench/%.o $(call libs_of,storage crypto base)
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CC) $(CFLAGS) $(flags) $(link) -o $@ $^ $(libs_host)

# An appliance that takes 200 documents in a batch, for figures only: people may
# seal fifty with one PIN.
bench_large := $(O)/batch

$(bench_large)/.config: tests/bench/bench.mk
	@mkdir -p $(@D)
	@echo CONFIG_BATCH_DOCUMENTS_MAX=200 >$@

.PHONY: bench bench-seal bench-large
bench-large: $(bench_large)/.config
	@$(MAKE) O=$(bench_large) $(bench_large)/antin-box

bench: all bench-large $(bench_programs) $(fault_module)
	@tests/bench/bench $(O)

bench-seal: host $(bench_programs)
	@tests/bench/bench $(O) sha256 seal verify
