#!/bin/sh
# tools/check-arrows.sh: a clean tree passes, and each kind of violation is found, with its place.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/tools/tap.sh
. "$here/tap.sh"
checker=$here/../../tools/check-arrows.sh
tree=$(mktemp -d) || exit 2
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/engine/base" "$tree/engine/facts" "$tree/engine/render" "$tree/kb" "$tree/site" "$tree/cli" \
    "$tree/tests/unit"

# write FILE LINE...: a source file of these lines.
write() (
    target=$tree/$1
    shift
    printf '%s\n' "$@" >"$target"
)
# repeat N: a file of N empty declarations, without a descriptor.
repeat() { awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) print "extern int x" i ";" }'; }

# finds FILE "MESSAGE" LINE...: with this file more the check fails, and says that first.
finds() {
    file=$1
    message=$2
    shift 2
    write "$file" "$@"
    output=$("$checker" "$tree" 2>&1)
    status=$?
    rm "$tree/$file"
    contains "[exit $status] $output" "[exit 1] $message" "found, $message"
}
passes() {
    file=$1
    shift
    write "$file" "$@"
    output=$("$checker" "$tree" 2>&1)
    is "$? $output" "0 " "allowed, $file: $(printf '%s\n' "$1" | head -n 1)"
    rm "$tree/$file"
}

output=$("$checker" "$tree" 2>&1)
is $? 2 "a tree without sources is an error, not a success"

write engine/base/span.h 'int span;'
write engine/base/span.c '#include "engine/base/span.h"' '#include <string.h>'
write engine/stopcode.h '#include "engine/base/span.h"'
write kb/kb.h '#include "engine/stopcode.h"'
write kb/store.c '#include "kb/kb.h"' '#include <sqlite3.h>' '#include <stdio.h>' 'void f(void) { printf("x"); }'
write cli/main.c '#include "kb/kb.h"' '#include "cli.h"' 'int main(void) { printf("x"); exit(1); }'
write cli/cli.h 'int cli;'
write tests/unit/test_x.c '#include "cli/cli.h"' '#include <sqlite3.h>'
output=$("$checker" "$tree" 2>&1)
is "$? $output" "0 " "a clean tree passes without a word"

finds engine/base/a.c 'engine/base/a.c:1: engine/base must not include engine: engine/stopcode.h' \
    '#include "engine/stopcode.h"'
finds engine/a.c 'engine/a.c:2: engine must not include kb: kb/kb.h' '' '#include "kb/kb.h"'
finds kb/a.c 'kb/a.c:1: kb must not include cli: cli/cli.h' '#include "cli/cli.h"'
finds kb/b.h 'kb/b.h:1: kb must not include site: site/site.h' '#  include "site/site.h"'
finds site/a.c 'site/a.c:1: site must not include cli: cli/cli.h' '#include "cli/cli.h"'
finds engine/a.c 'engine/a.c:1: includes are written from the root: ../kb/kb.h' '#include "../kb/kb.h"'
passes site/a.c '#include "kb/kb.h"' '#include "engine/stopcode.h"'

finds engine/a.c 'engine/a.c:1: sqlite3.h is only for files that match' '#include <sqlite3.h>'
finds cli/a.c 'cli/a.c:1: sqlite3.h is only for files that match' '#include <sqlite3.h>'
finds kb/a.c 'kb/a.c:1: cmark.h is only for files that match ^kb/markdown\.c$' '#include <cmark.h>'
finds kb/a.c 'kb/a.c:1: pcre2.h is only for files that match ^engine/pattern\.c$' '#include <pcre2.h>'
finds engine/a.c 'engine/a.c:1: yaml.h is only for' '#include <yaml.h>'
passes engine/facts_vtab.c '#include <sqlite3.h>'
passes engine/pattern.c '#include <pcre2.h>'
passes kb/markdown.c '#include <cmark.h>'

finds engine/a.c 'engine/a.c:1: engine must not call printf()' 'void f(void) { printf("x"); }'
finds engine/base/a.c 'engine/base/a.c:2: engine must not call fopen()' 'void f(void) {' ' x = fopen (name, "r");'
finds engine/a.c 'engine/a.c:1: engine must not call getenv()' 'char *f(void) { return getenv("HOME"); }'
finds engine/a.c 'engine/a.c:1: engine must not call time()' 'long f(void) { return time(0); }'
finds engine/a.c 'engine/a.c:1: engine must not call exit()' 'void f(void) { exit(1); }'
finds engine/a.c 'engine/a.c:1: engine must not call abort()' 'void f(void) { /* why */ abort(); }'
finds engine/a.c 'engine/a.c:1: engine must not use stderr' 'void f(void) { log(stderr); }'
finds engine/a.c 'engine/a.c:1: engine must not use <ctype.h>' '#include <ctype.h>'
finds engine/a.c 'engine/a.c:1: spans are not terminated, so no strtoul()' \
    'long f(char *p) { return strtoul(p, 0, 16); }'
finds engine/a.c 'engine/a.c:3: engine must not call printf()' '/* a comment' '*/ void f(void) {' 'printf("x"); }'
passes engine/a.c '/* never printf(), abort()' ' * or exit(1) */' '// getenv("x")' \
    'const char *s = "printf(\" time(0)";'
passes engine/a.c 'void f(char *p, size_t n) { snprintf(p, n, "x"); vsnprintf(p, n, "x", a); }'
passes engine/a.c 'int f(struct s *s) { return s->time(1) + s->o.exit(2) + my_time(3) + time_of(4); }'
passes engine/a.c "char c = '\"'; int f(void);" "char d = '\\''; int printf_like;"

finds engine/facts/big.c 'engine/facts/big.c:301: 301 lines, the limit is 300' \
    'const sc_command sc_command_big = {' "$(repeat 300)"
passes engine/facts/big.c 'const sc_command sc_command_big = {' "$(repeat 299)"
passes engine/facts/machinery.c "$(repeat 500)"
finds kb/big.c 'kb/big.c:801: 801 lines, the limit is 800' "$(repeat 801)"
finds tests/unit/big.c 'tests/unit/big.c:801: 801 lines, the limit is 800' "$(repeat 801)"
passes cli/big.h "$(repeat 800)"

done_testing
