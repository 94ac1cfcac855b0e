#!/bin/sh
# The signature: the same for crashes of the same kind, whatever the addresses; what it passes over can be edited.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

signature() { "$stopcode" --kb "$1" --format json "$2" | sed -n 's/.*"signature": "\(.*\)",$/\1/p'; }

paste() { # ADDRESS OFFSET ARG1
    cat <<END
BugCheck D1, {$3, 2, 0, $1}
2: kd> k
Child-SP          RetAddr           Call Site
fffff880\`0331a5d8 fffff800\`02ad5169 nt!KeBugCheckEx
fffff880\`0331a5e0 fffff800\`02ad3de0 nt!KiBugCheckDispatch+0x69
fffff880\`0331a720 fffff880\`04a11$2 nt!KiPageFault+0x260
fffff880\`0331a8b0 fffff880\`04a22222 acmedisk!ReadBlock+0x$2
fffff880\`0331a8e0 00000000\`00000000 acmedisk!Start+0x10
END
}
paste fffff88004a11123 123 18 >one.txt
paste fffff88004a99456 456 28 >two.txt

make_rules tree
rm -rf tree/kb/reference/terms
mkdir tree/kb/reference/terms
printf 'term\tname\tmeaning\nnt!*\tkernel\tthe kernel\n' >tree/kb/reference/terms/signature-skip.tsv
is "$(signature tree one.txt)" "0xD1_acmedisk!ReadBlock" "the first frame behind those that are passed over"
is "$(signature tree two.txt)" "$(signature tree one.txt)" "other addresses, the same signature"

printf 'term\tname\tmeaning\n0xD1 1=0x18\t-\ta sub-code for this test\n' >tree/kb/reference/terms/parameter.tsv
is "$(signature tree one.txt)" "0xD1_18_acmedisk!ReadBlock" "a sub-code that the tables list is part of it"
is "$(signature tree two.txt)" "0xD1_acmedisk!ReadBlock" "a parameter that is none is not"

printf 'term\tname\tmeaning\nacmedisk!Read*\tx\treads\nnt!*\tkernel\tthe kernel\n' \
    >tree/kb/reference/terms/signature-skip.tsv
is "$(signature tree two.txt)" "0xD1_acmedisk!Start" "the list can be edited"
printf 'term\tname\tmeaning\nacmedisk!*\tx\treads\nnt!*\tkernel\tthe kernel\n' \
    >tree/kb/reference/terms/signature-skip.tsv
is "$(signature tree two.txt)" "0xD1_nt!KiPageFault" "all passed over: the first frame of the stack that matters"
done_testing
