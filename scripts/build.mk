# The build.  Non-recursive: every folder's sources.mk adds its files here.
#
#? make              everything: firmware, PC tool, man pages are in host-tools/
#? make run          build, make a demo agency, start the simulated appliance
#? make demo         the whole road of a document by a scripted client
#? make host         the PC tool only: build/host/antin
#? make check        build and run every test (ends in "N passed, N failed")
#? make test T=x     one test by name, for example T=crypto/der
#? make corpus       sign and verify the shared corpus
#? make mutants      5,000 changes of valid signed files, pdfsig and openssl asked
#? make lint         include arrows, formatting, clang-tidy, cppcheck
#? make bench        figures, one per line: "figure: NAME VALUE UNIT"
#? make fuzz         every fuzz target for FUZZ_SECONDS (20)
#? make fuzz-long    the same for an hour each
#? make menuconfig   choose options (Kconfig)
#? make format       rewrite the sources as .clang-format says
#? make clean        forget what was built (the third-party cache stays)
#?
#? ARCH=aarch64 cross-builds; O=folder builds elsewhere; SAN=1 adds ASan+UBSan.

HOST_ARCH := $(shell uname -m)
ARCH ?= $(HOST_ARCH)
O ?= build$(if $(filter-out $(HOST_ARCH),$(ARCH)),/$(ARCH))$(if $(SAN),/san)
CROSS_COMPILE ?= $(if $(filter-out $(HOST_ARCH),$(ARCH)),$(ARCH)-linux-gnu-)
ifeq ($(origin CC),default)
CC := $(CROSS_COMPILE)gcc
endif
AR := $(CROSS_COMPILE)ar

THIRDPARTY := $(shell env -u CC thirdparty/build $(ARCH))
ifeq ($(THIRDPARTY),)
$(error the third-party libraries could not be built)
endif

# ---- options ----

KCONFIG_FILES := Kconfig $(wildcard */Kconfig)
export KCONFIG_CONFIG := $(O)/.config
kconf := cd $(O) && srctree=$(CURDIR) KCONFIG_CONFIG=.config

$(O)/include/generated/autoconf.h: $(KCONFIG_FILES) $(wildcard $(O)/.config)
	@mkdir -p $(O)/include/config $(O)/include/generated
	@scripts/kconfig $(O)
	@touch $@

-include $(O)/include/config/auto.conf

# ---- flags ----

warnings := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Werror
CFLAGS ?= -O2 -g
flags := -std=gnu11 -D_GNU_SOURCE $(warnings) -fPIE \
	-fstack-protector-strong -fno-strict-overflow -ffunction-sections \
	-fdata-sections -I. -I$(O)/include/generated -I$(O)/gen \
	-isystem $(THIRDPARTY)/include
ifdef SAN
flags += -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
else
flags += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
endif
# token_engine.c answers for the helper library's OpenSSL part: take it first.
link := -pie -Wl,-u,_pkcs11h_openssl_initialize -L$(THIRDPARTY)/lib -Wl,--gc-sections -Wl,-z,relro,-z,now
libs_crypto := -lmbedtls -lmbedx509 -lmbedcrypto -lsodium
libs_firmware := -llwip -lllhttp -lslirp -Wl,-rpath-link,$(THIRDPARTY)/lib \
	-Wl,--disable-new-dtags,-rpath,$(THIRDPARTY)/lib
libs_host := -lpkcs11-helper -lllhttp $(libs_crypto) -lspng -lqrencode -lz -lyyjson \
	-llmdb -pthread -lm

.DEFAULT_GOAL := all
.PHONY: all host firmware
.SECONDARY:
all: firmware host

# ---- sources: floors from the lowest up ----

include base/sources.mk
include crypto/sources.mk
include document/sources.mk
include storage/sources.mk
include net/sources.mk
include drivers/sources.mk
include board/sources.mk
include firmware/sources.mk
include host-tools/sources.mk

config_header := $(O)/include/generated/autoconf.h

$(O)/obj/%.o: %.c $(config_header)
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CC) $(CFLAGS) $(flags) -MMD -MP -c $< -o $@

define archive
$(O)/lib$(1).a: $(patsubst %.c,$(O)/obj/%.o,$($(1)-y)) $(1)/sources.mk
	@rm -f $$@
	@$(AR) rcs $$@ $$(filter %.o,$$^)
endef
floors := base crypto document storage net drivers board firmware
$(foreach f,$(floors),$(eval $(call archive,$(f))))

libs_of = $(foreach f,$(1),$(O)/lib$(f).a)

# ---- things made at build time ----

# Files that become part of the program as they are: the stamp's font
# (document/font.h cuts it at run time) and the government PKI's CAs.
define embed
$(O)/gen/$(1).o: $(2)
	@mkdir -p $$(@D)
	@cat $$^ > $(O)/gen/$(1).bin
	@printf '.section .rodata\n.global $(1)_start,$(1)_end\n.balign 16\n$(1)_start:\n.incbin "$(O)/gen/$(1).bin"\n$(1)_end:\n.section .note.GNU-stack,"",%%progbits\n' > $(O)/gen/$(1).s
	@$$(CC) -c $(O)/gen/$(1).s -o $$@
endef
$(eval $(call embed,font_regular,$(THIRDPARTY)/share/fonts/LiberationSerif-Regular.ttf))
$(eval $(call embed,font_italic,$(THIRDPARTY)/share/fonts/LiberationSerif-Italic.ttf))
$(foreach t,state party public,$(eval $(call embed,trust_$(t),$(sort $(wildcard crypto/trust/$(t)/*.pem)))))
embedded := $(O)/gen/font_regular.o $(O)/gen/font_italic.o \
	$(addprefix $(O)/gen/trust_,state.o party.o public.o)

# ---- programs ----

host_floors := document net crypto base
box_floors := firmware drivers net storage document crypto base
$(O)/host/antin: $(patsubst %.c,$(O)/obj/%.o,$(antin-y)) \
    $(call libs_of,$(host_floors)) $(embedded)
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CC) $(CFLAGS) $(flags) $(link) -o $@ $^ $(libs_host)

$(O)/antin-box: $(O)/obj/firmware/main.o $(call libs_of,$(box_floors)) \
    $(embedded)
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CC) $(CFLAGS) $(flags) $(link) -o $@ $(O)/obj/firmware/main.o \
	    -Wl,--start-group $(call libs_of,$(box_floors)) -Wl,--end-group \
	    $(embedded) $(libs_firmware) $(libs_host)

$(O)/host/provision: $(patsubst %.c,$(O)/obj/%.o,$(provision-y)) \
    $(call libs_of,storage document crypto base) $(embedded)
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CC) $(CFLAGS) $(flags) $(link) -o $@ $^ $(libs_host)

host: $(O)/host/antin
firmware: $(O)/antin-box $(O)/host/provision

# ---- the simulator ----

.PHONY: run demo
run: all
	@scripts/run-sim $(O) --console -

# PDFs may be given: make demo PDF="a.pdf b.pdf"
demo: all
	@scripts/demo $(O) $(PDF)

include tests/tests.mk

.PHONY: menuconfig format help
menuconfig: $(config_header)
	@cd $(O) && KCONFIG_CONFIG=.config kconfig-mconf $(CURDIR)/Kconfig

sources := $(wildcard $(addsuffix /*.c,$(floors) host-tools firmware/* board/*) \
	$(addsuffix /*.h,$(floors) host-tools firmware/* board/*) tests/*/*.[ch] \
	tests/*/*/*.[ch])
format:
	@clang-format -i $(sources)

help:
	@sed -n 's/^#? //p' scripts/build.mk

-include $(shell find $(O)/obj -name '*.d' 2>/dev/null)
