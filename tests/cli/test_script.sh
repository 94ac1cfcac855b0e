#!/bin/sh
# stopcode script: commands for the debugger, and nothing else.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"
make_rules tree
STOPCODE_KB=$work/tree
export STOPCODE_KB

# The commands that the debugger would run: lines without a comment, an echo, the log.
commands() { grep -v -e '^\$\$' -e '^\.echo ' -e '^\.log' out; }

exits 0 "for a bug check" script 0x9F
# shellcheck disable=SC2016  # $$ begins a remark of the debugger
says='$$ Collects what stopcode wants to see for 0x9F DRIVER_POWER_STATE_FAILURE.'
is "$(head -1 out)" "$says" "it says what it is for"
contains "$(commands)" "!locks" "it asks for what the rule wants"
contains "$(commands)" "!analyze -v" "and for what every crash needs"
is "$(commands | sort | uniq -d)" "" "nothing twice"
is "$(grep -c '^\$\$.*;' out)" 0 "a comment ends nowhere early"
is "$(commands | sed 's/^/.echo kd> /')" "$(grep '^\.echo ' out)" "every command is echoed behind a prompt"
cp out first
exits 0 "for a name" script driver power state failure
is "$(cat out)" "$(cat first)" "any spelling does"
exits 0 "for a rule" script test-rule
contains "$(commands)" "!locks" "a rule's commands"
exits 2 "for neither" script zzyzx
contains "$err" "is no file, no bug check and no rule" "it says what is wrong"
exits 2 "for a misspelt name" script DRIVER_POWER_STATE_FAILUR
contains "$err" 'did you mean "DRIVER_POWER_STATE_FAILURE"?' "the nearest name"

# What the debugger writes into the log is read back: prompts come from the echoes.
{
    echo "Opened log file 'stopcode.log'"
    echo "kd> .bugcheck"
    echo "Bugcheck code 0000009F"
    echo "Arguments 00000000\`00000004 00000000\`00000258 fffffa80\`07005660 fffff800\`053e83d0"
    echo "kd> !locks"
    sed -n '/^KD: /,$p' crash.txt
    echo "Closing open log file stopcode.log"
} >stopcode.log
exits 0 "the log" stopcode.log
contains "$out" "lock owner: lock = nt!PiEngineLock" "the log proves what the session proved"

# ---- Of a paste only what is missing, and nothing that it smuggles ----

sed -n 2p crash.txt >head.txt
exits 0 "a paste that lacks something" script head.txt
is "$(commands)" "!locks" "only what is missing"
exits 1 "a paste that lacks nothing" script crash.txt
is "$out" "" "no script"
contains "$err" "nothing more is needed" "it says so"

sed 's/^    ask: .*/    ask: "!thread {{what}}"/
     s/^  sync-timeout:/  found:\
    text: {command: "!locks", pattern: "owner is (?<what>.*)"}\
&/' tree/rules/0x9F/test-rule.md >rule.md
mv rule.md tree/rules/0x9F/test-rule.md
paste() {
    printf 'BugCheck 9F, {4, 258, fffffa8007005660, fffff800053e83d0}\n\n0: kd> !locks\nowner is %s\n' "$1" >p.txt
}
paste 'fffffa8007005660 3'
exits 0 "an address is filled in" script p.txt
is "$(commands)" "!thread fffffa8007005660 3" "as the paste has it"
# shellcheck disable=SC2016  # an alias of the debugger, not of the shell
for evil in 'x; .shell calc' 'x" ".shell calc' '@@c++(*(int*)0=1)' '${alias}' '{.shell calc}' 'x & .reboot' 'a=b' \
    'x > file' '$$><evil.txt'; do
    paste "$evil"
    run script p.txt
    is "$(cat out)" "" "nothing is made of $evil"
done
sed 's/"!thread {{what}}"/"{{what}}"/' tree/rules/0x9F/test-rule.md >rule.md
mv rule.md tree/rules/0x9F/test-rule.md
for evil in '.shell calc' '.reboot' 'ed fffff800 0' '.dump c:\x' 'eb 0 0' '.crash' 'r rip=0' 'a' 'qd' '.writemem'; do
    paste "$evil"
    run script p.txt
    is "$(cat out)" "" "no parser knows $evil: it is not run"
done
done_testing
