# Lists what can be broken in the heads of rules, one mutant to a line, in the form of tools/mutants-c.awk. Operators:
#
#     clause      the clause is left out
#     args        other parameters are asked for
#     stack       a frame that no stack has is asked for first
#     never       the query returns no row; the linter would refuse a plain false
#     where       a condition of the query always holds (WHERE, HAVING, ON)
#     and         a condition joined with AND becomes one joined with OR
#     pattern     the text pattern matches nothing
#     excludes    what ruled the rule out is required, and the other way round
#     supports    what raised the confidence is required, or raises it to another level
#     confidence  the rule claims another confidence
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

function level(s) { return s == "possible" ? "certain" : "possible" }

function scan(   i, stable, in_clauses, end)
{
    stable = 0
    for (i = 2; i <= lines && text[i] != "---"; i++) {
        if (text[i] == "status: stable") stable = 1
        if (text[i] ~ /^[a-z]/) in_clauses = text[i] ~ /^clauses:/
        kind[i] = in_clauses && text[i] ~ /^  [^ #]/ ? "clause" : text[i] ~ /^[^ ]/ ? "key" : ""
        of_clauses[i] = in_clauses
    }
    if (!stable) return
    kind[i] = "key"
    end = i
    for (i = 2; i < end; i++) {
        if (kind[i] == "clause") clause(i)
        if (text[i] ~ /^confidence: /) put(i, i, "confidence", "confidence: " level(substr(text[i], 13)))
        if (text[i] ~ /^culprit: /) put(i, i, "culprit", "")
        if (text[i] ~ /^supersedes: \[/) put(i, i, "supersedes", "")
    }
}

function clause(first,   i, last, excludes, supports)
{
    for (last = first; kind[last + 1] == "" && last < lines; last++) continue
    put(first, last, "clause", "")
    excludes = supports = 0
    for (i = first + 1; i <= last; i++) {
        if (text[i] ~ /^    args:/) put(i, i, "args", "    args: {1: 0x7a7a7a}")
        if (text[i] ~ /^    pattern:/ || text[i] ~ /^    text:.*pattern:/) {
            excludes = text[i]
            sub(/pattern: *[\047"]?/, "&(*FAIL)", excludes)
            put(i, i, "pattern", excludes)
            excludes = 0
        }
        if (text[i] ~ /^    stack: \[/) put(i, i, "stack", "    stack: [\"nt!NoSuchFunction\", " substr(text[i], 13))
        if (text[i] ~ /^    excludes: true/) {
            excludes = 1
            put(i, i, "excludes", "")
        }
        if (text[i] ~ /^    supports: /) {
            supports = 1
            put(i, i, "supports", "")
            put(i, i, "supports", "    supports: " level(substr(text[i], 15)))
        }
        if (text[i] ~ /^    sql: \|/) i = block(i, last)
        else if (text[i] ~ /^    sql: /) line_of_sql(i)
    }
    if (!excludes && !supports) put(first, first, "excludes", text[first] "\037    excludes: true")
}

function line_of_sql(i,   sql)
{
    sql = substr(text[i], 10)
    put(i, i, "never", "    sql: SELECT * FROM (" sql ") WHERE line = -1")
    conditions(i)
}

function block(i, last,   first, all)
{
    first = i + 1
    all = "      SELECT * FROM ("
    for (i = first; i <= last && text[i] ~ /^      /; i++) {
        all = all "\037" text[i]
        conditions(i)
    }
    put(first, i - 1, "never", all "\037      ) WHERE line = -1")
    return i - 1
}

function conditions(i,   from, at, rest)
{
    for (from = 1; match(substr(text[i], from), /(^|[ (])(WHERE|HAVING|ON)[ ]/); from = at) {
        at = from + RSTART - 1 + RLENGTH
        put(i, i, "where", substr(text[i], 1, at - 1) "1 OR " substr(text[i], at))
    }
    for (from = 1; match(substr(text[i], from), /[ ]AND[ ]/); from = at) {
        at = from + RSTART - 1 + RLENGTH
        rest = substr(text[i], 1, at - 6)
        if (rest ~ /BETWEEN [^ ]*$/) continue
        put(i, i, "and", substr(text[i], 1, at - 5) "OR " substr(text[i], at))
    }
}
