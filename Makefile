# Two stages.  The first installs what the goal needs and is missing (one
# idempotent script); the second, scripts/build.mk, is the build itself.
#
#   make run      build, make a demo agency, start the simulated appliance
#   make check    build and run every test
#   make help     the other goals

.DEFAULT_GOAL := all
MAKEFLAGS += --no-print-directory

ifdef ANTIN_READY
include scripts/build.mk
else

needs_run := run demo bench bench-seal
needs_check := check test mutants lint fuzz fuzz-long corpus cross-check web

.PHONY: help clean FORCE
help:
	@sed -n 's/^#? //p' scripts/build.mk

clean:
	rm -rf build

Makefile: ;

%: FORCE
	@scripts/packages build $(if $(filter $@,$(needs_run)),run) \
	    $(if $(filter $@,$(needs_check)),run check)
	@$(if $(filter $@,$(needs_check)),scripts/packages judge || true)
	@$(MAKE) ANTIN_READY=1 $@

FORCE:
endif
