# stopcode. `make run` and `make check` do everything, set-up included; `make help` lists the rest.
#
# Variables: CC=clang  VARIANT=release|asan|ubsan|coverage  B=DIR (where to build)  WERROR=1  V=1 (show commands)
#            FILE=paste.txt (for run)  PREFIX, DESTDIR (for install)  SECONDS=60 (for fuzz)

ifeq ($(origin CC),default)
CC := gcc
endif
VARIANT ?= release
# Compilers and variants do not share objects: switching between them rebuilds nothing.
B ?= build/$(VARIANT)$(if $(findstring clang,$(CC)),-clang)
PREFIX ?= /usr/local
SECONDS ?= 60

# As many jobs as processors unless -j says otherwise; the output of each job stays together.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
ifeq ($(filter run,$(MAKECMDGOALS)),)
MAKEFLAGS += $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
endif
endif
ifneq ($(filter clean,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif
.DELETE_ON_ERROR:
.SUFFIXES:
Q := $(if $(V),,@)
say = @printf '  %-7s %s\n' $(1) $(2)

# ---- Flags -----------------------------------------------------------------------------------------------------------

PKGS := sqlite3 libpcre2-8 libcmark yaml-0.1 jansson
# pkg-config may be missing until `setup` has run, so it is asked when a recipe first wants to know, and only once.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $$(PKGS)))$(PKG_CFLAGS)
PKG_LIBS = $(eval PKG_LIBS := $$(shell pkg-config --libs $$(PKGS)))$(PKG_LIBS)
TEST_LIBS = $(eval TEST_LIBS := $$(shell pkg-config --libs cmocka))$(TEST_LIBS)

# Where a warning must not pass: in the tests, and wherever somebody asks for it.
ifneq ($(filter check lint asan ubsan,$(MAKECMDGOALS)),)
WERROR ?= 1
endif
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion
release_FLAGS := -O2 -g
asan_FLAGS := -O1 -g -fsanitize=address -fno-omit-frame-pointer
ubsan_FLAGS := -O1 -g -fsanitize=undefined -fno-sanitize-recover=all
coverage_FLAGS := -O0 -g --coverage
fuzz_FLAGS := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
OWN_FLAGS := -std=c17 -D_POSIX_C_SOURCE=200809L -I. $(WARN) $($(VARIANT)_FLAGS)
COMPILE = $(CC) $(OWN_FLAGS) $(if $(filter-out 0,$(WERROR)),-Werror) -MMD -MP $(PKG_CFLAGS) $(CPPFLAGS) $(CFLAGS)
LINK = $(CC) $(OWN_FLAGS) $(CFLAGS) $(LDFLAGS)

# ---- What is built -----------------------------------------------------------------------------------------------------

ENGINE_SRC := $(wildcard engine/*.c engine/*/*.c)
KB_SRC := $(wildcard kb/*.c)
SITE_SRC := $(wildcard site/*.c)
CLI_SRC := $(wildcard cli/*.c)
UNIT_SRC := $(wildcard tests/unit/test_*.c)
ENGINE_OBJ := $(ENGINE_SRC:%.c=$(B)/%.o)
KB_OBJ := $(KB_SRC:%.c=$(B)/%.o)
# The guides are pages of the site too.
SITE_ASSETS := $(sort $(wildcard site/assets/*)) CONTRIBUTING.md docs/ARCHITECTURE.md docs/collecting.md
SITE_OBJ := $(SITE_SRC:%.c=$(B)/%.o) $(B)/site/assets.o
CLI_OBJ := $(CLI_SRC:%.c=$(B)/%.o)
UNIT_BIN := $(UNIT_SRC:tests/unit/%.c=$(B)/tests/%)
LIBS := $(B)/libcli.a $(if $(SITE_OBJ),$(B)/libsite.a) $(B)/libkb.a $(B)/libengine.a
OBJ := $(ENGINE_OBJ) $(KB_OBJ) $(SITE_OBJ) $(CLI_OBJ)
KNOWLEDGE := $(shell find rules kb/reference -type f 2>/dev/null)
SHELL_TESTS := $(wildcard tests/*/test_*.sh)
SAMPLE := $(firstword $(wildcard corpus/0x9F/*.txt) $(wildcard corpus/*/*.txt))

.PHONY: all
all: $(B)/stopcode $(B)/stopcode.db ## build the command and the knowledge base

$(B)/libengine.a: $(ENGINE_OBJ)
$(B)/libkb.a: $(KB_OBJ)
$(B)/libsite.a: $(SITE_OBJ)
$(B)/libcli.a: $(filter-out $(B)/cli/main.o,$(CLI_OBJ))
$(B)/lib%.a:
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar qcs $@ $^
$(B)/stopcode: $(B)/cli/main.o $(LIBS)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $^ $(PKG_LIBS) $(LDLIBS)
$(B)/%.o: %.c $(B)/.flags | setup
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(COMPILE) -c $< -o $@
# Where the installed knowledge base is, for a program that was moved away from beside it.
$(B)/cli/knowledge.o: private CPPFLAGS += -DSTOPCODE_PREFIX='"$(PREFIX)"'
$(B)/tests/unit/%.o: | setup-test
$(B)/tests/%: $(B)/tests/unit/%.o $(LIBS)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $^ $(PKG_LIBS) $(TEST_LIBS) $(LDLIBS)
.SECONDARY: $(UNIT_SRC:%.c=$(B)/%.o)
# The fuzz target twice: driven by files, and by libFuzzer.
$(B)/tests/fuzz_replay: $(B)/tests/fuzz/replay.o $(B)/tests/fuzz/fuzz_diagnose.o $(LIBS)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $^ $(PKG_LIBS) $(LDLIBS)
$(B)/tests/fuzz_diagnose: $(B)/tests/fuzz/fuzz_diagnose.o $(LIBS)
	$(call say,LINK,$@)
	$(Q)$(LINK) -fsanitize=fuzzer -o $@ $^ $(PKG_LIBS) $(LDLIBS)

# What every page of the site brings along stands in the program itself.
$(B)/site/assets.c: tools/embed.sh $(SITE_ASSETS)
	@mkdir -p $(@D)
	$(Q)tools/embed.sh $(SITE_ASSETS) >$@
$(B)/site/assets.o: $(B)/site/assets.c $(B)/.flags
	$(call say,CC,site/assets)
	$(Q)$(COMPILE) -c -o $@ $<

# Every object depends on the flags it was compiled with.
$(B)/.flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(OWN_FLAGS) $(CPPFLAGS) $(CFLAGS)' | cmp -s - $@ || echo '$(CC) $(OWN_FLAGS) $(CPPFLAGS) $(CFLAGS)' >$@

$(B)/stopcode.db: $(B)/stopcode $(KNOWLEDGE)
	$(call say,KB,$@)
	$(Q)$(B)/stopcode kb build --source . --output $@ >/dev/null

-include $(OBJ:.o=.d) $(UNIT_SRC:%.c=$(B)/%.d) $(wildcard $(B)/tests/fuzz/*.d)

# ---- Set-up ------------------------------------------------------------------------------------------------------------

# Takes milliseconds when nothing is missing. Shows what is, and installs it where that is allowed: see tools/setup.sh.
.PHONY: setup setup-test setup-lint setup-fuzz setup-wasm setup-site
setup: ## install what the build needs, after showing the list
	@CC='$(CC)' tools/setup.sh build
setup-test: setup
	@CC='$(CC)' tools/setup.sh build test
setup-lint: setup
	@CC='$(CC)' tools/setup.sh lint
setup-fuzz: setup
	@CC='$(CC)' tools/setup.sh fuzz
# One after the other: two installations at a time would be in each other's way.
setup-wasm: setup $(if $(filter check,$(MAKECMDGOALS)),setup-test)
	@CC='$(CC)' tools/setup.sh wasm
setup-site: setup-wasm
	@CC='$(CC)' tools/setup.sh site

# ---- WebAssembly -------------------------------------------------------------------------------------------------------

# The engine for the diagnosis page of the site: one module, in a build of its own.
.PHONY: wasm
wasm: build/wasm/stopcode.wasm ## the engine as WebAssembly
build/wasm/stopcode.wasm: FORCE | setup-wasm
	+@$(MAKE) --no-print-directory -f site/wasm/wasm.mk W=build/wasm V=$(V)

# ---- The help site -----------------------------------------------------------------------------------------------------

# What the first page carries (the engine, and a knowledge base without what only readers look at) and what it searches
# with. The npm packages are pinned by site/npm/package-lock.json.
SITE ?= build/site
MINISEARCH := build/npm/node_modules/minisearch/dist/umd/index.js
.PHONY: site npm
site: all $(B)/web/engine.gz $(B)/web/knowledge.gz npm ## the help site, with the diagnosis page, in SITE (build/site)
	@mkdir -p $(dir $(SITE))
	$(call say,SITE,$(SITE))
	$(Q)$(B)/stopcode site $(SITE) --kb $(B)/stopcode.db --corpus corpus --engine $(B)/web/engine.gz \
		--knowledge $(B)/web/knowledge.gz --minisearch $(MINISEARCH)
.PHONY: site-figures
site-figures: $(B)/results/site/test_figures ## how fast the site is made and diagnoses, and how much it loads
	@cat $<.log
npm: | setup-site
	@tools/npm.sh site/npm build/npm
$(B)/web/stopcode.db: $(B)/stopcode $(KNOWLEDGE)
	@mkdir -p $(@D)
	$(call say,KB,$@)
	$(Q)$(B)/stopcode kb build --lean --source . --output $@ >/dev/null
$(B)/web/knowledge.gz: $(B)/web/stopcode.db
$(B)/web/engine.gz: build/wasm/stopcode.wasm
# -n: no name and no time, so that the same bytes give the same file.
$(B)/web/%.gz:
	@mkdir -p $(@D)
	$(Q)gzip -n9 <$< >$@

# ---- Running -----------------------------------------------------------------------------------------------------------

.PHONY: run
run: all ## diagnose FILE=paste.txt, or a sample of the corpus
	$(if $(FILE),,@echo; echo 'A sample, $(SAMPLE). Your own: make run FILE=paste.txt'; echo)
	@$(B)/stopcode --kb $(B)/stopcode.db "$(or $(FILE),$(SAMPLE))"

# ---- Testing -----------------------------------------------------------------------------------------------------------

# Each test leaves its outcome in $(R); a failing one does not stop the others, the sum at the end fails.
R := $(B)/results
UNIT_RESULTS := $(UNIT_SRC:tests/unit/%.c=$(R)/%)
SHELL_RESULTS := $(SHELL_TESTS:tests/%.sh=$(R)/%)
SAMPLES := $(wildcard corpus/*/*.txt corpus/*/*/*.txt)
# Inputs that once broke something.
REPLAY := $(SAMPLES) $(wildcard tests/data/replay/*)
RUN_TEST := SITE=$(SITE) WEB=$(B)/web NODE_PACKAGES=build/npm/node_modules CC='$(CC)' STOPCODE=$(B)/stopcode STOPCODE_KB=$(B)/stopcode.db tools/run-test.sh

.PHONY: check units corpus
check: $(UNIT_RESULTS) $(SHELL_RESULTS) $(R)/arrows $(if $(filter release,$(VARIANT)),$(R)/globals) $(R)/rules $(R)/corpus $(R)/corpus-coverage $(R)/replay ## build and pass every test
	@tools/sum-tests.sh $^
units: $(UNIT_RESULTS) ## the unit tests alone
	@tools/sum-tests.sh $^
corpus: $(R)/corpus ## the regression samples alone
	@tools/sum-tests.sh $^

$(UNIT_RESULTS): $(R)/%: $(B)/tests/% FORCE
	@$(RUN_TEST) $* $@ $<
$(SHELL_RESULTS): $(R)/%: tests/%.sh all FORCE
	@$(RUN_TEST) $* $@ sh $<
$(R)/site/test_wasm: build/wasm/stopcode.wasm $(B)/web/stopcode.db
$(R)/site/test_browser $(R)/site/test_pages $(R)/site/test_figures: site
$(R)/site/test_report: npm
$(R)/arrows: FORCE
	@$(RUN_TEST) arrows $@ tools/check-arrows.sh
$(R)/globals: $(B)/libengine.a FORCE
	@$(RUN_TEST) globals $@ tools/check-library.sh $<
$(R)/rules: all FORCE
	@$(RUN_TEST) rules $@ $(B)/stopcode lint
$(R)/corpus: all FORCE
	@$(RUN_TEST) corpus $@ $(B)/stopcode test --tap
# What no sample would notice: only what corpus/coverage.tsv lists with its reason.
$(R)/corpus-coverage: all FORCE
	@$(RUN_TEST) corpus-coverage $@ $(B)/stopcode coverage
# Every sample, and samples cut short: the same result twice, every line inside the paste.
CUTS := 2
asan_CUTS := 8
ubsan_CUTS := 8
$(R)/replay: $(B)/tests/fuzz_replay all FORCE
	@$(RUN_TEST) replay $@ $< -cuts $(or $($(VARIANT)_CUTS),$(CUTS)) $(REPLAY)

# ---- Checking harder -----------------------------------------------------------------------------------------------------

# The unit tests, and every sample through every format, under a sanitizer: a build of its own in build/asan, build/ubsan.
.PHONY: asan ubsan sanitized coverage fuzz fuzzing
asan: ## unit tests and all samples under AddressSanitizer
	+@$(MAKE) --no-print-directory VARIANT=asan WERROR=$(WERROR) sanitized
ubsan: ## the same under UndefinedBehaviorSanitizer
	+@$(MAKE) --no-print-directory VARIANT=ubsan WERROR=$(WERROR) sanitized
sanitized: $(UNIT_RESULTS) $(R)/samples $(R)/replay
	@tools/sum-tests.sh $^
$(R)/samples: all FORCE
	@$(RUN_TEST) samples $@ tools/run-samples.sh $(SAMPLES)

# Real outputs that are not in the project; the figure is for those who have them.
SAMPLES_DIR ?= ../shared/samples
TEXTS_DIR ?= ../shared
.PHONY: copies
copies: ## runs of eight words that our texts share with those in TEXTS_DIR
	@tools/copies.sh "$(TEXTS_DIR)" && echo "no run of eight words in common with $(TEXTS_DIR)"

.PHONY: facts-coverage
facts-coverage: all ## how much of the debugger output in SAMPLES_DIR the parsers read, and what they skip
	@STOPCODE=$(B)/stopcode STOPCODE_KB=$(B)/stopcode.db tools/facts-coverage.sh "$(SAMPLES_DIR)" 95

# What is generated from the code and the corpus, and committed for those who only read. A test finds them stale.
.PHONY: docs reference-sums facts-snapshots
docs: all ## bring the generated pages in docs/ up to date
	@$(B)/stopcode tables --markdown >$(B)/facts.md && mv $(B)/facts.md docs/facts.md
	@$(B)/stopcode coverage --table docs/coverage.md >$(B)/coverage.txt || { cat $(B)/coverage.txt; exit 1; }

facts-snapshots: $(B)/tests/test_facts_snapshot ## after a change of parsers that is meant: the facts that a test compares
	@SNAPSHOTS=write $(B)/tests/test_facts_snapshot

reference-sums: ## after a change of kb/reference/ that is meant: the sums that a test compares
	@tools/reference-sums.sh >tests/data/reference.txt

coverage: ## which lines of engine/, kb/ and cli/ the tests reach
	+@$(MAKE) --no-print-directory VARIANT=coverage B=build/coverage check; tools/coverage.sh build/coverage
fuzz: | setup-fuzz ## libFuzzer for SECONDS over the whole way; what it finds is left in build/fuzz
	+@$(MAKE) --no-print-directory CC=clang VARIANT=fuzz B=build/fuzz fuzzing
fuzzing: $(B)/tests/fuzz_diagnose
	@mkdir -p $(B)/found
	$< -max_total_time=$(SECONDS) -timeout=20 -rss_limit_mb=2048 -artifact_prefix=$(B)/ $(B)/found $(sort $(dir $(SAMPLES)))

# One place at a time is broken in a copy, and a test must notice. What survives is explained in tests/data. OPTIONS=-q: quick.
.PHONY: mutate
mutate: ## break rules, tables and parsers on purpose, and list what no test notices (takes an hour)
	@tools/mutate.sh $(OPTIONS) -o docs/mutation.md $(PART)

# ---- Style -------------------------------------------------------------------------------------------------------------

SOURCE_DIRS := $(wildcard engine kb site cli tests)
C_FILES = $(shell find $(SOURCE_DIRS) -name '*.c' | sort)
H_FILES = $(shell find $(SOURCE_DIRS) -name '*.h' | sort)
HEADER_STYLE := {BasedOnStyle: InheritParentConfig, AllowShortFunctionsOnASingleLine: All}
TIDY_RESULTS := $(patsubst $(B)/%.o,$(B)/tidy/%,$(filter-out %/assets.o,$(OBJ))) # that one is generated

.PHONY: lint format
lint: lint-text lint-arrows lint-format lint-shell $(TIDY_RESULTS) ## layout, dependency arrows, suspicious code
	@echo 'lint: nothing to complain about'
.PHONY: lint-text lint-arrows lint-format lint-shell
lint-text:
	@tools/check-text.sh
lint-arrows:
	@tools/check-arrows.sh
lint-format: | setup-lint
	@clang-format --dry-run -Werror $(C_FILES)
	@clang-format --dry-run -Werror '--style=$(HEADER_STYLE)' $(H_FILES)
lint-shell: | setup-lint
	@shellcheck -x .ci/run tools/*.sh $(SHELL_TESTS)
$(B)/tidy/%: %.c $(B)/%.o .clang-tidy | setup-lint
	$(call say,TIDY,$<)
	@mkdir -p $(@D)
	$(Q)clang-tidy --quiet $< -- $(filter-out -W%,$(OWN_FLAGS)) $(PKG_CFLAGS) >$@.log 2>&1 || { cat $@.log; exit 1; }
	@touch $@
format: | setup-lint ## lay the code out
	@clang-format -i $(C_FILES)
	@clang-format -i '--style=$(HEADER_STYLE)' $(H_FILES)

# ---- Installing ----------------------------------------------------------------------------------------------------------

.PHONY: install uninstall clean help FORCE
install: all ## into PREFIX (default /usr/local), under DESTDIR
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/share/stopcode"
	install -m 755 $(B)/stopcode "$(DESTDIR)$(PREFIX)/bin/stopcode"
	install -m 644 $(B)/stopcode.db "$(DESTDIR)$(PREFIX)/share/stopcode/stopcode.db"
uninstall: ## what install put there
	rm -f "$(DESTDIR)$(PREFIX)/bin/stopcode"
	rm -rf "$(DESTDIR)$(PREFIX)/share/stopcode"
clean: ## remove everything that was built
	rm -rf build
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
FORCE:
