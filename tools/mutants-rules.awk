# Lists what can be broken in the heads of rules, one mutant to a line, in the form of tools/mutants-c.awk. An operator is
# followed by what `stopcode coverage` calls the same thing when it breaks it in memory, so that an explanation in
# corpus/coverage.tsv holds for both. Operators:
#
#     clause      the clause is left out
#     value       other parameters are asked for
#     frame       a frame that no stack has is asked for first
#     empty       the query returns no row, or the pattern matches nothing; the linter would refuse a plain false
#     condition   a condition of the query always holds (where: WHERE, HAVING, ON), or is joined by OR instead of AND (and)
#     effect      what ruled the rule out is required, and the other way round; what raised the confidence is required
#     level       the rule, or what raises its confidence, claims another confidence
#     culprit, supersedes  the line is left out
#
# Rules that are not stable are not evaluated, and so not broken.
FNR == 1 { finish() }
{ text[FNR] = $0; file = FILENAME; lines = FNR }
END { finish() }

function finish()
{
    if (file != "" && file !~ /\/index\.md$/) scan()
    lines = 0
}

function put(first, last, operator, new)
{
    printf "%s\t%d\t%d\t%s\t1\t%s\n", file, first, last, operator, new
}

# "0x9F/pnp-lock-held#owner": rule, and the clause that begins on line i
function item(i,   s)
{
    s = file
    sub(/^.*rules\//, "", s)
    sub(/\.md$/, "", s)
    if (!i) return s
    match(text[i], /[^ :]+/)
    return s "#" substr(text[i], RSTART, RLENGTH)
}

# A level beside s that says something else than s where the rule claims `floor` without it.
function level(s, floor)
{
    if (s == "certain") return "likely"
    if (floor == "likely" || floor == "certain") return "certain"
    return s == "likely" ? "possible" : "likely"
}

function scan(   i, stable, in_clauses, end)
{
    stable = 0
    confidence = ""
    for (i = 2; i <= lines && text[i] != "---"; i++) {
        if (text[i] == "status: stable") stable = 1
        if (text[i] ~ /^[a-z]/) in_clauses = text[i] ~ /^clauses:/
        kind[i] = in_clauses && text[i] ~ /^  [^ #]/ ? "clause" : text[i] ~ /^[^ ]/ ? "key" : ""
        if (text[i] ~ /^confidence: /) confidence = substr(text[i], 13)
    }
    if (!stable) return
    kind[i] = "key"
    end = i
    for (i = 2; i < end; i++) {
        if (kind[i] == "clause") clause(i)
        if (text[i] ~ /^confidence: /) put(i, i, "level " item(), "confidence: " level(confidence, ""))
        if (text[i] ~ /^culprit: /) put(i, i, "culprit " item(), "")
        if (text[i] ~ /^supersedes: \[/) supersedes(i)
    }
}

# Each of the rules that are hidden in turn.
function supersedes(i,   n, k, names, j, left)
{
    left = text[i]
    gsub(/^supersedes: \[|\].*$/, "", left)
    n = split(left, names, /, */)
    for (k = 1; k <= n; k++) {
        left = ""
        for (j = 1; j <= n; j++) if (j != k) left = left (left == "" ? "" : ", ") names[j]
        put(i, i, "supersedes " item() " " names[k], n == 1 ? "" : "supersedes: [" left "]")
    }
}

function clause(first,   i, last, excludes, supports, broken, raised)
{
    for (last = first; kind[last + 1] == "" && last < lines; last++) continue
    put(first, last, "clause " item(first), "")
    excludes = supports = wheres = ands = 0
    for (i = first + 1; i <= last; i++) {
        if (text[i] ~ /^    args:/) put(i, i, "value " item(first), "    args: {1: 0x7a7a7a}")
        if (text[i] ~ /^    pattern:/ || text[i] ~ /^    text:.*pattern:/) {
            broken = text[i]
            sub(/pattern: *[\047"]?/, "&(*FAIL)", broken)
            put(i, i, "empty " item(first), broken)
        }
        if (text[i] ~ /^    stack: \[/)
            put(i, i, "frame " item(first), "    stack: [\"nt!NoSuchFunction\", " substr(text[i], 13))
        if (text[i] ~ /^    excludes: true/) {
            excludes = 1
            put(i, i, "effect " item(first), "")
        }
        if (text[i] ~ /^    supports: /) {
            supports = 1
            put(i, i, "effect " item(first), "")
            raised = substr(text[i], 15)
            broken = level(raised, confidence)
            if (raises(raised) || raises(broken)) put(i, i, "level " item(first), "    supports: " broken)
        }
        if (text[i] ~ /^    sql: \|/) i = block(i, last, first)
        else if (text[i] ~ /^    sql: /) line_of_sql(i, first)
    }
    if (!excludes && !supports) put(first, first, "effect " item(first), text[first] "\037    excludes: true")
}

# More than the rule claims without it.
function raises(s) { return s == "certain" && confidence != "certain" || s == "likely" && confidence == "possible" }

function line_of_sql(i, first)
{
    put(i, i, "empty " item(first), "    sql: SELECT * FROM (" substr(text[i], 10) ") WHERE line = -1")
    conditions(i, first)
}

function block(i, last, clause_line,   first, all)
{
    first = i + 1
    all = "      SELECT * FROM ("
    for (i = first; i <= last && text[i] ~ /^      /; i++) {
        all = all "\037" text[i]
        conditions(i, clause_line)
    }
    put(first, i - 1, "empty " item(clause_line), all "\037      ) WHERE line = -1")
    return i - 1
}

# What stands before column `at`, with a blank at its end.
function before(s, at) { return substr(s, 1, at - 1) (substr(s, at - 1, 1) == " " ? "" : " ") }

function conditions(i, first,   from, at, rest)
{
    for (from = 1; match(substr(text[i], from), /(^|[ (])(WHERE|HAVING|ON)( |$)/); from = at) {
        at = from + RSTART - 1 + RLENGTH
        put(i, i, "condition " item(first) " where " ++wheres, before(text[i], at) "1 OR " substr(text[i], at))
    }
    for (from = 1; match(substr(text[i], from), / AND( |$)/); from = at) {
        at = from + RSTART - 1 + RLENGTH
        rest = substr(text[i], 1, from + RSTART - 1)
        if (rest ~ /BETWEEN [^ ]*( [-+*] [^ ]*)* $/) continue
        put(i, i, "condition " item(first) " and " ++ands, rest "OR " substr(text[i], at))
    }
}
