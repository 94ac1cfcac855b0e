# shellcheck shell=sh
# TAP for shell tests: source it, say check or refuse for each case, and end with done_testing.
tap_n=0
tap_failed=0

# tap_result STATUS NAME [DETAIL]
tap_result() {
    tap_n=$((tap_n + 1))
    if [ "$1" = 0 ]; then
        echo "ok $tap_n - $2"
    else
        tap_failed=$((tap_failed + 1))
        echo "not ok $tap_n - $2"
        [ -z "${3-}" ] || printf '%s\n' "$3" | sed 's/^/# /'
    fi
}

skip() {
    tap_n=$((tap_n + 1))
    echo "ok $tap_n # SKIP $1"
}

# contains TEXT PART NAME: the text holds the part, literally.
contains() {
    case $1 in
    *"$2"*) tap_result 0 "$3" ;;
    *) tap_result 1 "$3" "expected: $2
got: $1" ;;
    esac
}

lacks() {
    case $1 in
    *"$2"*) tap_result 1 "$3" "not expected: $2
got: $1" ;;
    *) tap_result 0 "$3" ;;
    esac
}

# is GOT EXPECTED NAME
is() {
    if [ "$1" = "$2" ]; then tap_result 0 "$3"; else tap_result 1 "$3" "got $1, expected $2"; fi
}

done_testing() {
    echo "1..$tap_n"
    [ "$tap_failed" = 0 ]
    exit
}
