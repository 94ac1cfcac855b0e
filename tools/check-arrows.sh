#!/bin/sh
# Checks what the folders may use of each other: tools/check-arrows.sh [ROOT]
#
#   cli -> site -> kb -> engine -> engine/base     includes point to the right, never to the left
#   a library that is pinned to a few files is included by no other (the table `pin` below)
#   engine/ has no output, file, clock, environment, locale or exit
#   a parser stays under 300 lines, any other source file under 800
#
# Prints file:line: what is wrong, exit 1; exit 2 when there is nothing to check.
set -u
cd "${1:-$(dirname "$0")/..}" || exit 2

files=$(find engine kb site cli tests -type f \( -name '*.c' -o -name '*.h' \) 2>/dev/null | sort)
[ -n "$files" ] || {
    echo "check-arrows: no source files in $(pwd)" >&2
    exit 2
}

# shellcheck disable=SC2086  # one word per file; no name in the tree has a blank
awk '
BEGIN {
    n_layers = split("engine/base engine kb site cli", layer_name, " ")

    pin["sqlite3.h"] = "^(engine/(facts_vtab|sql_functions|rule_compile|rule_clause|query)\\.c|kb/.*|site/wasm/.*)$"
    pin["cmark.h"] = "^kb/markdown\\.c$"
    pin["pcre2.h"] = "^engine/pattern\\.c$"
    pin["yaml.h"] = "^kb/"
    pin["jansson.h"] = "^(engine/render/json\\.c|kb/|cli/)"

    # A pure library: memory in, memory out. snprintf and vsnprintf write to memory.
    n = split("printf vprintf fprintf vfprintf dprintf puts fputs fputc putc putchar fwrite fflush perror " \
              "fopen fdopen freopen fclose fread fgets fgetc getc getchar getline " \
              "remove rename tmpfile mkstemp popen system " \
              "getenv secure_getenv setenv time clock clock_gettime gettimeofday localtime gmtime strftime sleep " \
              "exit _exit _Exit quick_exit atexit abort raise signal setlocale rand srand random", word, " ")
    for (i = 1; i <= n; i++) impure[word[i]] = 1
    n = split("strtol strtoul strtoll strtoull strtod atoi atol atoll sscanf", word, " ")
    for (i = 1; i <= n; i++) unterminated[word[i]] = 1
    n = split("ctype.h wctype.h locale.h time.h unistd.h fcntl.h signal.h", word, " ")
    for (i = 1; i <= n; i++) impure_header[word[i]] = 1
}

function complain(text) { printf "%s:%d: %s\n", FILENAME, FNR, text; bad = 1 }

# Index of the innermost layer that holds the path, 0 for none (tests may use everything).
function layer_of(path,    i) {
    for (i = 1; i <= n_layers; i++)
        if (index(path, layer_name[i] "/") == 1) return i
    return 0
}

# The line without comments and without what stands in quotes. in_comment lives on to the next line.
function code_of(line,    out, token) {
    out = ""
    while (line != "") {
        if (in_comment) {
            if (!(i = index(line, "*/"))) return out
            line = substr(line, i + 2)
            in_comment = 0
            out = out " "
            continue
        }
        if (!match(line, /["\047]|\/\*|\/\//)) return out line
        token = substr(line, RSTART, RLENGTH)
        out = out substr(line, 1, RSTART - 1)
        line = substr(line, RSTART + RLENGTH)
        if (token == "//") return out
        if (token == "/*") { in_comment = 1; continue }
        if (token == "\"" ? match(line, /^([^"\\]|\\.)*"/) : match(line, /^([^\047\\]|\\.)*\047/)) {
            line = substr(line, RLENGTH + 1)
            out = out token token
        }
    }
    return out
}

function check_length(file, lines) {
    limit = 800
    # What declares a descriptor is a parser; the machinery beside the parsers is not.
    if (file ~ /^engine\/facts\/.*\.c$/ && descriptor) limit = 300
    if (lines > limit) { printf "%s:%d: %d lines, the limit is %d\n", file, lines, lines, limit; bad = 1 }
}

FNR == 1 {
    if (previous != "") check_length(previous, length_so_far)
    previous = FILENAME
    descriptor = in_comment = 0
    here = layer_of(FILENAME)
    folder = FILENAME
    sub(/[^\/]*$/, "", folder)
}
{ length_so_far = FNR }

/^(static )?const sc_command [a-z_0-9]+ *=/ { descriptor = 1 }

/^[ \t]*#[ \t]*include[ \t]*["<]/ {
    target = $0
    sub(/^[^"<]*["<]/, "", target)
    sub(/[">].*/, "", target)
    header = target
    sub(/.*\//, "", header)
    if ($0 ~ /"/ && target !~ /\//) target = folder target # beside the file that includes it
    if (here) {
        there = layer_of(target)
        if (there > here) complain(layer_name[here] " must not include " layer_name[there] ": " target)
        if ((header in pin) && FILENAME !~ pin[header]) complain(header " is only for files that match " pin[header])
        if (here <= 2 && (target in impure_header)) complain("engine must not use <" target ">")
        if (target ~ /(^|\/)\.\.?\//) complain("includes are written from the root: " target)
    }
    next
}

here == 1 || here == 2 {
    rest = code_of($0)
    while (match(rest, /[A-Za-z_][A-Za-z_0-9]*/)) {
        name = substr(rest, RSTART, RLENGTH)
        member = substr(rest, 1, RSTART - 1) ~ /(\.|->)[ \t]*$/
        rest = substr(rest, RSTART + RLENGTH)
        called = rest ~ /^[ \t]*\(/ && !member
        if (called && (name in impure)) complain("engine must not call " name "()")
        if (called && (name in unterminated)) complain("spans are not terminated, so no " name "()")
        if (name == "stdout" || name == "stderr" || name == "stdin") complain("engine must not use " name)
    }
}

END {
    if (previous != "") check_length(previous, length_so_far)
    exit bad
}' $files
