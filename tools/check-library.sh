#!/bin/sh
# Checks that a library has no mutable globals: tools/check-library.sh LIBRARY.a
# Tables of pointers are constant too (.data.rel.ro): what counts is the section. Prints what is wrong, exit 1.
set -u
library=$1
symbols=$(objdump -t "$library") || exit 2
printf '%s\n' "$symbols" | awk -v library="$library" '
    /^[^ ]+\.o:/ { object = $1 }
    # value flags section size name; symbols of size 0 only mark the start of a section
    match($0, /[ \t](\.data|\.bss|\.tdata|\.tbss)[.A-Za-z0-9_]*[ \t]|\*COM\*/) {
        section = substr($0, RSTART, RLENGTH)
        gsub(/[ \t]/, "", section)
        if (section ~ /^\.data\.rel\.ro/) next
        split(substr($0, RSTART + RLENGTH), rest, " ")
        if (rest[1] !~ /^0+$/) { printf "%s: %s %s is a mutable global\n", library, object, rest[2]; bad = 1 }
    }
    END { exit bad }'
