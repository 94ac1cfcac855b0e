#!/bin/sh
# The three recipes of CONTRIBUTING.md, typed as they stand there: its commands are read from the page, what a person
# writes between them is written here.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

# commands HEADING: the commands of a recipe, one per line.
section() { awk -v heading="## $1" '$0 == heading { on = 1; next } /^## / { on = 0 } on' "$root/CONTRIBUTING.md"; }
commands() { section "$1" | sed -n 's/^ *\$ //p'; }
commands "Add a rule" >rule
commands "Add a sample" >sample
commands "Add a debugger command" >debugger
lines() { wc -l <"$1" | tr -d ' '; }
is "$(lines rule) $(lines sample) $(lines debugger)" "6 4 5" "the page has its commands"
for recipe in "Add a rule" "Add a sample" "Add a debugger command"; do
    is "$(section "$recipe" | grep -c '^[0-9]\. ')" 5 "$recipe: five steps"
done

# The project, with the objects that are there: nothing but what is added has to be compiled.
build=$(dirname "$stopcode")
project=$work/project
mkdir -p "$project/build/release"
(cd "$root" && cp -a Makefile README.md CONTRIBUTING.md CHANGELOG.md docs engine kb cli rules tools tests "$project")
cp -a "$root/corpus" "$project/corpus"
[ -d "$root/site" ] && cp -a "$root/site" "$project/site"
(cd "$build" && cp -a .flags engine kb cli lib*.a stopcode stopcode.db "$project/build/release") 2>/dev/null
cd "$project" || exit 2
STOPCODE_KB=$project
# What the make that runs this test was told is not what a contributor tells his.
unset B MAKELEVEL MFLAGS MAKEFLAGS MAKEOVERRIDES VARIANT WERROR
PATH=$project/build/release:$PATH
export PATH

# type FILE N: the N-th command of a recipe. Leaves $status, $out and $err.
type_in() {
    line=$(sed -n "$2p" "$work/$1")
    sh -c "$line" >"$work/out" 2>"$work/err" </dev/null
    status=$?
    out=$(cat "$work/out")
    err=$(cat "$work/err")
}
types() { # FILE N STATUS
    type_in "$1" "$2"
    is "$status" "$3" "$1, $line: exit status $3"
    [ "$status" = "$3" ] || echo "# $out $err"
}

# ---- Add a rule ----

cat >paste.txt <<'END'
My machine, in words that are my own.

3: kd> !analyze -v
DRIVER_CORRUPTED_MMPOOL (d0)
An attempt was made to access a pageable (or completely invalid) address at an
interrupt request level (IRQL) that is too high.
Arguments:
Arg1: 0000000000000028, memory referenced
Arg2: 0000000000000002, IRQL
Arg3: 0000000000000001, value 0 = read operation, 1 = write operation
Arg4: fffff80a3c5a1123, address which referenced memory

STACK_TEXT:  
fffff804`6c0a1b38 fffff804`6a206f29     : 00000000`000000d0 00000000`00000028 00000000`00000002 00000000`00000001 : nt!KeBugCheckEx
fffff804`6c0a1b40 fffff804`6a2032e3     : 00000000`00000000 00000000`00000000 00000000`00000000 00000000`00000000 : nt!KiBugCheckDispatch+0x69
fffff804`6c0a1c80 fffff80a`3c5a1123     : 00000000`00000000 00000000`00000000 00000000`00000000 00000000`00000000 : nt!KiPageFault+0x463
fffff804`6c0a1e10 fffff80a`3c5a2044     : 00000000`00000000 00000000`00000000 00000000`00000000 00000000`00000000 : acmewrt+0x1123
fffff804`6c0a1e50 fffff804`6a0c1a2e     : 00000000`00000000 00000000`00000000 00000000`00000000 00000000`00000000 : acmewrt+0x2044
fffff804`6c0a1e80 00000000`00000000     : 00000000`00000000 00000000`00000000 00000000`00000000 00000000`00000000 : nt!KiExecuteAllDpcs+0x30e

MODULE_NAME: acmewrt

Followup:     MachineOwner
END
types rule 1 0
contains "$out" "stopcode lint rules/0xD0/acme-write.md" "it names the next command"
types rule 2 1
contains "$out" "origin is empty" "lint says what is left to write"

cat >rules/0xD0/acme-write.md <<'END'
---
title: The Acme driver writes through a null pointer
bugcheck: 0xD0
status: draft
tier: blame
confidence: likely
clauses:
  near-null:
    args: {1: "0x0-0xfff", 3: 1}
  in-driver:
    stack: ["nt!KiPageFault", "{driver}"]
    ask: "k"
  acme:
    sql: SELECT line, module FROM crash_frame WHERE module = 'acmewrt' AND module = :driver LIMIT 1
    ask: "k"
culprit: "{{driver}}"
summary: "{{driver|The driver}} wrote near address 0: a pointer was not set."
references: [https://learn.microsoft.com/windows-hardware/drivers/debugger/bug-check-0xd0--driver-corrupted-mmpool]
---
## What happened

A driver wrote to an address near zero at a raised level.

## Why

A pointer that was never set, or set to nothing, was used.

## Fix

1. Update the driver; gone after that, it was this. (no risk)
END
cat >rules/0xD0/index.md <<'END'
---
title: DRIVER_CORRUPTED_MMPOOL
code: 0xD0
---
## What it means

A driver touched memory that was not there, at a level at which it cannot be fetched.

## Usual causes

A driver.

## What to collect

`k`, `lmvm`.
END
sed -i 's/^origin: .*/origin: my own machine/;s/^terms: .*/terms: my own/' corpus/0xD0/acme-write.yaml
types rule 2 0
types rule 3 0
contains "$out" "confirmed, likely, culprit acmewrt" "why: the draft holds for its paste"
sed -i 's/^status: draft/status: stable/' rules/0xD0/acme-write.md
types rule 4 1
contains "$out" "0xD0/acme-write is confirmed" "accept shows what is new"
contains "$(cat corpus/0xD0/acme-write.yaml)" "0xD0/acme-write: likely" "and writes it"
types rule 5 1
contains "$out" "no sample misses this rule by one clause" "coverage asks for a near miss"
cat >>corpus/0xD0/acme-write.yaml <<'END'
variants:
  - name: far from zero
    replace: [{from: "0000000000000028, memory", to: "ffffa80000000028, memory"}, {from: "00000000`00000028 00000000`00000002", to: "ffffa800`00000028 00000000`00000002"}]
    crashes: {1: {args: [0xffffa80000000028, 0x2, 0x1, 0xfffff80a3c5a1123], outcome: undecided, culprit: {kind: module, name: acmewrt, confidence: possible}, near_miss: [0xD0/acme-write]}}
  - name: a read
    replace: [{from: "0000000000000001, value 0", to: "0000000000000000, value 0"}, {from: "00000000`00000002 00000000`00000001", to: "00000000`00000002 00000000`00000000"}]
    crashes: {1: {args: [0x28, 0x2, 0x0, 0xfffff80a3c5a1123], outcome: undecided, culprit: {kind: module, name: acmewrt, confidence: possible}, near_miss: [0xD0/acme-write]}}
  - name: another driver
    replace: [{from: acmewrt, to: otherdrv}]
    crashes: {1: {outcome: undecided, culprit: {kind: module, name: otherdrv, confidence: possible}, near_miss: [0xD0/acme-write]}}
  - name: called by Windows
    replace: [{from: "nt!KiPageFault+0x463", to: "nt!KiInterruptDispatch+0x463"}]
    crashes: {1: {outcome: undecided, culprit: {kind: module, name: acmewrt, confidence: possible}, near_miss: [0xD0/acme-write]}}
END
types rule 5 0
types rule 6 0

# ---- Add a sample ----

cp corpus/0x9F/zte-modem.txt paste.txt
at=@ # no address stands in this file
sed -i "s/ZTEusbnet/acmemodem/g;1s/\$/ Write to owner${at}acme.com./" paste.txt
types sample 1 0
lacks "$(cat corpus/0x9F/my-modem.txt)" "owner${at}acme" "an address is gone"
printf 'origin: my own machine\nterms: my own, given to the project\ncrashes: []\n' >corpus/0x9F/my-modem.yaml
types sample 2 1
contains "$(cat corpus/0x9F/my-modem.yaml)" "0x9F/pnp-lock-held: certain" "what comes out is taken over"
cat >>corpus/0x9F/my-modem.yaml <<'END'
variants:
  - name: without !locks
    delete_sections: ["!locks"]
    crashes: {1: {outcome: confirmed, confirmed: {0x9F/pnp-thread-stuck: likely}, culprit: {kind: module, name: acmemodem, confidence: likely}, ask: ["!locks"]}}
END
types sample 3 0
types sample 4 0

# ---- Add a debugger command ----

types debugger 1 0
types debugger 2 0
sed -i 's/effective_machine/numa_node/g;s/sc_command_effmach/sc_command_numa/;s/\.effmach/!numa/g
s/Effective machine/NUMA machine/g' \
    engine/facts/numa.c tests/unit/test_facts_numa.c
sed -i 's/^    X(effmach)\( *\)\\/&\n    X(numa)\1   \\/
s/^    X(effective_machine)\(.*\)$/    X(numa_node)              \\\n&/' engine/facts/tables.h
mkdir -p corpus/facts/numa
printf '0: kd> !numa\nNUMA machine: x64 (AMD64)\n' | tee paste.txt >corpus/facts/numa/whole.txt
printf 'origin: my own machine\nterms: my own\ncrashes: [{bugcheck: null}]\n' >corpus/facts/numa/whole.yaml
# What includes the list need not be compiled again, but for the file that makes the tables of it.
touch engine/facts/commands.c
MAKEFLAGS="-o engine/facts/tables.h -o build/release/.flags"
export MAKEFLAGS
types debugger 3 0
unset MAKEFLAGS
types debugger 4 0
types debugger 5 0
contains "$out" "AMD64" "the query answers"
contains "$(cat docs/facts.md)" "### \`!numa\`" "the page has the command"
done_testing
