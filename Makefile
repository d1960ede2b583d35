# Trawl. The first targets to know: all, run, check, lint, unit, install.
#
# Rooms (folders with one purpose) are listed once, in floor order; what stands
# in them is found by glob. A program links only the rooms it is allowed, so a
# call across a border fails to link. See tests/lint/FLOORS for the includes.

BUILD   ?= build
PREFIX  ?= /usr
DESTDIR ?=
VERSION := 0.1.0

SAN  ?=
FUZZ ?=
OUT  := $(BUILD)$(if $(SAN),-san)$(if $(FUZZ),-fuzz)
JOBS ?= $(shell nproc)

ifeq ($(origin CC),default)
CC := gcc
endif

# ---- rooms and what they need --------------------------------------------

# Formats stand in rooms within common/extract, each with its own libraries.
EXTRACT := common/extract common/extract/archive common/extract/office \
	   common/extract/ole common/extract/pdf common/extract/mail \
	   common/extract/data common/extract/image
# So do the parts of the detector.
DETECT := common/detect $(addprefix common/detect/,catalogue check words cache \
	  engine region tile token id assign table decide)
COMMON := common/base common/sys common/crypto common/conf common/model \
	  common/source $(EXTRACT) $(DETECT) common/vuln common/remedy \
	  common/wire common/scan common/runtime
AGENT  := agent/source agent/inventory agent/remedy agent/worker agent/trawl \
	  agent
MASTER := master/proc master/store master/access master/sched master/ingest \
	  master/assess master/report master/notify master/update master/ca \
	  master/gate master/core master/api master/courier master
# A kind of target that needs a large library has a room and a program of its
# own, so that nobody loads what he does not read.
SOURCE := proxy-agent/source $(addprefix proxy-agent/source/,files web bucket \
	  s3 azure swift dav cloud mail sql)
SHARED := proxy-agent/session $(SOURCE) proxy-agent/reader
KINDS  := smb nfs sql odbc firebird data
PROXY  := $(SHARED) $(KINDS:%=proxy-agent/%) proxy-agent/keeper \
	  proxy-agent/worker proxy-agent
ROOMS  := $(COMMON) $(AGENT) $(PROXY) $(MASTER)

PKG_common/sys     := libevent_core libseccomp libcap
PKG_common/crypto  := openssl libsodium
PKG_common/extract/archive := libisal libarchive liblzma libzstd liblz4
PKG_common/extract/office :=
PKG_common/extract/ole :=
PKG_common/extract/pdf := nettle
PKG_common/extract/mail :=
PKG_common/extract/data := sqlite3
PKG_common/extract/image :=
PKG_common/detect/engine    := libhs
PKG_common/detect/catalogue := yaml-0.1
PKG_common/detect/check     := libsodium
PKG_common/wire    := libevent_core libevent_openssl openssl libprotobuf-c \
		      libzstd
PKG_common/scan    := libsodium nettle
PKG_common/runtime := libevent_core openssl
PKG_proxy-agent/session := libssh openssl libcurl expat libisal libsodium
PKG_proxy-agent/odbc    := odbc
PKG_proxy-agent/source/cloud := jansson
PKG_proxy-agent/source/azure := jansson
PKG_proxy-agent/source/swift := jansson
PKG_proxy-agent/nfs     := libnfs
PKG_proxy-agent/smb     := smbclient
PKG_proxy-agent/sql     := libpq libmariadb
PKG_proxy-agent/data    := ldap libmongoc-1.0
PKG_master/store   := sqlite3
PKG_master/access  := libsodium openssl
PKG_master/core    := jansson
PKG_master/api     := libmicrohttpd gnutls jansson
PKG_master         := jansson

# Libraries without a .pc file; only who calls them is linked with them.
NO_PC := -lbz2 -lm -lct -lfbclient

# ---- programs: PROGRAM_dir has main.c, PROGRAM_rooms what may be linked ----

READERS  := trawl-source $(KINDS:%=trawl-source-%)
PROGRAMS := trawl trawl-scanner $(READERS) trawl-agent trawl-proxy-scanner \
	    trawl-proxy-agent trawl-master
# Started by others only: they are installed where nobody looks for commands.
HELPERS  := trawl-scanner trawl-proxy-scanner $(READERS)

trawl_dir           := agent/trawl
trawl_rooms         := common/base common/sys common/conf common/model \
		       common/source $(EXTRACT) $(DETECT) \
		       common/scan agent/source agent/trawl
trawl-scanner_dir   := agent/worker
trawl-scanner_rooms := common/base common/sys common/model common/source \
		       $(EXTRACT) $(DETECT) common/scan agent/source \
		       agent/worker
# Of common/scan it takes the reader; what parses is not even on its list.
trawl-source_dir    := proxy-agent/reader
reader_rooms        := common/base common/sys common/crypto common/model \
		       common/source common/scan $(SHARED)
trawl-source_rooms  := $(reader_rooms)
$(foreach k,$(KINDS),$(eval trawl-source-$(k)_dir := proxy-agent/$(k)))
$(foreach k,$(KINDS),$(eval trawl-source-$(k)_rooms := $(reader_rooms) \
		       proxy-agent/$(k)))
trawl-agent_dir     := agent
trawl-agent_rooms   := common/base common/sys common/crypto common/conf \
		       common/model common/wire common/runtime agent
trawl-proxy-scanner_dir   := proxy-agent/worker
trawl-proxy-scanner_rooms := common/base common/sys common/model common/source \
		       $(EXTRACT) $(DETECT) common/scan proxy-agent/worker
# It names kinds of targets and keeps their credentials, and reads none.
trawl-proxy-agent_dir     := proxy-agent
trawl-proxy-agent_rooms   := common/base common/sys common/crypto common/conf \
		       common/model common/source common/wire common/runtime \
		       proxy-agent/keeper proxy-agent
trawl-master_dir    := master
trawl-master_rooms  := common/base common/sys common/crypto common/conf \
		       common/model common/source $(DETECT) common/wire \
		       $(MASTER)

# ---- flags ---------------------------------------------------------------

WARN := -Wall -Wextra -Werror -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wcast-qual -Wformat=2 -Wswitch-enum
HARD := -fstack-protector-strong -fstack-clash-protection \
	$(if $(filter x86_64 i686,$(shell uname -m)),-fcf-protection)
CPPFLAGS += -D_GNU_SOURCE -DTRAWL_VERSION='"$(VERSION)"' \
	    -DTRAWL_LIBEXEC='"$(PREFIX)/libexec/trawl"' \
	    -DTRAWL_SHARE='"$(PREFIX)/share/trawl"' \
	    -Icommon -I. -isystem $(OUT)/gen -isystem $(OUT)
CFLAGS   := -std=c17 -O2 -g -fPIE -fno-strict-aliasing $(EXTRA_CFLAGS)
LDFLAGS  := -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed

ifneq ($(SAN),)
# Compiled once and run once: -O1 takes little more than half the time of -O2.
# It sees less of what a loop has set; the build that ships warns of that.
CFLAGS  += -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	   -fno-omit-frame-pointer -DTRAWL_SAN=1 -Wno-maybe-uninitialized
LDFLAGS += -fsanitize=address,undefined
else ifneq ($(FUZZ),)
CC      := clang
CFLAGS  += -fsanitize=fuzzer-no-link,address,undefined -DTRAWL_SAN=1 \
	   -fno-sanitize-recover=undefined -fno-omit-frame-pointer \
	   -DTRAWL_FUZZ=1
LDFLAGS += -fsanitize=fuzzer,address,undefined
else
CFLAGS  += $(HARD) -D_FORTIFY_SOURCE=3
endif

# ---- what follows from the lists -----------------------------------------

room_lib = $(OUT)/lib$(subst /,-,$(patsubst common/%,%,$(1))).a
room_src = $(filter-out $(1)/main.c,$(wildcard $(1)/*.c))
room_obj = $(patsubst %.c,$(OUT)/obj/%.o,$(call room_src,$(1)))
room_pkg = $(sort $(foreach r,$(1),$(PKG_$(r))))
# A room that has no file yet has no library.
with_src = $(foreach r,$(1),$(if $(call room_src,$(r)),$(r)))
libs_of  = $(foreach r,$(call with_src,$(1)),$(call room_lib,$(r)))
pkg_libs = $(if $(1),$(shell pkg-config --libs $(1) 2>/dev/null))

BUILT    := $(foreach p,$(PROGRAMS),$(if $(wildcard $($(p)_dir)/main.c),$(p)))
ALL_PKG  := $(call room_pkg,$(ROOMS))
TEST_PKG := libdeflate # packs what tests unpack: not by who reads it
PROTO    := $(wildcard schema/wire/*.proto)
PB_C     := $(patsubst schema/wire/%.proto,$(OUT)/gen/wire/pb/%.pb-c.c,$(PROTO))
PB_O     := $(PB_C:.c=.o)
GEN_H    := $(PB_C:.c=.h) $(OUT)/gen/assets.h $(OUT)/gen/schema.h
UNIT_C   := $(wildcard tests/unit/*/test_*.c tests/unit/*/*/test_*.c \
	      tests/unit/*/*/*/test_*.c)
UNIT     := $(patsubst tests/%.c,$(OUT)/%,$(UNIT_C))
FUZZ_C   := $(wildcard tests/fuzz/fuzz_*.c)
FUZZERS  := $(patsubst tests/fuzz/%.c,$(OUT)/fuzz/%,$(FUZZ_C))
FAKE_C   := $(wildcard tests/fake/*.c)
OUR_C    := $(foreach r,$(ROOMS),$(wildcard $(r)/*.c))
OUR_H    := $(foreach r,$(ROOMS),$(wildcard $(r)/*.h))
TEST_C   := $(UNIT_C) $(FUZZ_C) $(FAKE_C) $(wildcard tests/bench/*.c)
RESULTS  := $(BUILD)/results

# Headers of libraries that do not stand in /usr/include itself.
CPPFLAGS += $(patsubst -I%,-isystem %,$(shell pkg-config --cflags-only-I \
	    $(ALL_PKG) 2>/dev/null))

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all programs console install clean run check bench torture lint \
	lint-layers lint-banned lint-format lint-tidy lint-cppcheck unit \
	unit-programs fuzz fuzz-brief fuzz-programs scenario azurite api web \
	check-pkg settings accuracy

all: programs

programs: check-pkg $(BUILT:%=$(OUT)/%)

check-pkg:
	@pkg-config --print-errors --exists $(ALL_PKG) || { \
	echo 'Libraries are missing: run packaging/deps build' >&2; exit 1; }

# ---- compile -------------------------------------------------------------

$(OUT)/obj/%.o: %.c | $(GEN_H)
	@mkdir -p $(@D)
	@echo "  cc    $<"
	@$(CC) $(CPPFLAGS) $(CFLAGS) $(WARN) $(FILE_CFLAGS) -MMD -MP -c $< -o $@

$(OUT)/obj/tests/%.o: CPPFLAGS += -Itests
$(OUT)/obj/tests/fuzz/%.o: FILE_CFLAGS := -Wno-missing-prototypes

# Generated code is not ours to make free of warnings.
$(OUT)/gen/%.o: $(OUT)/gen/%.c | $(GEN_H)
	@$(CC) $(CPPFLAGS) $(CFLAGS) -w -c $< -o $@

$(OUT)/gen/%.o: $(OUT)/gen/%.S
	@$(CC) $(CFLAGS) -c $< -o $@

$(OUT)/gen/wire/pb/%.pb-c.c $(OUT)/gen/wire/pb/%.pb-c.h: schema/wire/%.proto
	@mkdir -p $(@D)
	@echo "  proto $<"
	@protoc-c --c_out=$(@D) -Ischema/wire $(<F)

define room_rule
$(call room_lib,$(1)): $(call room_obj,$(1)) $(if $(filter common/wire,$(1)),$(PB_O))
	@rm -f $$@
	@$(AR) rcsD $$@ $$^
endef
$(foreach r,$(call with_src,$(ROOMS)),$(eval $(call room_rule,$(r))))

$(OUT)/libfake.a: $(patsubst %.c,$(OUT)/obj/%.o,$(FAKE_C))
	@rm -f $@
	@$(AR) rcsD $@ $^

define program_rule
$(OUT)/$(1): $(OUT)/obj/$($(1)_dir)/main.o $(call libs_of,$($(1)_rooms)) \
		$(OUT)/libschema.a $(if $(filter trawl-master,$(1)),$(OUT)/libassets.a)
	@echo "  link  $$@"
	@$$(CC) $$(CFLAGS) $$(LDFLAGS) -o $$@ $$< -Wl,--start-group \
	    $$(filter %.a,$$^) -Wl,--end-group \
	    $(call pkg_libs,$(call room_pkg,$($(1)_rooms))) $(NO_PC) -lpthread
endef
$(foreach p,$(BUILT),$(eval $(call program_rule,$(p))))

# ---- console and other files that are built into programs ------------------

CONSOLE ?= 1
ifeq ($(CONSOLE)$(wildcard web/package.json),1web/package.json)
WEB_SRC  := $(shell find web -path web/node_modules -prune -o -path web/dist \
	      -prune -o -type f -print)
WEB_DIST := web/dist/.built
console: $(WEB_DIST)

web/node_modules/.installed: web/package.json $(wildcard web/package-lock.json)
	@command -v npm >/dev/null || { echo 'npm is missing: run' \
	    'packaging/deps build, or build without the console by' \
	    'make CONSOLE=0' >&2; exit 1; }
	cd web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(WEB_DIST): $(WEB_SRC) web/node_modules/.installed
	cd web && node_modules/.bin/vite build --logLevel warn
	@touch $@
else
WEB_DIST :=
console:
	@echo 'There is no console to build.'
endif

$(OUT)/gen/assets.h: packaging/embed
	@mkdir -p $(@D)
	@packaging/embed assets-header >$@

$(OUT)/gen/schema.h: packaging/embed
	@mkdir -p $(@D)
	@packaging/embed schema-header >$@

$(OUT)/gen/assets.c: packaging/embed $(OUT)/gen/assets.h $(WEB_DIST)
	@packaging/embed assets $(@D) $(if $(WEB_DIST),web/dist)

$(OUT)/gen/schema_%.c: packaging/embed $(OUT)/gen/schema.h
	@packaging/embed schema $(@D) $*

SCHEMA_store := $(wildcard schema/store/sqlite/*.sql)
SCHEMA_api   := $(wildcard schema/api/*.yaml)
$(OUT)/gen/schema_store.c: $(SCHEMA_store)
$(OUT)/gen/schema_api.c: $(SCHEMA_api)

# The .S is written together with the .c.
$(OUT)/gen/assets.S: $(OUT)/gen/assets.c ;
$(OUT)/gen/schema_%.S: $(OUT)/gen/schema_%.c ;

embedded = $(OUT)/gen/$(1).o $(OUT)/gen/$(1)-data.o
$(OUT)/gen/%-data.o: $(OUT)/gen/%.c
	@$(CC) $(CFLAGS) -c $(OUT)/gen/$*.S -o $@

$(OUT)/libassets.a: $(call embedded,assets)
	@rm -f $@
	@$(AR) rcsD $@ $^

$(OUT)/libschema.a: $(foreach g,store api,$(call embedded,schema_$(g)))
	@rm -f $@
	@$(AR) rcsD $@ $^

# Unit tests get an empty console.
$(OUT)/gen/none/assets.c: packaging/embed $(OUT)/gen/assets.h
	@mkdir -p $(@D)
	@packaging/embed assets $(@D)
$(OUT)/libassets-none.a: $(OUT)/gen/none/assets.o
	@$(AR) rcsD $@ $^

# ---- tests ---------------------------------------------------------------

# Programs of different hosts may use the same names: a test of the master does
# not link the agent, and the other way round. TEST_ROOMS="common/base
# common/extract" leaves the other rooms out, too.
TEST_ROOMS ?= $(ROOMS)
test_libs   = $(call libs_of,$(filter $(TEST_ROOMS),$(1))) \
	      $(OUT)/libschema.a $(OUT)/libassets-none.a \
	      $(if $(FAKE_C),$(OUT)/libfake.a)
test_link   = -Wl,--start-group $(filter %.a,$^) -Wl,--end-group \
	      $(call pkg_libs,$(ALL_PKG)) $(call pkg_libs,$(TEST_PKG)) \
	      $(NO_PC) -lpthread -lm

define unit_rule
$$(OUT)/unit/$(1)%: $$(OUT)/obj/tests/unit/$(1)%.o $(call test_libs,$(2))
	@mkdir -p $$(@D)
	@$$(CC) $$(CFLAGS) $$(LDFLAGS) -o $$@ $$< $$(test_link) -lcmocka
endef
$(eval $(call unit_rule,,$(COMMON) $(AGENT)))
$(eval $(call unit_rule,proxy-agent/,$(COMMON) $(PROXY)))
$(eval $(call unit_rule,master/,$(COMMON) $(MASTER)))

$(OUT)/fuzz/%: $(OUT)/obj/tests/fuzz/%.o $(call test_libs,$(ROOMS))
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(test_link)

export TRAWL_RESULTS := $(abspath $(RESULTS))
export TRAWL_BUILD := $(abspath $(BUILD))
export TRAWL_MAKE_BUILD := $(BUILD)
export TRAWL_CATALOGUE ?= $(abspath schema/catalogue)

# ONLY="base/test_buf base/test_str" runs these and no others.
ONLY ?= $(UNIT:$(OUT)/unit/%=%)
unit-programs: $(ONLY:%=$(OUT)/unit/%)

unit: unit-programs
	@tests/run unit$(if $(SAN),-san) $(OUT)/unit $(ONLY)

FUZZ_SECONDS ?= 600
fuzz-programs: $(FUZZERS)

fuzz:
	@$(MAKE) --no-print-directory FUZZ=1 fuzz-programs
	@tests/run fuzz $(BUILD)-fuzz/fuzz $(FUZZ_SECONDS)

# The same inputs each time: a check that fails by luck tells nobody what broke.
fuzz-brief:
	@FUZZ_SEED=1 $(MAKE) --no-print-directory FUZZ_SECONDS=4 fuzz

# A server that only npm has; its lock file names no registry.
azurite: tests/azurite/node_modules/.installed

tests/azurite/node_modules/.installed: tests/azurite/package.json \
		tests/azurite/package-lock.json
	@command -v npm >/dev/null || { echo 'npm is missing: run' \
	    'packaging/deps test' >&2; exit 1; }
	cd tests/azurite && \
	    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

scenario: all azurite
	@tests/scenario/run

api: all
	@tests/run script api tests/api/run

web: all
	@tests/run script web tests/web/run

torture: all azurite
	@TORTURE=1 tests/scenario/run

BENCH := $(patsubst tests/bench/%.c,$(OUT)/bench/%,$(wildcard tests/bench/*.c))

$(OUT)/bench/%: $(OUT)/obj/tests/bench/%.o $(call test_libs,$(COMMON) $(MASTER))
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(test_link)

# SCALE=0.2 is a fifth of the text and of the tiny files, and quicker.
bench: all $(BENCH)
	@tests/bench/run $(OUT)
	@tests/bench/remote $(OUT)

# How often each data type is found where it is, and where it is not. EACH is
# the number of values of a type; STRICT=1 fails when a target is missed.
EACH ?= 3
accuracy: $(OUT)/trawl
	@tests/accuracy/run --trees --each $(EACH) $(if $(STRICT),--strict)

check:
	@tests/check

# ---- lint ----------------------------------------------------------------

LINT_C  := $(OUR_C) $(TEST_C)
TIDY    := $(LINT_C:%.c=$(OUT)/lint/%.tidy)

lint: lint-layers lint-banned lint-format lint-tidy lint-cppcheck lint-man
	@echo 'lint: clean'

lint-layers:
	@tests/lint/layers tests/lint/FLOORS \
	    $(wildcard common agent proxy-agent master)

lint-banned:
	@tests/lint/banned

lint-man:
	@tests/lint/man

lint-format:
	@clang-format --dry-run -Werror $(LINT_C) $(OUR_H) $(wildcard tests/fake/*.h)

lint-tidy: $(TIDY)

# An object is new when its file or one of its headers is.
$(OUT)/lint/%.tidy: $(OUT)/obj/%.o .clang-tidy tests/.clang-tidy
	@mkdir -p $(@D)
	@echo "  tidy  $*.c"
	@clang-tidy --quiet $*.c -- -std=c17 $(CPPFLAGS) -Itests 2>$@.err >$@.out \
	    || { cat $@.out; grep -v 'warnings generated' $@.err; exit 1; }
	@touch $@

# What is suppressed clang-tidy's analyser finds with fewer false alarms.
lint-cppcheck:
	@mkdir -p $(OUT)/lint/cppcheck
	@cppcheck -q -j $(JOBS) --error-exitcode=1 --inline-suppr --std=c11 \
	    --enable=warning,performance,portability --suppress=missingInclude \
	    --suppress=normalCheckLevelMaxBranches --suppress=unknownMacro \
	    --suppress=autoVariables --suppress=uninitvar \
	    --suppress=ctuuninitvar \
	    --suppress=literalWithCharPtrCompare \
	    --cppcheck-build-dir=$(OUT)/lint/cppcheck -D_GNU_SOURCE \
	    -Icommon -I. $(OUR_C)

# ---- the rest ------------------------------------------------------------

# The tables of the programs; tests compare them.
settings: $(OUT)/trawl-master $(OUT)/trawl-agent $(OUT)/trawl-proxy-agent \
		$(OUT)/trawl
	@{ printf '%s\n' '# Settings' '' \
	'Made from the tables of the programs by `make settings`; do not edit.' \
	''; $(OUT)/trawl-master help settings --markdown; \
	$(OUT)/trawl-agent help settings --markdown; \
	$(OUT)/trawl-proxy-agent help settings --markdown; } \
	>schema/settings.md
	@$(OUT)/trawl targets --format markdown >schema/targets.md

run:
	@packaging/run.sh

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/libexec/trawl
	for p in $(filter-out $(HELPERS),$(BUILT)); do \
	    install -m 755 $(OUT)/$$p $(DESTDIR)$(PREFIX)/bin/ || exit 1; done
	for p in $(filter $(HELPERS),$(BUILT)); do \
	    install -m 755 $(OUT)/$$p $(DESTDIR)$(PREFIX)/libexec/trawl/ || \
	    exit 1; done
	install -d $(DESTDIR)$(PREFIX)/share/trawl
	cp -R --no-preserve=ownership schema/catalogue $(DESTDIR)$(PREFIX)/share/trawl/
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system \
	    $(DESTDIR)$(PREFIX)/lib/sysusers.d
	install -m 644 packaging/systemd/*.service \
	    $(DESTDIR)$(PREFIX)/lib/systemd/system/
	install -m 644 packaging/sysusers/*.conf \
	    $(DESTDIR)$(PREFIX)/lib/sysusers.d/
	install -d $(DESTDIR)$(PREFIX)/share/man/man1 \
	    $(DESTDIR)$(PREFIX)/share/man/man8
	install -m 644 packaging/man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 packaging/man/*.8 $(DESTDIR)$(PREFIX)/share/man/man8/
	install -d $(DESTDIR)$(PREFIX)/share/doc/trawl
	install -m 644 README.md LICENSE ADDITIONAL-PERMISSION \
	    $(DESTDIR)$(PREFIX)/share/doc/trawl/

clean:
	rm -rf $(BUILD) $(BUILD)-san $(BUILD)-fuzz web/dist

-include $(shell find $(OUT)/obj -name '*.d' 2>/dev/null)
