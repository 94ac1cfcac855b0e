#!/bin/sh
# tools/setup.sh on machines that are made up: a folder of commands is the whole PATH, and what the fake package manager
# and sudo are asked to do is written to a log.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/tools/tap.sh
. "$here/tap.sh"
setup=$here/../../tools/setup.sh
top=$(mktemp -d) || exit 2
trap 'rm -rf "$top"' EXIT
unset CC DEBIAN_FRONTEND

# fake NAME: standard input becomes a command of the machine.
fake() {
    { echo '#!/bin/sh'; cat; } >"$bin/$1"
    chmod +x "$bin/$1"
}

# A bare Debian machine: the usual commands, apt with empty lists, nobody is root, no sudo.
machine() {
    world=$top/$1
    bin=$world/bin
    mkdir -p "$bin" "$world/installed"
    : >"$world/log"
    for name in sh awk cat cp cut env mkdir rm sed sort tr wc grep; do ln -s "$(command -v "$name")" "$bin/$name"; done
    echo 'echo 1000' | fake id
    fake dpkg </dev/null
    fake apt-cache <<FAKE
[ -e "$world/lists" ]
FAKE
    fake apt-get <<FAKE
echo "apt-get \$* [\$DEBIAN_FRONTEND]" >>"$world/log"
case \$* in
*update*) : >"$world/lists" ;;
*install*)
    echo INSTALLING
    [ -e "$world/lists" ] || exit 100
    [ ! -e "$world/stale" ] || { rm "$world/stale" && exit 100; }
    for word; do
        case \$word in
        make | gcc | clang | pkg-config | clang-format | clang-tidy | shellcheck)
            cp "$world/tool-\$word" "$bin/\$word" 2>/dev/null || cp "$world/tool" "$bin/\$word" ;;
        lib*) : >"$world/installed/\$word" ;;
        esac
    done
    ;;
esac
FAKE
    printf '#!/bin/sh\n' >"$world/tool"
    cat >"$world/tool-gcc" <<FAKE
#!/bin/sh
[ -e "$world/installed/libc6-dev" ]
FAKE
    cat >"$world/tool-pkg-config" <<FAKE
#!/bin/sh
case \$2 in
sqlite3) name=libsqlite3-dev ;; libpcre2-8) name=libpcre2-dev ;; libcmark) name=libcmark-dev ;;
yaml-0.1) name=libyaml-dev ;; jansson) name=libjansson-dev ;; cmocka) name=libcmocka-dev ;;
esac
[ -e "$world/installed/\$name" ]
FAKE
    chmod +x "$world"/tool*
}
root() { echo 'echo 0' | fake id; }
with_sudo() {
    fake sudo <<FAKE
echo "sudo \$*" >>"$world/log"
exec "\$@"
FAKE
}
# run PURPOSE...: without a terminal. Sets output, status and log.
run() {
    output=$(PATH=$bin "$setup" "$@" 2>&1 </dev/null)
    status=$?
    log=$(cat "$world/log")
}

machine user
with_sudo
run build
is "$status" 1 "not root, no terminal: fails"
contains "$output" "missing packages (9):" "the list is counted"
contains "$output" "libsqlite3-dev   for build:" "the list says what each package is for"
lacks "$output" "libcmocka" "only what was asked for is listed"
contains "$output" "apt-get install --no-install-recommends make gcc libc6-dev pkg-config libsqlite3-dev libpcre2-dev \
libcmark-dev libyaml-dev libjansson-dev" "the command to run is printed"
is "$log" "" "sudo was not called, nothing was installed"

machine root
root
run build test
is "$status" 0 "as root: installs"
case $output in
*"missing packages"*libcmocka-dev*INSTALLING*) tap_result 0 "as root: the list is shown before the installation" ;;
*) tap_result 1 "as root: the list is shown before the installation" "$output" ;;
esac
is "$log" "apt-get -q update []
apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends make gcc libc6-dev pkg-config libsqlite3-dev \
libpcre2-dev libcmark-dev libyaml-dev libjansson-dev libcmocka-dev [noninteractive]" "empty lists are updated once"
run build test
is "$status:$output" "0:" "with everything there it is silent"
is "$(wc -l <"$world/log" | tr -d ' ')" 2 "with everything there nothing is called"
rm "$world/installed/libyaml-dev"
run build test
contains "$(cat "$world/log")" "install --no-install-recommends libyaml-dev [noninteractive]" \
    "only the missing one is installed"
is "$(grep -c update "$world/log")" 1 "lists that know the package are not updated again"

machine stale
root
: >"$world/lists"
: >"$world/stale"
run build
is "$status" 0 "lists that name files which are gone: updated, tried again"
is "$(cut -d' ' -f3 "$world/log" | tr '\n' ' ')" "-y update -y " "install, update, install"

machine broken
root
echo 'echo "apt-get $*" >>'"$world/log; case \$* in *install*) exit 100 ;; esac" | fake apt-get
: >"$world/lists"
run build
is "$status" 1 "an installation that fails is a failure"
contains "$output" "still missing after the installation" "and says so"

machine check
root
run --check build
is "$status:$(cat "$world/log")" "1:" "--check touches nothing, even as root"
run --check site
contains "$output" "install --no-install-recommends nodejs npm chromium" "the tests of the site bring their browser"

machine other
rm "$bin/apt-get" "$bin/apt-cache" "$bin/dpkg"
root
run build test lint fuzz
is "$status" 1 "another system: fails"
contains "$output" "not a Debian-like system" "another system: says why"
contains "$output" "the library that pkg-config calls yaml-0.1, with its headers" \
    "another system: what is missing, by purpose"
contains "$output" "the command clang-format" "another system: commands too"

machine compiler
output=$(CC=clang PATH=$bin "$setup" --check build 2>&1)
contains "$output" "clang            for build" "CC names the compiler that is looked for"

machine usage
run
is "$status:$output" "0:" "no purpose, nothing missing"
run nonsense
is "$status" 2 "an unknown purpose is a usage error"

# A terminal is needed to be asked; script(1) provides one.
if command -v script >/dev/null 2>&1 && script -qec true /dev/null </dev/null >/dev/null 2>&1; then
    terminal=$(command -v script)
    ask() {
        answer=$1
        output=$(printf '%s\n' "$answer" | "$terminal" -qec "env PATH='$bin' '$setup' build" /dev/null 2>&1)
        status=$?
        log=$(cat "$world/log")
    }
    machine no
    with_sudo
    ask n
    contains "$output" "Install them now, with sudo? [y/N]" "at a terminal it asks"
    is "$status:$log" "1:" "no: sudo is not called"
    contains "$output" "As root: apt-get install" "no: the command is printed"
    machine yes
    with_sudo
    ask y
    is "$status" 0 "yes: installed"
    contains "$log" "sudo env DEBIAN_FRONTEND=noninteractive apt-get" "yes: by sudo"
    machine nosudo
    ask y
    is "$status:$log" "1:" "without sudo it does not ask"
else
    skip "script(1) is absent or cannot make a terminal: the question was not tested"
fi

done_testing
