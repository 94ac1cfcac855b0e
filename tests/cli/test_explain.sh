#!/bin/sh
# stopcode explain: every spelling of everything that the knowledge base knows.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

says() { # TEXT TOPIC...
    text=$1
    shift
    exits 0 "explain $*" explain "$@"
    contains "$(tr -s ' \n' '  ' <out)" "$text" "explain $*: $text"
}
power="0x9F DRIVER_POWER_STATE_FAILURE bug check"
for topic in 0x9F 0x9f 9F 9fh 159 0x0000009F DRIVER_POWER_STATE_FAILURE driver_power_state_failure \
    "driver power state failure" "STOP 0x9F" "bug check 9f" "stop code: driver power state failure"; do
    says "$power" "$topic"
done
says "$power" driver power state failure
says "A driver kept a power transition from ending" 9f
says "0x9F/pnp-lock-held:" 9f
says "Parameter 1 of this value 0x4 " 0x9F 4
says "2 time-out (s)" 0x9F 4
is "$(grep -c 'IRP held too long' out)" 0 "other values are left out"
says "Nothing is known about the value 0x77" 0x9F 77
says "0x7E SYSTEM_THREAD_EXCEPTION" 0x7e
says "0x1000007E SYSTEM_THREAD_EXCEPTION_NOT_HANDLED_M" 1000007E
says "STATUS_IN_PAGE_ERROR status code" 0xc0000006
says "STATUS_IN_PAGE_ERROR status code" ffffffffc0000006
says "STATUS_IN_PAGE_ERROR status code" -- -1073741818
says "STATUS_IN_PAGE_ERROR status code" in_page_error
says "!locks debugger command" '!locks'
says "!locks debugger command" locks
says "0x9F/pnp-lock-held" '!locks'
says "k debugger command" kv
says "nvlddmkm module NVIDIA" nvlddmkm
says "nvlddmkm module NVIDIA" NVLDDMKM.SYS
says "flushes address ranges" KeFlushMultipleRangeTb
says "flushes address ranges" 'nt!KeFlushMultipleRangeTb+0x2a4'
says "That is true of all that begin as nt!" 'nt!KiIpiNobodyKnowsThisOne'
says "0x9F/pnp-lock-held A driver holds" pnp-lock-held
says "owner-irp, makes it likely (\`!thread ARG3\`)" 0x9f/PNP-LOCK-HELD
says "Contention Count label" "contention count"
says "lock table of facts" lock

exits 1 "nothing is known" explain zzyzx
is "$out" "" "nothing on standard output"
contains "$err" 'nothing is known about "zzyzx"' "it says so"
for pair in "nvlddmk:nvlddmkm" "!lock:!locks" "DRIVER_POWR_STATE:DRIVER_POWER_STATE_FAILURE" \
    "pnp-lock-hold:pnp-lock-held"; do
    run explain "${pair%%:*}"
    contains "$err" "did you mean \"${pair#*:}\"?" "${pair%%:*} is near to ${pair#*:}"
done
exits 2 "no topic" explain
done_testing
