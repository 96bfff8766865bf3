# Fuzz targets: one tests/fuzz/fuzz_NAME.c for each parser of foreign bytes.
# The product is compiled once more, by clang with coverage, ASan and UBSan.
#
#   make fuzz T=der        one target; FUZZ_SECONDS=n each, two at a time
#   make fuzz-steady       the same runs each time: what make check does
#
# Inputs that crash stay in $(O)/fuzz/crashes; what was learnt stays in
# $(O)/fuzz/corpus and is where the next run begins.

FUZZ_SECONDS ?= 20
FUZZ_LONG_SECONDS ?= 3600
FUZZ_CC ?= clang

fuzz_targets := $(basename $(notdir $(sort $(wildcard tests/fuzz/fuzz_*.c))))
fuzz_chosen := $(if $(T),$(foreach t,$(T),$(filter %$(t),$(fuzz_targets))),\
	$(fuzz_targets))
fuzz_programs := $(patsubst %,$(O)/fuzz/%,$(fuzz_targets))

# The token driver talks to hardware, the roles' loops to their processes.
fuzz_product := $(filter-out crypto/token_%.c, $(base-y) $(crypto-y) \
	$(document-y) $(storage-y)) net/request.c net/form.c net/fetch.c \
	firmware/console/line.c firmware/console/split.c firmware/message.c \
	firmware/job.c $(filter firmware/flow/%,$(firmware-y))
fuzz_objects := $(patsubst %.c,$(O)/fuzz/obj/%.o,$(fuzz_product))
fuzz_flags := -std=gnu11 -D_GNU_SOURCE -O1 -g -fno-omit-frame-pointer \
	-Wall -Wextra -fsanitize=address,undefined -fno-sanitize-recover=all \
	-I. -I$(O)/include/generated -I$(O)/gen -isystem $(THIRDPARTY)/include

$(O)/fuzz/obj/%.o: %.c $(config_header)
	@mkdir -p $(@D)
	@echo "  FUZZ-CC $<"
	@$(FUZZ_CC) $(fuzz_flags) -fsanitize=fuzzer-no-link -MMD -MP -c $< -o $@

$(fuzz_programs): $(O)/fuzz/%: $(O)/fuzz/obj/tests/fuzz/%.o $(fuzz_objects) \
    $(embedded)
	@echo "  FUZZ-LD $@"
	@$(FUZZ_CC) -fsanitize=fuzzer,address,undefined -o $@ $^ \
	    -L$(THIRDPARTY)/lib -lmbedcrypto -lsodium -lspng -lqrencode -lllhttp -llmdb \
	    -lz -lm -pthread

.PHONY: fuzz fuzz-steady fuzz-long fuzz-build
fuzz-build: $(fuzz_programs)
fuzz: fuzz-build
	@tests/fuzz/run_fuzz --build $(O) --seconds $(FUZZ_SECONDS) $(fuzz_chosen)
fuzz-steady: fuzz-build
	@tests/fuzz/run_fuzz --build $(O) --steady $(fuzz_chosen)
fuzz-long: fuzz-build
	@tests/fuzz/run_fuzz --build $(O) --seconds $(FUZZ_LONG_SECONDS) \
	    --seed 0 $(fuzz_chosen)

-include $(shell find $(O)/fuzz/obj -name '*.d' 2>/dev/null)
