# Builds the library, the operator's command, the unit tests and the fuzz
# targets.  The nginx module itself is built by nginx's own configure from
# ./config (scripts/build does both).
#
#   make                the library and cx-returns, optimised    build/release/
#   make test           unit tests                               build/debug/
#   make test FLAVOUR=asan      the same under ASan and UBSan    build/asan/
#   make fuzz           libFuzzer targets (clang)                build/fuzz/
#   make replay         every fuzz target over its corpus (gcc, ASan)

FLAVOUR ?= debug
SRC     := ngx_cx_returns_module
ROOMS   := base domain sign store carrier page label photo
PKGS    := lmdb libxml-2.0 libsodium libgcrypt libcrypto libxxhash jansson icu-i18n icu-uc \
           libdeflate cairo-ft cairo-pdf freetype2 \
           libjpeg libpng libwebp libheif

CC      ?= gcc
WARN    := -Wall -Wextra -Werror -Wshadow -Wpointer-arith -Wwrite-strings \
           -Wno-unused-parameter -Wno-missing-field-initializers
DEFS    := -D_GNU_SOURCE -I$(SRC) $(addprefix -I$(SRC)/,$(ROOMS)) \
           $(shell pkg-config --cflags $(PKGS))
LIBS    := $(shell pkg-config --libs $(PKGS)) -lzint -lpthread -lm
# archives of feeds: the command alone reads them
CLILIBS := $(shell pkg-config --libs libarchive)

# gcc clears and copies what has a hundred bytes by an instruction that takes as
# long to begin; other compilers do not know the flags, and need them not
STRINGS := -mmemset-strategy=unrolled_loop:48:noalign,libcall:-1:noalign \
           -mmemcpy-strategy=unrolled_loop:48:noalign,libcall:-1:noalign
STRINGS := $(shell $(CC) $(STRINGS) -E -x c /dev/null >/dev/null 2>&1 \
             && echo "$(STRINGS)")

FLAGS_release := -O2 -g -fno-plt $(STRINGS)
# the first is stepped through, the next only says where it was; what is used before
# it is set only an optimiser can say, and all others have one
FLAGS_debug   := -O0 -g -DCXR_TEST_KNOBS -Wno-maybe-uninitialized
FLAGS_asan    := -O1 -g -DCXR_TEST_KNOBS -fno-omit-frame-pointer \
                 -fno-var-tracking \
                 -fsanitize=address,undefined \
                 -fno-sanitize-recover=all
FLAGS_tsan    := -O1 -g -DCXR_TEST_KNOBS -fsanitize=thread
FLAGS_fuzz    := -O1 -g -fno-omit-frame-pointer \
                 -fsanitize=fuzzer-no-link,address,undefined \
                 -fno-sanitize-recover=all

CFLAGS  := -std=c11 -fPIC $(WARN) $(FLAGS_$(FLAVOUR))
OUT     := build/$(FLAVOUR)

LIB_SRC := $(foreach r,$(ROOMS),$(wildcard $(SRC)/$(r)/*.c))
LIB_OBJ := $(LIB_SRC:$(SRC)/%.c=$(OUT)/%.o)
CLI_SRC := $(wildcard $(SRC)/cli/*.c)
CLI_OBJ := $(CLI_SRC:$(SRC)/%.c=$(OUT)/%.o) $(OUT)/cxr_view_notes.o
VIEWS   := $(wildcard $(SRC)/page/*.[ch] $(SRC)/label/*.[ch])
TESTS   := $(patsubst t/unit/%.c,$(OUT)/unit/%,$(wildcard t/unit/test_*.c))
FUZZERS := $(patsubst t/fuzz/%.c,%,$(wildcard t/fuzz/fuzz_*.c))

.PHONY: all test fuzz fuzzers replay replayers clean
.SECONDARY:

all:
	$(MAKE) FLAVOUR=release build/release/cx-returns

$(OUT)/%.o: $(SRC)/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(DEFS) -MMD -MP -c -o $@ $<

# what the headers of the views say of each field, for "templates fields"
$(OUT)/cxr_view_notes.c: scripts/view-notes $(VIEWS)
	@mkdir -p $(@D)
	scripts/view-notes $(VIEWS) >$@.tmp
	mv $@.tmp $@

$(OUT)/cxr_view_notes.o: $(OUT)/cxr_view_notes.c
	$(CC) $(CFLAGS) $(DEFS) -I$(SRC)/cli -MMD -MP -c -o $@ $<

$(OUT)/libcxr.a: $(LIB_OBJ)
	rm -f $@
	ar rcs $@ $^

$(OUT)/cx-returns: $(CLI_OBJ) $(OUT)/libcxr.a
	$(CC) $(CFLAGS) -o $@ $^ $(LIBS) $(CLILIBS)

$(OUT)/unit/test_%: t/unit/test_%.c $(OUT)/libcxr.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(DEFS) -It/unit -MMD -MP -o $@ $< $(OUT)/libcxr.a \
	    -lcmocka $(LIBS)

# it runs the command that is built beside it
$(OUT)/unit/test_cli: $(OUT)/cx-returns

test: $(TESTS)
	@set -e; for t in $(TESTS); do $$t; done

$(OUT)/fuzz_%: t/fuzz/fuzz_%.c $(OUT)/libcxr.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(if $(filter fuzz,$(FLAVOUR)),-fsanitize=fuzzer) $(DEFS) \
	    -MMD -MP -o $@ $< $(if $(filter fuzz,$(FLAVOUR)),,t/fuzz/replay.c) \
	    $(OUT)/libcxr.a $(LIBS)

$(OUT)/bench/%: t/bench/%.c $(OUT)/libcxr.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(DEFS) -MMD -MP -o $@ $< $(OUT)/libcxr.a $(LIBS)

fuzz:
	$(MAKE) FLAVOUR=fuzz CC=clang fuzzers
fuzzers: $(addprefix $(OUT)/,$(FUZZERS))

replay:
	$(MAKE) FLAVOUR=asan replayers
replayers: $(addprefix $(OUT)/,$(FUZZERS))
	@set -e; for f in $(FUZZERS); do \
	    $(OUT)/$$f t/fuzz/corpus/$${f#fuzz_}; done

clean:
	rm -rf build

-include $(LIB_OBJ:.o=.d) $(CLI_OBJ:.o=.d) $(TESTS:=.d)
