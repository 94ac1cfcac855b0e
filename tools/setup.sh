#!/bin/sh
# Finds out which packages are missing, shows them, and installs them where that is allowed.
#
#   tools/setup.sh [--check] PURPOSE...     purposes: build, test, lint, fuzz, wasm, site
#
# Nothing missing: silent, exit 0. Otherwise the list is shown first, and then
#   - as root on a Debian-like system the packages are installed;
#   - as anybody else at a terminal, sudo is used after a yes;
#   - else, and with --check, nothing is touched: the command to run is printed, exit 1.
# CC names the compiler to look for (default gcc).
set -u

CC=${CC:-gcc}
compiler=${CC%% *} # CC may be "gcc -m32"
compiler=${compiler##*/}

# purpose | probe | Debian package | what it is for
# Probes: cmd:NAME a command, pc:NAME a pkg-config module, cc:HEADER the compiler finds it, flag:OPTION a link works.
needs() {
    cat <<TABLE
build|cmd:make|make|runs the build
build|cmd:$CC|$compiler|the C compiler
build|cc:stdio.h|libc6-dev|headers of the C library
build|cmd:pkg-config|pkg-config|finds the libraries below
build|pc:sqlite3|libsqlite3-dev|facts as SQL tables, the knowledge base (SQLite)
build|pc:libpcre2-8|libpcre2-dev|regular expressions (PCRE2)
build|pc:libcmark|libcmark-dev|Markdown of the rule pages (cmark)
build|pc:yaml-0.1|libyaml-dev|YAML heads of rules and samples (libyaml)
build|pc:jansson|libjansson-dev|JSON reports (jansson)
test|pc:cmocka|libcmocka-dev|unit tests (cmocka)
wasm|cmd:clang|clang|compiles for WebAssembly
wasm|cmd:wasm-ld|lld|links WebAssembly
wasm|file:/usr/include/wasm32-wasi/stdio.h|wasi-libc|the C library for WebAssembly
wasm|rt:wasm32|libclang-rt-dev-wasm32|what the compiler itself calls, for WebAssembly
wasm|cmd:patch|patch|applies Debian's patches to the libraries' sources
wasm|cmd:xz|xz-utils|unpacks them
wasm|cmd:tclsh|tcl|makes one file of SQLite
wasm|cmd:node|nodejs|runs the module in its test
site|cmd:node|nodejs|runs the tests of the site
site|cmd:npm|npm|fetches the search and what the tests need
site|cmd:chromium|chromium|the browser of those tests
lint|cmd:clang-format|clang-format|checks the layout of the code
lint|cmd:clang-tidy|clang-tidy|finds suspicious code
lint|cmd:shellcheck|shellcheck|finds mistakes in the shell scripts
fuzz|cmd:clang|clang|the compiler that brings libFuzzer
fuzz|flag:-fsanitize=fuzzer|libclang-rt-dev|libFuzzer itself
TABLE
}

have() {
    case $1 in
    cmd:*)
        set -- "${1#cmd:}"
        command -v "${1%% *}" >/dev/null 2>&1
        ;;
    pc:*) command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "${1#pc:}" ;;
    cc:*) command -v "${CC%% *}" >/dev/null 2>&1 && echo "#include <${1#cc:}>" | $CC -E - >/dev/null 2>&1 ;;
    file:*) [ -e "${1#file:}" ] ;;
    rt:*)
        command -v clang >/dev/null 2>&1 || return 1
        runtime=$(clang -print-resource-dir 2>/dev/null) || return 1
        set -- "$runtime"/lib/*/libclang_rt.builtins-"${1#rt:}".a && [ -e "$1" ]
        ;;
    flag:*)
        command -v clang >/dev/null 2>&1 || return 1
        runtime=$(clang -print-runtime-dir 2>/dev/null) && set -- "$runtime"/libclang_rt.fuzzer*.a && [ -e "$1" ]
        ;;
    esac
}

check_only=
purposes=
for word; do
    case $word in
    --check) check_only=yes ;;
    build | test | lint | fuzz | wasm | site) purposes="$purposes $word" ;;
    *)
        echo "usage: tools/setup.sh [--check] build|test|lint|fuzz|wasm|site..." >&2
        exit 2
        ;;
    esac
done

# Prints the lines of the table whose probe fails.
missing() {
    needs | while IFS='|' read -r purpose probe package what; do
        case " $purposes " in *" $purpose "*) have "$probe" || echo "$purpose|$probe|$package|$what" ;; esac
    done
}

# The name that Debian gives a package today, where ours is only its family.
debian_name() {
    case $1 in
    libclang-rt-dev*)
        version=$(clang -dumpversion 2>/dev/null | cut -d. -f1)
        echo "libclang-rt-${version:-14}-dev${1#libclang-rt-dev}"
        ;;
    *) echo "$1" ;;
    esac
}

gone=$(missing)
[ -n "$gone" ] || exit 0

echo "stopcode: missing packages ($(printf '%s\n' "$gone" | wc -l | tr -d ' ')):" >&2
printf '%s\n' "$gone" | while IFS='|' read -r purpose probe package what; do
    printf '  %-16s for %-6s %s\n' "$(debian_name "$package")" "$purpose:" "$what" >&2
done

if ! command -v apt-get >/dev/null 2>&1 || ! command -v dpkg >/dev/null 2>&1; then
    cat >&2 <<'TEXT'
This is not a Debian-like system, so nothing was installed. The names above are Debian's; what has to be there:
TEXT
    printf '%s\n' "$gone" | while IFS='|' read -r purpose probe package what; do
        case $probe in
        cmd:*) echo "  the command ${probe#cmd:}" ;;
        pc:*) echo "  the library that pkg-config calls ${probe#pc:}, with its headers" ;;
        cc:*) echo "  the header <${probe#cc:}>, found by $CC" ;;
        flag:*) echo "  a clang that links with ${probe#flag:}" ;;
        esac >&2
    done
    exit 1
fi

packages=$(printf '%s\n' "$gone" | while IFS='|' read -r purpose probe package what; do debian_name "$package"; done)
packages=$(printf '%s\n' "$packages" | tr '\n' ' ')
packages=${packages% }
if [ -n "$check_only" ]; then
    echo "Install them with: apt-get install --no-install-recommends $packages" >&2
    exit 1
fi

# Runs apt-get as root; "$@" is the word that gets us there ("sudo"), or nothing.
# The lists of a fresh machine are empty and those of an old one name files that are gone: then they are updated, once.
install() {
    known=yes
    for package in $packages; do
        apt-cache show "$package" >/dev/null 2>&1 || known=
    done
    if [ -n "$known" ] && apt "$@"; then return 0; fi
    "$@" apt-get -q update </dev/null && apt "$@"
}
apt() {
    # shellcheck disable=SC2086  # one word per package
    "$@" env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends $packages </dev/null
}

if [ "$(id -u)" = 0 ]; then
    install >&2
elif [ -t 0 ] && [ -t 2 ] && command -v sudo >/dev/null 2>&1; then
    printf 'Install them now, with sudo? [y/N] ' >&2
    read -r answer || answer=
    case $answer in
    y | Y | yes | Yes) install sudo >&2 ;;
    *)
        echo "Nothing was installed. As root: apt-get install --no-install-recommends $packages" >&2
        exit 1
        ;;
    esac
else
    echo "Not root and nobody to ask, so nothing was installed. As root:" >&2
    echo "  apt-get install --no-install-recommends $packages" >&2
    exit 1
fi

gone=$(missing)
[ -z "$gone" ] && exit 0
echo "stopcode: still missing after the installation:" >&2
printf '%s\n' "$gone" | while IFS='|' read -r purpose probe package what; do echo "  $package ($what)" >&2; done
exit 1
