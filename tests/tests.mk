# Tests.  A unit test is tests/unit/FOLDER/NAME.c, one cmocka program for the
# source FOLDER/NAME.c; a whole-program test is an executable tests/*/NAME.test.
# Both print TAP.  `make test T=FOLDER/NAME` runs those whose path ends in T.

test_floors := firmware board drivers net storage document crypto base
unit_sources := $(sort $(wildcard tests/unit/*/*.c))
unit_programs := $(patsubst tests/unit/%.c,$(O)/tests/unit/%,$(unit_sources))
script_tests := $(sort $(wildcard tests/*/*.test))

$(O)/tests/unit/%: $(O)/obj/tests/unit/%.o $(call libs_of,$(test_floors)) \
    $(embedded)
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CC) $(CFLAGS) $(flags) $(link) -o $@ $< \
	    -Wl,--start-group $(call libs_of,$(test_floors)) -Wl,--end-group \
	    $(embedded) -lcmocka $(libs_firmware) $(libs_host)

runner := $(if $(CROSS_COMPILE),qemu-aarch64 -L /usr/aarch64-linux-gnu)

# Stands before a token's module and misbehaves as it is told.
fault_module := $(O)/tests/pkcs11/fault.so
$(fault_module): tests/pkcs11/fault.c
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CC) -std=gnu11 -D_GNU_SOURCE -O1 -g -Wall -Wextra -fPIC -shared \
	    -isystem $(THIRDPARTY)/include -o $@ $<

.PHONY: check check-unit test unit
unit: $(unit_programs)

check: all $(unit_programs) $(fault_module) check-extra
	@scripts/run-tests --build $(O) $(unit_programs) $(script_tests)

check-unit: $(unit_programs)
	@scripts/run-tests --build $(O) --runner "$(runner)" $(unit_programs)

test: all $(unit_programs) $(fault_module)
	@scripts/run-tests --build $(O) --runner "$(runner)" --verbose \
	    $(filter $(foreach t,$(T),%$(t) %$(t).test),$(unit_programs) $(script_tests))

# Not part of check: minutes, and other changes with every SEED.
.PHONY: mutants
mutants: host
	@tests/corpus/mutants --count 5000 --seed $(or $(SEED),1) --peers

.PHONY: check-extra
check-extra:

include tests/lint/lint.mk
-include tests/fuzz/fuzz.mk
-include tests/power/power.mk
-include tests/bench/bench.mk
