# shellcheck shell=sh
# What the tests of the command share: source it first. STOPCODE names the command, STOPCODE_KB its knowledge base.
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source=tests/tools/tap.sh
. "$here/../tools/tap.sh"

: "${STOPCODE:?names the command to test}"

absolute() { case $1 in /*) echo "$1" ;; *) echo "$PWD/$1" ;; esac }
stopcode=$(absolute "$STOPCODE")
STOPCODE_KB=$(absolute "${STOPCODE_KB:-$root}")
export STOPCODE_KB
unset NO_COLOR COLUMNS

work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2

# run ARGUMENT...: leaves the exit status, standard output and standard error in $status, $out and $err.
# shellcheck disable=SC2034  # for who sources this
run() {
    "$stopcode" "$@" >out 2>err </dev/null
    status=$?
    out=$(cat out)
    err=$(cat err)
}

# exits STATUS NAME ARGUMENT...
exits() {
    wanted=$1
    name=$2
    shift 2
    run "$@"
    is "$status" "$wanted" "$name: exit status $wanted"
}

cat >crash.txt <<'END'
0: kd> !analyze -v
BugCheck 9F, {4, 258, fffffa8007005660, fffff800053e83d0}

0: kd> !locks
KD: Scanning for held locks..

Resource @ nt!PiEngineLock (0xfffff80003492be0)    Exclusively owned
    Contention Count = 21
     Threads: fffffa8007005660-01<*>
18855 total locks, 1 locks currently held
END
cat >prose.txt <<'END'
Dear diary, today I went to the market and bought apples.
They were red and round, and cost next to nothing.
END

# make_rules FOLDER: a source tree with one rule.
make_rules() {
    mkdir -p "$1/rules/0x9F" "$1/kb"
    cp -R "$root/kb/reference" "$1/kb/reference"
    cat >"$1/rules/0x9F/index.md" <<'END'
---
title: DRIVER_POWER_STATE_FAILURE
code: 0x9F
---
## What it means

A driver kept the system from changing its power state.

## Usual causes

A driver.

## What to collect

`!locks`.
END
    cat >"$1/rules/0x9F/test-rule.md" <<'END'
---
title: A thread holds the lock that power changes need
bugcheck: 0x9F
status: stable
tier: proof
confidence: likely
clauses:
  sync-timeout:
    args: {1: 4}
  lock-owner:
    sql: |
      SELECT l.line, l.name AS lock FROM lock l JOIN lock_thread t USING (lock)
      WHERE t.role = 'owner' AND t.thread = :arg3
    ask: "!locks"
summary: "{{lock|A lock}} is held."
references: [https://learn.microsoft.com/windows-hardware/drivers/debugger/bug-check-0x9f--driver-power-state-failure]
---
## What happened

A thread holds a lock.

## Why

Power changes need it.

## Fix

1. Update the driver. (no risk)
END
}
