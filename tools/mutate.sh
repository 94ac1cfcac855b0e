#!/bin/sh
# Breaks rules, reference tables and parsers on purpose, one place at a time, and looks which test notices.
#
#   tools/mutate.sh [-o PAGE] [-r TABLE] [-n NUMBER] [-c NUMBER] [-j NUMBER] [-q] [-x HOOKS] [PART...]
#
#   PART     sources, reference, rules; all of them without one
#   -o PAGE  write the result there too, as a page (docs/mutation.md)
#   -r TABLE write one line per mutant there (default build/mutation.tsv)
#   -n N     mutants per source file beside those that are never left out (default 1)
#   -c N     no more than N statements left out per source file (default all)
#   -j N     N at the same time, each in a copy of its own (default 1)
#   -q       quick: leaves out the tests of what reads no facts, those of the command line, and those that take two
#            seconds or more. The page says so
#   -x FILE  shell functions that replace those marked "hook" below; tests/tools/test_mutate.sh does so
#
# It works in a copy: the tree itself is only read. What can be broken is listed by tools/mutants-c.awk and
# tools/mutants-rules.awk. Which of the other mutants of a file are taken depends on their text alone, so that the same
# tree always gives the same list, and a change in one place does not change it elsewhere.
#
# A mutant is killed by the first test that fails, and refused when it does not build. One that survives must stand in
# tests/data/mutation-survivors.tsv: file, operator, the text before and after, why; one of a rule must stand in
# corpus/coverage.tsv, because `stopcode coverage` breaks rules in the same places, in memory and in seconds, in each
# `make check`. Exit status: 0 when each does and no line of the first file is left over, 1 otherwise, 2 when it cannot
# run.
# shellcheck disable=SC2012,SC2034,SC2046,SC2086  # names in the tree have no blanks, and lists are to be split
set -u
LC_ALL=C
export LC_ALL
tools=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$tools/.." && pwd)
page=
table=
per_file=1
quick=
at_most=0
hooks=
jobs=1
shard=
while getopts o:r:n:c:j:qs:x: option; do
    case $option in
    o) page=$OPTARG ;;
    r) table=$OPTARG ;;
    n) per_file=$OPTARG ;;
    c) at_most=$OPTARG ;;
    j) jobs=$OPTARG ;;
    q) quick=quick ;;
    s) shard=$OPTARG ;; # K/N, as -j calls it: of the files every Nth
    x) hooks=$OPTARG ;;
    *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))
parts=${*:-sources reference rules}
for part in $parts; do
    case $part in
    sources | reference | rules) ;;
    *) echo "mutate: no part is called $part: sources, reference, rules" >&2 && exit 2 ;;
    esac
done

work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' INT TERM HUP
tree=$work/tree
b=$tree/build/mutants
survivors=tests/data/mutation-survivors.tsv
gaps=corpus/coverage.tsv
mkdir -p "$tree" "$work/kept" "$work/killers" "$work/luck"
tab=$(printf '\t')

# A mutant may never end, or eat all memory.
# shellcheck disable=SC3045  # every shell that Linux has as sh knows ulimit -v
limited() { (ulimit -v 4000000 && exec timeout -k 1 30 "$@") >"$work/log" 2>&1 </dev/null; }

# ---- Hooks -----------------------------------------------------------------------------------------------------------

# hook: the sources that are broken, as paths in the tree
sources() { ls engine/facts/*.c engine/decode/*.c engine/transcript/*.c; }
rules() { ls rules/*/*.md; }

# hook: builds the unbroken tree. The engine becomes a shared library, so that a mutant is one object and one link.
prepare() {
    units=$(ls tests/unit/test_*.c | sed 's,.*/,,; s,\.c$,,')
    case " $parts " in
    *' sources '*) flags='-O0 -g0 -fPIC' ;; # compiled again and again
    *) flags='-O2 -g0 -fPIC' ;;
    esac
    make -s -j1 B="$b" CFLAGS="$flags" all $(for unit in $units; do echo "$b/tests/unit/$unit.o"; done) || return 1
    packages=$(sed -n 's/^PKGS := //p' Makefile)
    compile="$(cat "$b/.flags") -w $(pkg-config --cflags $packages)"
    link_libs="$b/libcli.a $(ls "$b"/libsite.a 2>/dev/null) $b/libkb.a $b/libengine.so"
    link_libs="$link_libs -Wl,-rpath,$b $(pkg-config --libs $packages)"
    link_engine && cc -o "$b/stopcode" "$b/cli/main.o" $link_libs || return 1
    for unit in $units; do
        cc -o "$b/tests/$unit" "$b/tests/unit/$unit.o" $link_libs $(pkg-config --libs cmocka) || return 1
    done
}
link_engine() {
    cc -shared -o "$b/libengine.so" $(ls "$b"/engine/*.o "$b"/engine/*/*.o) $(pkg-config --libs $packages)
}

# hook: builds what FILE belongs to
build() {
    case $1 in
    *.c) $compile -c "$1" -o "$b/${1%.c}.o" && link_engine ;;
    *) "$b/stopcode" kb build --source . --output "$b/stopcode.db" ;;
    esac >"$work/log" 2>&1 </dev/null
}

# hook: the tests for FILE, one name to a line, those first that are likely to notice
killers() {
    case $1 in
    *.c)
        stem=$(basename "$1" .c)
        echo "$units" | grep "_${stem%%_*}"
        echo "$units" | grep -x test_facts_snapshot
        echo corpus
        echo "$units"
        [ -n "$quick" ] || ls tests/cli/test_*.sh
        ;;
    kb/*)
        echo corpus
        echo reference
        ;;
    *)
        echo "own:$1"
        echo corpus
        ;;
    esac
}

# hook: runs one of them
passes() {
    case $1 in
    own:*) # the samples of a rule
        rule=${1#own:rules/}
        limited "$b/stopcode" test --no-damage --kb "$b/stopcode.db" "${rule%.md}"
        ;;
    corpus) limited "$b/stopcode" test --no-damage --kb "$b/stopcode.db" ;;
    reference) limited sh tests/tools/test_reference.sh ;;
    *.sh) STOPCODE=$b/stopcode STOPCODE_KB=$b/stopcode.db limited sh "$1" ;;
    *) limited "$b/tests/$1" ;;
    esac
}

# shellcheck source=/dev/null
[ -z "$hooks" ] || . "$hooks"

# ---- The list --------------------------------------------------------------------------------------------------------

# Of the mutants that may be left out, the first of each file in the order of a checksum of their text.
sample() {
    awk -F '\t' -v m="$at_most" '
        BEGIN { for (i = 1; i < 256; i++) value[sprintf("%c", i)] = i }
        function sum(s,   i, v) {
            for (i = 1; i <= length(s); i++) v = (v * 31 + value[substr(s, i, 1)]) % 1000003
            return v
        }
        { printf "%d\t%s\t%s\n", $5 && !(m && $4 == "column") ? 0 : 1 + sum($4 $6 $3 % 7), NR, $0 }' |
        sort -t "$tab" -k1,1n -k2,2n |
        awk -F '\t' -v n="$per_file" -v m="$at_most" '$7 ? !(m && $6 == "column") || must[$3]++ < m : may[$3]++ < n' |
        sort -t "$tab" -k2,2n | cut -f3-
}

# Rows of the reference tables whose first word stands in a sample: one of them leaves the table.
reference_mutants() {
    cat corpus/*/*.txt | tr -cs 'A-Za-z0-9_()' '\n' | sort -u >"$work/words"
    for tsv in kb/reference/*.tsv; do
        awk -F '\t' -v file="$tsv" '
            NR == FNR { seen[$1] = 1; next }
            FNR > 1 && ($1 in seen || $2 in seen) { printf "%s\t%d\t%d\treference\t1\t\n", file, FNR, FNR }
        ' "$work/words" "$tsv"
    done
}

list() {
    case $1 in
    sources) awk -f "$tools/mutants-c.awk" $(sources) | sample ;;
    reference) reference_mutants ;;
    rules) awk -f "$tools/mutants-rules.awk" $(rules) ;;
    esac
}

# ---- One mutant ------------------------------------------------------------------------------------------------------

# Replaces lines $first to $last of the kept file by $new. The character 31 stands for a line break. Nothing at all when
# $new is empty: the lines go.
apply() {
    FIRST=$first LAST=$last NEW=$new awk '
        NR == ENVIRON["FIRST"] + 0 && ENVIRON["NEW"] != "" { s = ENVIRON["NEW"]; gsub(/\037/, "\n", s); print s }
        NR < ENVIRON["FIRST"] + 0 || NR > ENVIRON["LAST"] + 0' "$work/kept/file" >"$file"
}

# One line without the blanks around it, and not too long for a table.
short() { tr '\037\n\t' '   ' | sed 's/  */ /g; s/^ //; s/ $//' | cut -c 1-200; }

# Tests that killed a mutant of this file before come first.
ordered_killers() {
    for names in "$1" "$2"; do
        [ ! -f "$names" ] || cat "$names"
    done | awk '!seen[$0]++'
}

try() {
    luck=$work/luck/$(echo "$file" | tr / _)
    known=$work/killers/$(echo "$file" | tr / _)
    if [ ! -f "$known" ]; then
        killers "$file" | awk '!seen[$0]++' >"$known.all"
        while read -r killer; do
            grep -qxF "$killer" "$work/red" || echo "$killer"
        done <"$known.all" >"$known"
    fi
    by=
    if ! build "$file"; then
        outcome=refused
        return
    fi
    ordered_killers "$luck" "$known" >"$work/order"
    # Without a test everything survives, which would look like a result.
    [ -s "$work/order" ] || { echo "mutate: no test for $file" >&2 && exit 2; }
    while read -r killer; do
        passes "$killer" && continue
        outcome=killed
        by=$killer
        ordered_killers "$luck" "$luck" >"$luck.old"
        { echo "$killer" && cat "$luck.old"; } | awk '!seen[$0]++' >"$luck"
        return
    done <"$work/order"
    outcome=survived
}

# ---- The run ---------------------------------------------------------------------------------------------------------

cd "$root" || exit 2
table=${table:-build/mutation.tsv}
mkdir -p "$(dirname "$table")" || exit 2
case $table in /*) ;; *) table=$root/$table ;; esac
case $page in '' | /*) ;; *) page=$root/$page ;; esac

# The table as a page, and the exit status.
account() {
    explained=$1/$survivors
    known=$1/$gaps
    [ -f "$explained" ] || explained=/dev/null
    [ -f "$known" ] || known=/dev/null
    awk -v parts="$parts" -v quick="$quick" -v at_most="$at_most" \
        -f "$tools/mutation-page.awk" "$explained" "$known" "$table" >"$work/page"
    status=$?
    [ -z "$page" ] || { cp "$work/page" "$page.new" && mv "$page.new" "$page"; } || exit 2
    sed -n '/^| all /p' "$work/page"
    exit $status
}

if [ "$jobs" -gt 1 ]; then
    tables=
    for job in $(seq "$jobs"); do
        tables="$tables $work/table.$job"
        "$tools/mutate.sh" -s "$job/$jobs" -r "$work/table.$job" -n "$per_file" -c "$at_most" ${quick:+-q} \
            ${hooks:+-x "$hooks"} $parts &
        pids="${pids:-} $!"
    done
    for pid in $pids; do
        wait "$pid"
        [ $? -lt 2 ] || { kill $pids 2>/dev/null; exit 2; }
    done
    cat $tables >"$table"
    account "$root"
fi

tar cf - --exclude ./build --exclude ./.git . | tar xf - -C "$tree" || exit 2
cd "$tree" || exit 2
echo "mutate: building the copy" >&2
prepare || { echo "mutate: the tree does not build" >&2 && exit 2; }

# Of the files every Nth, beginning with number K.
of_shard() {
    [ -n "$shard" ] || { cat && return; }
    awk -F '\t' -v k="${shard%/*}" -v n="${shard#*/}" '!($1 in at) { at[$1] = files++ } at[$1] % n == k - 1'
}

for part in $parts; do list "$part"; done | of_shard >"$work/list" || exit 2
total=$(wc -l <"$work/list")
[ "$total" -gt 0 ] || { echo "mutate: nothing to break" >&2 && exit 2; }

# What fails without a mutant proves nothing.
: >"$work/red"
cut -f1 "$work/list" | sort -u | while read -r file; do killers "$file"; done | sort -u >"$work/all"
while read -r killer; do
    begun=$(date +%s)
    if passes "$killer"; then
        [ -n "$quick" ] || continue
        case $killer in
        test_kb_* | test_yaml_* | test_schema | test_layout | test_scrub | test_site_*) slow=1 ;;
        test_facts_*) slow=0 ;; # however busy the machine is
        *) slow=$(($(date +%s) - begun > 1)) ;;
        esac
        [ "$slow" = 0 ] || echo "$killer" >>"$work/red"
        continue
    fi
    echo "mutate: $killer fails on the unbroken tree and is left out" >&2
    echo "$killer" >>"$work/red"
done <"$work/all"

: >"$table"
n=0
previous=
while IFS=$tab read -r file first last operator must new; do
    n=$((n + 1))
    if [ "$file" != "$previous" ]; then # the one before is built again as it was
        if [ -n "$previous" ] && ! build "$previous"; then
            echo "mutate: $previous does not build any more" >&2
            exit 2
        fi
        cp "$file" "$work/kept/file" || exit 2
        previous=$file
    fi
    apply
    before=$(sed -n "${first},${last}p" "$work/kept/file" | short)
    after=$(printf %s "$new" | short)
    try
    cp "$work/kept/file" "$file"
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' \
        "$file" "$first" "$operator" "$outcome" "$by" "$before" "$after" >>"$table"
    if [ "$outcome" = survived ]; then echo "$file:$first: $operator survived: $before"; fi
    [ $((n % 50)) = 0 ] && echo "mutate: $n of $total" >&2
done <"$work/list"
build "$previous"
diff -rq "$root" "$tree" --exclude build --exclude .git >/dev/null ||
    echo "mutate: the tree was changed by somebody while this ran" >&2

[ -z "$shard" ] || exit 0
account "$tree"
