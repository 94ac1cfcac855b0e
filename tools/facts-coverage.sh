#!/bin/sh
# facts-coverage.sh FOLDER [PERCENT]: how much of the debugger output in a folder of samples the parsers read.
#
# Prints per sample its lines with text, those that a parser used, and its commands; then the lines that were skipped,
# and the sum. Lines of user-mode sessions, and samples without any output of a debugger, are counted apart: nothing
# reads them. Exit status 1 when the sum is below PERCENT. STOPCODE names the command, STOPCODE_KB its knowledge base;
# SKIPPED=0 leaves the skipped lines out.
set -u
folder=${1:?names the folder of samples}
least=${2:-0}
: "${STOPCODE:=build/release/stopcode}"
found=$(mktemp) || exit 2
trap 'rm -f "$found"' EXIT

for file in "$folder"/*.txt; do
    [ -f "$file" ] || continue
    printf '@ %s\n' "$(basename "$file" .txt)"
    "$STOPCODE" sections --color never --skipped "$file"
done >"$found"

awk -v least="$least" -v skipped="${SKIPPED:-1}" '
function flush() {
    if (name == "") return
    n_samples++
    if (foreign) { all_foreign += lines; n_foreign++; lines = read = 0; n_lines = 0; commands = "(no debugger output)" }
    printf "%5d of %5d  %-70s %s\n", read, lines, name, commands
    for (i = 1; skipped && i <= n_lines; i++) print "        " text[i]
    all_read += read; all_lines += lines; all_user += user
    if (lines && read < 0.95 * lines) n_below++
}
/^@ / { flush(); name = substr($0, 3); read = lines = user = foreign = n_lines = 0; commands = ""; mode = ""; next }
/^ *[0-9]+-[0-9]+ +[0-9]+ of +[0-9]+  / { # a section
    mode = /of +[0-9]+  user mode / ? "user" : "kernel"
    if (mode == "user") user += $4
    commands = commands (commands == "" ? "" : "; ") substr($0, 44)
    next
}
/^[0-9]+ sections?; [0-9]+ of [0-9]+ lines read/ { read = $3; lines = $5 - user; foreign = $1 == 0; next }
mode != "user" { text[++n_lines] = $0 }
END {
    flush()
    if (!all_lines) { print "no sample with debugger output in it"; exit 1 }
    percent = 100 * all_read / all_lines
    printf "%d samples: %d of %d lines read, %.1f %%; %d lines of user mode; %d lines in %d samples of no debugger; " \
        "%d samples below 95 %%\n", n_samples, all_read, all_lines, percent, all_user, all_foreign, n_foreign, n_below
    exit percent < least
}' "$found"
