# What the power tests need: the shim that cuts, the program that looks at what
# is left.  The shim is never built with sanitizers: it is loaded before them.

power_made := $(O)/tests/power/cut.so $(O)/tests/power/check_store

$(O)/tests/power/cut.so: tests/power/cut.c
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CC) -O2 -g -std=gnu11 -D_GNU_SOURCE $(warnings) -fPIC -shared \
	    -o $@ $< -ldl

$(O)/tests/power/check_store: $(O)/obj/tests/power/check_store.o \
    $(call libs_of,storage crypto base)
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CC) $(CFLAGS) $(flags) $(link) -o $@ $^ $(libs_host)

.PHONY: power
power: $(power_made)
check-extra test: $(power_made)
