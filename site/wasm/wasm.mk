# The engine as WebAssembly: make -f site/wasm/wasm.mk builds $(W)/stopcode.wasm with clang's wasm32-wasi target. The
# libraries come from Debian's source packages (sources.txt); `make wasm` of the main Makefile sets up what it needs.
W ?= build/wasm
S := $(W)/sources
V :=
Q := $(if $(V),,@)
say = @printf '  %-7s %s\n' $(1) $(2)

CLANG ?= clang
# Without -nostdinc clang falls back silently to the host's headers where WASI has none.
TARGET := --target=wasm32-wasi -nostdinc -isystem $(shell $(CLANG) -print-resource-dir)/include -isystem /usr/include/wasm32-wasi
FLAGS := $(TARGET) -Oz -flto -DNDEBUG -ffunction-sections -fdata-sections
SQLITE := $(S)/sqlite3-3.40.1
PCRE2 := $(S)/pcre2-10.42
JANSSON := $(S)/jansson-2.14

SQLITE_FLAGS := -DSQLITE_OS_OTHER=1 -DSQLITE_THREADSAFE=0 -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_OMIT_WAL \
	-DSQLITE_OMIT_DEPRECATED -DSQLITE_DEFAULT_MEMSTATUS=0 -DSQLITE_TEMP_STORE=3 \
	-DSQLITE_MAX_MMAP_SIZE=0 -DSQLITE_OMIT_SHARED_CACHE -DSQLITE_DQS=0
PCRE2_FLAGS := -DHAVE_CONFIG_H -DPCRE2_CODE_UNIT_WIDTH=8 -DPCRE2_STATIC -DSUPPORT_UNICODE
PCRE2_SRC := $(addprefix $(PCRE2)/src/pcre2_,auto_possess.c compile.c config.c context.c convert.c dfa_match.c error.c \
	extuni.c find_bracket.c jit_compile.c maketables.c match.c match_data.c newline.c ord2utf.c pattern_info.c \
	script_run.c serialize.c string_utils.c study.c substitute.c substring.c tables.c ucd.c valid_utf.c xclass.c) \
	$(PCRE2)/src/pcre2_chartables.c
JANSSON_SRC := $(addprefix $(JANSSON)/src/,dump.c error.c hashtable.c hashtable_seed.c load.c memory.c pack_unpack.c \
	strbuffer.c strconv.c utf.c value.c)
OWN_SRC := $(wildcard engine/*.c engine/*/*.c) kb/load.c site/wasm/api.c site/wasm/vfs.c
OWN_FLAGS := -std=c17 -D_POSIX_C_SOURCE=200809L -I. -isystem $(SQLITE) -isystem $(PCRE2)/src -isystem $(JANSSON)/src \
	-DPCRE2_STATIC -Wall -Wextra

OBJ := $(OWN_SRC:%.c=$(W)/%.o) $(PCRE2_SRC:$(S)/%.c=$(W)/lib/%.o) $(JANSSON_SRC:$(S)/%.c=$(W)/lib/%.o) $(W)/lib/sqlite3.o

# The engine recurses nowhere deep; SQLite's parser and PCRE2 do. The stack comes first, so that an overflow traps.
LINK_FLAGS := --target=wasm32-wasi -mexec-model=reactor -Wl,--gc-sections -Wl,--strip-all -Wl,--stack-first \
	-Wl,-z,stack-size=1048576

$(W)/stopcode.wasm: $(OBJ)
	$(call say,LINK,$@)
	$(Q)$(CLANG) $(LINK_FLAGS) -o $@ $^

$(W)/%.o: %.c $(S)/.unpacked
	@mkdir -p $(@D)
	$(call say,WASM,$<)
	$(Q)$(CLANG) $(FLAGS) $(OWN_FLAGS) -MMD -MP -c -o $@ $<
$(W)/lib/pcre2-10.42/%.o: $(S)/.unpacked
	@mkdir -p $(@D)
	$(Q)$(CLANG) $(FLAGS) $(PCRE2_FLAGS) -w -I $(PCRE2)/src -c -o $@ $(PCRE2)/$*.c
$(W)/lib/jansson-2.14/%.o: $(S)/.unpacked
	@mkdir -p $(@D)
	$(Q)$(CLANG) $(FLAGS) -DHAVE_CONFIG_H -DHAVE_STDINT_H -w -I $(JANSSON)/src -c -o $@ $(JANSSON)/$*.c
$(W)/lib/sqlite3.o: $(S)/.unpacked
	@mkdir -p $(@D)
	$(call say,WASM,sqlite3.c)
	$(Q)$(CLANG) $(FLAGS) $(SQLITE_FLAGS) -w -c -o $@ $(SQLITE)/sqlite3.c

# Unpacked, with Debian's patches, and configured: SQLite is made one file, the others have files for this.
$(S)/.unpacked: site/wasm/sources.txt site/wasm/wasm.mk tools/debian-source.sh
	$(Q)tools/debian-source.sh $< $(S)
	@rm -rf $(SQLITE) $(PCRE2) $(JANSSON) $(S)/debian
	@cd $(S) && tar xf sqlite3_3.40.1.orig.tar.xz && tar xf pcre2_10.42.orig.tar.gz && tar xf jansson_2.14.orig.tar.gz
	@mkdir $(S)/debian && tar xf $(S)/sqlite3_*.debian.tar.xz -C $(S)/debian
	@for patch in $$(grep -v '^#' $(S)/debian/debian/patches/series); do \
		patch -d $(SQLITE) -p1 -s <$(S)/debian/debian/patches/$$patch || exit 1; done
	$(call say,MAKE,sqlite3.c)
	@cd $(SQLITE) && ./configure --disable-tcl >configure.log 2>&1 && $(MAKE) -s sqlite3.c >make.log 2>&1 || { tail make.log; exit 1; }
	@gzip -dc $(S)/pcre2_10.42-1.diff.gz | patch -d $(PCRE2) -p1 -s
	@cd $(PCRE2)/src && cp config.h.generic config.h && cp pcre2.h.generic pcre2.h && \
		cp pcre2_chartables.c.dist pcre2_chartables.c
	@cp $(JANSSON)/android/jansson_config.h $(JANSSON)/src/
	@echo '#define HAVE_STDINT_H 1' >$(JANSSON)/src/jansson_private_config.h
	@echo '#define INITIAL_HASHTABLE_ORDER 3' >>$(JANSSON)/src/jansson_private_config.h
	@touch $@

-include $(OWN_SRC:%.c=$(W)/%.d)
