#!/bin/sh
# tools/check-text.sh and tools/check-library.sh find what they are for, and let the rest pass.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/tools/tap.sh
. "$here/tap.sh"
tools=$here/../../tools
tree=$(mktemp -d) || exit 2
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/engine" "$tree/corpus/0x9F" "$tree/docs"

# finds FILE "MESSAGE" FORMAT: with this text (of printf) in the file the check fails and says so.
finds() {
    # shellcheck disable=SC2059  # the format is the text
    printf "$3" >"$tree/$1"
    output=$("$tools/check-text.sh" "$tree" 2>&1)
    status=$?
    rm "$tree/$1"
    contains "[exit $status] $output" "[exit 1] $1:" "$1: $2"
    contains "$output" "$2" "$1: $2, in words"
}
passes() {
    # shellcheck disable=SC2059
    printf "$2" >"$tree/$1"
    output=$("$tools/check-text.sh" "$tree" 2>&1)
    is "$? $output" "0 " "$1: allowed"
    rm "$tree/$1"
}

"$tools/check-text.sh" "$tree" >/dev/null 2>&1
is $? 2 "a tree without files is an error, not a success"
echo 'a clean line' >"$tree/docs/clean.md"

slash=/
finds docs/a.md "a path of one machine" "see ${slash}home/somebody/x\n"
finds docs/a.md "trailing blanks" 'a \n'
finds docs/a.md "carriage return" 'a\r\n'
finds docs/a.md "tab" 'a\tb\n'
finds docs/a.md "merge conflict" '<<<<<<< ours\n'
finds docs/a.md "no newline at the end" 'a'
finds docs/a.md "an e-mail address" 'write to jane.doe@'"example.org today\n"
finds engine/a.c "unfinished work" '/* TO''DO: this */\n'
finds engine/a.c "more than 120 columns" '%0121d\n'
finds corpus/0x9F/a.txt "an e-mail address" 'from jane.doe@'"mail.example.org\r\n"
passes corpus/0x9F/a.txt 'a \r\n\tResource @ nt!PiEngineLock (0xfff) [d:\\\\x.c @ 120] Fn@8 no newline'
passes engine/a.c '/* %0114d */\n'
passes Makefile 'all:\n\tx\n'

if command -v objdump >/dev/null 2>&1; then
    compile() {
        cat >"$tree/x.c"
        ${CC:-gcc} -std=c17 -O1 -c "$tree/x.c" -o "$tree/x.o" && rm -f "$tree/x.a" && ar rcs "$tree/x.a" "$tree/x.o"
        output=$("$tools/check-library.sh" "$tree/x.a" 2>&1)
        status=$?
    }
    compile <<'C'
static const char *const names[] = {"a", "b"};
const char *name(int i) { return names[i]; }
C
    is "$status:$output" "0:" "constant tables are no mutable globals"
    compile <<'C'
int count = 1;
static int calls;
int next(void) { static _Thread_local int depth; return ++calls + ++depth; }
C
    is "$status" 1 "mutable globals are found"
    contains "$output" "count is a mutable global" "initialised ones"
    contains "$output" "calls is a mutable global" "zero ones, static"
    contains "$output" "depth" "thread-local ones"
else
    skip "objdump is absent: mutable globals were not looked for"
fi

done_testing
