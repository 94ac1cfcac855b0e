#!/bin/sh
# What goes in and comes out: exit statuses, messages, streams.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

# ---- Input that cannot be read ----

exits 2 "a missing file" absent.txt
contains "$err" "absent.txt" "a missing file is named"
contains "$err" "No such file" "and so is the reason"
is "$out" "" "nothing on standard output"

mkdir folder
exits 2 "a directory" folder
contains "$err" "folder: is a directory" "a directory is called one"

: >empty
exits 2 "an empty file" empty
contains "$err" "empty: is empty" "an empty file is called that"
"$stopcode" </dev/null >out 2>err
is "$?" 2 "empty standard input: exit status 2"
contains "$(cat err)" "standard input: is empty" "standard input is called by its name"

printf '\177ELF\002\001\001\000\000\000\000\000\000\000\000\000\003\000\076\000\001\000\000\000\200\377' >binary
exits 2 "a binary file" binary
contains "$err" "binary: " "a binary file is named"
is "$out" "" "nothing of a binary file is shown"

printf 'PAGEDU64\017\000\000\000' >memory.dmp
exits 2 "a crash dump" memory.dmp
contains "$err" "WinDbg" "a crash dump: what to do instead"

head -c 70000000 /dev/zero | tr '\0' 'a' >huge.txt
exits 2 "a file above the limit" huge.txt
contains "$err" "larger than 64 MB" "the limit is told"
rm huge.txt
"$stopcode" /dev/zero >out 2>err </dev/null
is "$?" 2 "a file without end is given up: exit status 2"

if [ "$(id -u)" != 0 ]; then
    echo x >secret
    chmod 0 secret
    exits 2 "a file without permission" secret
    contains "$err" "ermission" "permission is the reason"
else
    skip "root may read every file"
fi

# ---- Nothing recognised ----

exits 1 "prose" prose.txt
is "$(printf '%s\n' "$err" | wc -l | tr -d ' ')" 1 "prose: one line says so"
contains "$err" "prose.txt: This is not debugger output" "and says what"
is "$out" "" "prose: nothing on standard output"
exits 1 "prose as Markdown" --format markdown prose.txt
is "$out" "" "prose as Markdown: nothing on standard output"
exits 1 "prose as JSON" --format json prose.txt
contains "$out" '"crashes": []' "JSON is always printed"
exits 2 "a missing file as JSON" --format json absent.txt
contains "$out" '"crashes": []' "JSON is printed for a missing file too"
contains "$out" '"error": "No such file' "with the reason"

# ---- A user-mode session ----

cat >user.txt <<'END'
0:000> k
 # Child-SP          RetAddr               Call Site
00 00000000`0014f5d8 00007ff8`3f2a1b2c     ntdll!NtWaitForSingleObject+0x14
01 00000000`0014f5e0 00007ff8`41d37034     KERNELBASE!WaitForSingleObjectEx+0x8e
END
exits 1 "user mode" user.txt
contains "$err" "user.txt: This is a user-mode session" "and says so in one sentence"
is "$(printf '%s\n' "$err" | wc -l | tr -d ' ')" 1 "which is one line"
cat crash.txt user.txt >both.txt
exits 0 "a crash and a user-mode session" both.txt
contains "$(printf %s "$out" | tr -s '\n ' '  ')" "1 of user mode, which no rule looks at" "is said in the report"
exits 0 "the same as JSON" --format json both.txt
contains "$out" '"user_mode": true' "and in JSON"

# ---- A crash ----

exits 0 "a crash" crash.txt
contains "$out" "0x9F" "the bug check is shown"
is "$err" "" "nothing on standard error"
"$stopcode" <crash.txt >out 2>err
is "$?" 0 "a crash on standard input: exit status 0"
contains "$(cat out)" "0x9F" "and the bug check is shown"
"$stopcode" - <crash.txt >out2 2>err
is "$(cat out2)" "$(cat out)" "- is standard input"
"$stopcode" diagnose crash.txt >out2
is "$(cat out2)" "$(cat out)" "diagnose is what happens without a subcommand"
exits 0 "JSON" --format json crash.txt
contains "$out" '"schema": 1' "JSON: the schema"
contains "$out" '"code": "0x9F"' "JSON: the code"
contains "$out" '"0x258"' "JSON: a parameter"
exits 0 "Markdown" --format markdown crash.txt
contains "$out" "### 0x9F" "Markdown: the headline"
cp crash.txt ./-dash.txt
exits 0 "a file whose name begins with a dash" -- -dash.txt
cp crash.txt query
exits 0 "a file that is called like a subcommand" diagnose query

# ---- Several files ----

exits 0 "two files" crash.txt crash.txt
is "$(printf '%s\n' "$out" | grep -c '^crash.txt$')" 2 "two files: each under its name"
exits 2 "one of them missing" crash.txt absent.txt
contains "$out" "0x9F" "the other is diagnosed"
exits 1 "one of them prose" crash.txt prose.txt
exits 2 "three as JSON" --format json crash.txt absent.txt prose.txt
is "$(printf '%s\n' "$out" | sed -n '1p;$p' | tr -d '\n')" "[]" "several files make one JSON array"
is "$(printf '%s\n' "$out" | grep -c '^    "schema": 1,$')" 3 "with an object for each"
if command -v python3 >/dev/null 2>&1; then
    is "$(python3 -c 'import json; print(*[e["source"] for e in json.load(open("out"))])' 2>&1)" \
        "crash.txt absent.txt prose.txt" "which a JSON reader reads"
else
    skip "no python3 to read the JSON with"
fi

# ---- Output that cannot be written ----

if [ -c /dev/full ]; then
    "$stopcode" crash.txt >/dev/full 2>err
    is "$?" 2 "a full disk: exit status 2"
    contains "$(cat err)" "cannot write to standard output" "a full disk is reported"
    "$stopcode" --help >/dev/full 2>err
    is "$?" 2 "help to a full disk: exit status 2"
else
    skip "no /dev/full"
fi
# the reader is gone before the first byte is written
{
    sleep 0.3
    "$stopcode" crash.txt 2>err
    echo $? >status
} | true
sleep 0.6
while ! [ -s status ]; do sleep 0.2; done
is "$(cat status)" 2 "a closed pipe: exit status 2, no death by signal"
contains "$(cat err)" "cannot write to standard output" "a closed pipe is reported"
"$stopcode" crash.txt >&- 2>err
is "$?" 2 "closed standard output: exit status 2"
"$stopcode" <&- 2>err >out
is "$?" 2 "closed standard input: exit status 2"

# ---- Terminals and what must not reach them ----

esc=$(printf '\033')
{
    echo 'BugCheck 9F, {4, 258, fffffa8007005660, fffff800053e83d0}'
    printf 'Image name: \033]0;owned\007\033[31mevil.sys\nMODULE_NAME: a\033[2Jb\n'
} >escape.txt
for format in text json markdown; do
    run --all --format "$format" escape.txt
    lacks "$out$err" "$esc" "$format: no escape byte from the paste"
done
run --color always crash.txt
contains "$out" "$esc" "--color always: colours"
run crash.txt
lacks "$out" "$esc" "no colours into a pipe"
COLUMNS=100 run crash.txt
is "$(awk 'length > 100' out)" "" "COLUMNS: no line is wider"
contains "$(head -n 1 out)" "$(printf '%20s' '')" "and the width is used"
if command -v script >/dev/null 2>&1 && script -qec true /dev/null </dev/null >/dev/null 2>&1; then
    # the command on a terminal of its own; what is typed comes from a pipe
    printf 'no crash here\n\004' | script -qec "'$stopcode'" /dev/null >terminal 2>&1
    contains "$(cat terminal)" "paste the debugger's output here" "a terminal is told what to do"
    script -qec "'$stopcode' crash.txt" /dev/null </dev/null >terminal 2>&1
    contains "$(cat terminal)" "${esc}[" "colours on a terminal"
    NO_COLOR=1 script -qec "'$stopcode' crash.txt" /dev/null </dev/null >terminal 2>&1
    lacks "$(cat terminal)" "${esc}[" "NO_COLOR is honoured"
else
    skip "script(1) is absent or cannot make a terminal"
fi

done_testing
